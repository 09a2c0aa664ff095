"""What is said of a data file that cannot be used."""

from __future__ import annotations


class DataProblem(Exception):
    """A data file does not hold the inputs of a graph; the message names file, column and row."""
