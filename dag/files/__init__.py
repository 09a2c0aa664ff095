"""Files of users: lanes found by path and name, read as Python reads them, and nothing but regular files."""
