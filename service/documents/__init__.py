"""What any document is made of, and what a school may choose about its own."""
