"""The frontier study: families of policies by cost and risk, on the same paths."""
