"""Every lane of the library beside its reference function: what the tests of this folder run over.

One module per group of lanes, found by itself: it holds `ORACLES`, from the lane's name to its oracle. The lanes are found
by walking `lanes`, so one without an oracle is noticed.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import lanes
from dag.language.lane import AnyLane, Lane
from tests.lanes import plain_functions
from tests.lanes.oracle_kinds import Oracle, Row, named, one, pure

__all__ = ["LANES", "ORACLES", "Oracle", "Row", "named", "one", "pure"]

#: Groups whose lanes are not held here but in folders and files of their own: a whole sketch is compared, a correctly
#: rounded function with arbitrary precision, a policy is run as a whole, and slots are constants.
HELD_ELSEWHERE = {"distrack", "draws", "elementary", "policies", "slots"}


def _modules_in(package: ModuleType) -> dict[str, ModuleType]:
    found = pkgutil.iter_modules(package.__path__)
    return {each.name: importlib.import_module(f"{package.__name__}.{each.name}") for each in found}


def lanes_of_the_library() -> dict[str, AnyLane]:
    """Every lane that a folder of the library offers, by name, and the lanes that its plain functions are tested as."""
    groups = (
        group for name, group in _modules_in(lanes).items() if name not in HELD_ELSEWHERE and hasattr(group, "__path__")
    )
    offered = (*groups, plain_functions)
    return {each.name: each for group in offered for each in vars(group).values() if isinstance(each, Lane)}


LANES = lanes_of_the_library()
ORACLES: dict[str, Oracle] = {}
for _module in _modules_in(importlib.import_module(__name__)).values():
    assert not set(ORACLES) & set(_module.ORACLES), _module.__name__
    ORACLES |= _module.ORACLES
