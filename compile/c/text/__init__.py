"""The C text of a graph: its header, the row, the vectors, and the interface around them."""
