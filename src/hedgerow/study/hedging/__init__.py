"""What studies of hedged books share: markets, books, and parts by name."""
