"""The replay study: a hedged book on the history of a market."""
