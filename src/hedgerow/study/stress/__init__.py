"""The stress study: scenarios and margin."""
