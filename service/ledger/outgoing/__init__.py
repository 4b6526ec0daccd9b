"""What is told to others: their addresses, and events on their way there."""
