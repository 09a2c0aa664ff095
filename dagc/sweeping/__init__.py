"""A sweep: every binding of a declared space over the same bars, and which of them are better than luck."""
