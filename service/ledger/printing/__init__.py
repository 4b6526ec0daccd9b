"""What is being printed or counted, whose turn it is, by which workers, how fast."""
