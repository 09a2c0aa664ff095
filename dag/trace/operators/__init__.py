"""Operators of a lane on nodes: arithmetic, comparisons, conditions."""
