"""User files: lanes found by path and name, read as Python reads them, from regular files only."""
