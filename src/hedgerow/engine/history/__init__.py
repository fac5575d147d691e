"""Replays: one path from a history, for linear hedges and for books, and programmes that roll them."""
