"""Several overlay rules on one market, judged beside each other; and the words that tail hedges share with them."""
