"""The compiled form: a program of stages on blocks of paths."""
