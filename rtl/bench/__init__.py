"""Rows for a pipeline: the vectors of its test bench, and the order in which rows enter."""
