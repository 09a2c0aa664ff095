"""Proof by structure: emitted artifacts read back into terms and compared with the graph, for all inputs and all bars."""
