"""What every proof shares: terms, their laws, the comparison of an artifact with its graph, and its verdict."""
