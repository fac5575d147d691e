"""The accounting study: the document on a hedging relationship."""
