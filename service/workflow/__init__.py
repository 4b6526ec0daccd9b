"""What can be done with documents, a verb each; doing it again is safe."""
