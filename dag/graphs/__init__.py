"""The graph: its tables, and how one is built, copied, named, hashed and written to a file."""
