"""What can be seen of the work from outside: ids for the log, figures, traces; never a name."""
