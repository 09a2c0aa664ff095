"""A kernel in a running process: bind, step, tap, save and restore."""
