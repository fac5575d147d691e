"""Linear hedges under stress: scenarios, moves, losses, contingency, reverse stress."""
