"""The volatility study: realised, implied and how they compare."""
