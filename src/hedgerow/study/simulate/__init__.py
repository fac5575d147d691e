"""The simulate study: a hedged book on many drawn paths."""
