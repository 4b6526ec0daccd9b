"""Sessions of signing: who signs what, in which turn, with which key, and who refuses."""
