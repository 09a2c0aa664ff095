"""Debugging a value: its reading at a bar and where it came from; and pictures of graphs."""
