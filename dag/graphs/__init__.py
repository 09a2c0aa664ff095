"""The graph: its tables, how one is built, copied, named, hashed and written to a file."""
