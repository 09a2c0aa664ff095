"""Calls: what is called, with what, and the body that is traced in place."""
