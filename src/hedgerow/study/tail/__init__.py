"""Tail hedges at equal cost: what each bleeds, what a sudden fall pays, what it did in every crisis."""
