"""The ratio study: what to hold, and how methods did."""
