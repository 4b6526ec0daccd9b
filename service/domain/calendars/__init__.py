"""When a school's documents fall due, and when somebody is reminded."""
