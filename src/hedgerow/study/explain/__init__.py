"""Studies that explain what a book made between two markets."""
