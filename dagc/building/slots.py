"""Lanes with lanes in their slots, as the command line says it: `--slot meta_boost=my.py:my_boost`."""

from __future__ import annotations

from collections.abc import Sequence

from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.language.slot import with_slots
from dagc.data.problem import DataProblem


def lane_of(target: str, slots: Sequence[str] = ()) -> AnyLane:
    """The lane `FILE.py:LANE`, other lanes in the slots named. Raises CompileError, DataProblem."""
    lane = load_lane(target)
    lanes: dict[str, AnyLane] = {}
    for slot in slots:
        name, equals, other = slot.partition("=")
        if not equals or not name.strip() or not other.strip():
            raise DataProblem(f"--slot {slot}: expected NAME=FILE.py:LANE, for example meta_boost=my.py:my_boost")
        if name.strip() in lanes:
            raise DataProblem(f"--slot {slot}: `{name.strip()}` has a lane already")
        lanes[name.strip()] = load_lane(other.strip())
    return with_slots(lane, **lanes) if lanes else lane


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
