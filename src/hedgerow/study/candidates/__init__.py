"""The candidate study: instruments ranked."""
