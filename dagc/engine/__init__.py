"""A kernel that is traded with: a journal of its bars, swaps that lose no state, and shadows beside it."""
