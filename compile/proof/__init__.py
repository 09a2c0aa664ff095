"""Proof by structure: emitted artifacts read back into terms and held against the graph, for all inputs and all bars."""
