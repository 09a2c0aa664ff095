"""Word-by-word comparison of backends."""
