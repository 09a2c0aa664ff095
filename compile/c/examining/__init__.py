"""A compiled library as hosts meet it: every entry, every way of calling, and whether it is what its source compiles to."""
