"""hedgers."""
