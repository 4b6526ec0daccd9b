"""What a class comes to: marks, averages, attendance, heads, results and decisions."""
