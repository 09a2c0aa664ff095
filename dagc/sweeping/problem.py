"""What is said of a sweep that cannot be run."""

from __future__ import annotations


class SweepProblem(Exception):
    """A search space, a setting or a reward is not usable; the message names which, what was expected and what to do."""
