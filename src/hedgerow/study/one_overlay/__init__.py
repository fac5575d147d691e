"""One overlay on the user's own series: what its rule says today, and what it said on every date."""
