"""A difference, once it is found: explained, made small, written down."""
