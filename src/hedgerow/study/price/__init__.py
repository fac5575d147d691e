"""The price study: one option, a list, or a book."""
