"""Sampling of rows and of random graphs."""
