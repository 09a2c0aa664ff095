"""Lanes as users name them, with lanes in their slots: `FILE.py:LANE` and `--slot meta_boost=my.py:my_boost`, or the lane itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane, Lane
from dag.language.lift import lift, plain_function
from dag.language.slot import with_slots
from dagc.data.problem import DataProblem

#: What names a lane: `FILE.py:LANE`, or the lane itself, or a plain function, which is lifted.
Target = AnyLane | Callable[..., Any] | str


def lane_of(target: Target, slots: Sequence[str] = ()) -> AnyLane:
    """The lane that `target` is, other lanes in the slots named. Raises CompileError, DataProblem, TypeError."""
    lane = load_lane(target) if isinstance(target, str) else _in_hand(target)
    lanes: dict[str, AnyLane] = {}
    for slot in slots:
        name, equals, other = slot.partition("=")
        if not equals or not name.strip() or not other.strip():
            raise DataProblem(f"--slot {slot}: expected NAME=FILE.py:LANE, for example meta_boost=my.py:my_boost")
        if name.strip() in lanes:
            raise DataProblem(f"--slot {slot}: `{name.strip()}` has a lane already")
        lanes[name.strip()] = load_lane(other.strip())
    return with_slots(lane, **lanes) if lanes else lane


def shown(target: Target) -> str:
    """`target` as messages call it."""
    return target if isinstance(target, str) else _in_hand(target).name


def _in_hand(target: AnyLane | Callable[..., Any]) -> AnyLane:
    if isinstance(target, Lane):
        return target
    if plain_function(target) is None:
        raise TypeError(f"expected a lane, a plain function or the text FILE.py:LANE, got {target!r}")
    return lift(target)


def slots_of(graph: Graph) -> dict[str, str | None]:
    """The slots of a graph, each with the lane in it and where that stands, or None where it is empty."""
    found: dict[str, str | None] = {}
    for scope in graph.scopes:
        if scope.slot:
            found[scope.slot] = (
                None if scope.is_empty else f"{scope.lane} ({scope.span.at if scope.span else 'no source'})"
            )
    return dict(sorted(found.items()))


def slots_text(graph: Graph) -> list[str]:
    """A line for each slot."""
    found = slots_of(graph)
    width = max(map(len, found), default=0)
    return [f"{name:<{width}}  {held or 'empty: its neutral value'}" for name, held in found.items()]
