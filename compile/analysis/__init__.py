"""Static analysis of a graph: ranges, magnitudes, dependencies, normal forms."""
