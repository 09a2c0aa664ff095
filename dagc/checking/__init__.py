"""A check: the backends of a lane or a bundle over the same rows, by one process or many machines."""
