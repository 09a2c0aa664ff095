"""C functions that emitted text may call: on one row, on vectors, and on both."""
