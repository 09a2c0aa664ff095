"""Which core computes each node, and in which cycle."""
