"""Does a rule look ahead? Search, late and revised figures, decay by delay, warm-up."""
