"""A check: all backends of a lane or a bundle over the same rows, in one process or on many machines."""
