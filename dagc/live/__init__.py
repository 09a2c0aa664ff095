"""A kernel in a running process: bind, step, tap, snapshot and restore."""
