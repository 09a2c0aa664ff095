"""Shared by all proofs: terms, their laws, the comparison of an artifact with its graph, and the verdict."""
