"""What is said of a population that cannot be run, resumed or read."""

from __future__ import annotations

from dagc.sweeping.problem import SweepProblem


class PopulationProblem(SweepProblem):
    """A record, a checkpoint, a setting or a policy is not usable; the message names which, what was expected and what to do."""
