"""The plan of a pipeline: which core computes each node, and in which cycle."""
