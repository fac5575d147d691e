"""effectiveness."""
