"""Random graphs and random programs through every backend."""
