"""Functions across the places of an axis: totals, standings and groups, each along any axis, `V -> V`.

A *member* is a place whose mask holds, where there is one, and whose value is not NaN. -0.0 equals 0.0. Each function says
what the others hold.
"""

from lanes.cross_section.extremes import argmax, argmin
from lanes.cross_section.groups import neutralise
from lanes.cross_section.members import Mask, count, members
from lanes.cross_section.scores import scale, zscore
from lanes.cross_section.standings import below, place, rank, sort
from lanes.cross_section.totals import mean, total

__all__ = [
    "Mask",
    "argmax",
    "argmin",
    "below",
    "count",
    "mean",
    "members",
    "neutralise",
    "place",
    "rank",
    "scale",
    "sort",
    "total",
    "zscore",
]
