"""Expressions of a lane: what is computed, names, items, and what loops go over."""
