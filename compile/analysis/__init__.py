"""What is known of the values of a graph: ranges, magnitudes, what depends on what, forms."""
