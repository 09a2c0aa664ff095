"""Travelling through a replay: any bar, forwards or backwards, from the nearest state that was kept on the way."""

from __future__ import annotations

from functools import lru_cache

from compile.backend import Batch, Runner
from compile.check.run import bars_of
from dag.graphs.graph import Graph
from dag.values.words import Column
from dagc.debugging.why.moment import Moment, moment_of

#: Bars between the states that are kept: at most so many are run to get to a bar behind one that was visited.
KEPT_EVERY = 512
#: Bars whose values are remembered.
REMEMBERED = 64


class Travel:
    """The bars of a replay of `batch`, one instance. What is found does not depend on where one was before."""

    def __init__(self, graph: Graph, runner: Runner, batch: Batch) -> None:
        self.graph, self.runner, self.batch = graph, runner, batch
        self._states: list[dict[str, Column] | None] = [None if batch.state is None else dict(batch.state)]
        self._remembered = lru_cache(REMEMBERED)(self._moment)

    def at(self, bar: int) -> Moment:
        """Every value of a bar. Raises IndexError; Refused for a graph with values along an axis."""
        if not 0 <= bar < self.batch.bars:
            raise IndexError(f"bar {bar} is not in the run, which has bars 0 to {self.batch.bars - 1}")
        return self._remembered(bar)

    def _moment(self, bar: int) -> Moment:
        kept = bar // KEPT_EVERY
        while len(self._states) <= kept:
            first = (len(self._states) - 1) * KEPT_EVERY
            part = bars_of(self.batch, first, first + KEPT_EVERY, self._states[-1])
            self._states.append(dict(self.runner.run(part, []).state or {}))
        first = kept * KEPT_EVERY
        found = moment_of(self.graph, self.runner, bars_of(self.batch, first, bar + 1, self._states[kept]), bar - first)
        return Moment(self.graph, self.runner, bar, found.row, found.values)
