"""A difference after it is found: explained, minimised, saved."""
