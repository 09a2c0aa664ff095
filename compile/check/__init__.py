"""The comparison of backends, word by word."""
