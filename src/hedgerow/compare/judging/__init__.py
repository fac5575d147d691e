"""How a race is judged: tests, worth, stability, checks of the data, and the verdict."""
