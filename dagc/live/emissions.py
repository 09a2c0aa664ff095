"""What leaves the graph to act, each order once: the engine's side of `sink(key=...)`."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from compile.front import accepted
from compile.lint.gates import sinks_of
from dag.graphs.graph import Output
from dag.language.lane import AnyLane
from dag.language.marks import Sink
from dagc.live.outputs import Outputs

#: Of each sink so many orders are remembered; the one that was not seen for longest is forgotten first.
CAPACITY = 4096


class Emissions:
    """The orders of one instance. A kernel has no memory of what was sent; this has, and belongs to the engine.

    `repeats` counts, for each sink, the orders that were dropped because they had been sent: of the same key and value.
    `conflicts` counts those of a known key with another value, which are sent.
    """

    def __init__(self, lane: AnyLane, capacity: int = CAPACITY) -> None:
        """The sinks that the results of `lane` declare. Raises CompileError as a build does, ValueError for a capacity below 1."""
        if capacity < 1:
            raise ValueError(f"Emissions: a capacity of {capacity} remembers nothing; give at least 1")
        self._capacity = capacity
        self._sinks: dict[str, tuple[Output, str | None]] = {
            output.name: (output, mark.key)
            for output, claim in sinks_of(accepted(lane))
            for mark in claim.marks
            if isinstance(mark, Sink)
        }
        self._sent: dict[str, OrderedDict[int, Any]] = {name: OrderedDict() for name in self._sinks}
        self.repeats = dict.fromkeys(self._sinks, 0)
        self.conflicts = dict.fromkeys(self._sinks, 0)

    def send(self, outputs: Outputs) -> dict[str, Any]:
        """The sinks of one bar that act, with their values: not those that are idle, nor repeats. Nothing of a rejected row."""
        values = outputs.as_dict()
        acting: dict[str, Any] = {}
        for name, (output, key) in self._sinks.items():
            is_idle = outputs.rejected or values[name] == output.safe
            if not is_idle and (key is None or self._is_new(name, values[key], values[name])):
                acting[name] = values[name]
        return acting

    def _is_new(self, name: str, key: int, value: Any) -> bool:
        sent = self._sent[name]
        is_known = key in sent
        if is_known and sent[key] == value:
            self.repeats[name] += 1
            sent.move_to_end(key)
            return False
        self.conflicts[name] += is_known
        sent[key] = value
        sent.move_to_end(key)
        if len(sent) > self._capacity:
            sent.popitem(last=False)
        return True
