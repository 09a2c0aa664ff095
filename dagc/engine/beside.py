"""A candidate beside the kernel that is active: the same bars, and where the two differ."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dag.graphs.graph import STATUS, Graph
from dagc.debugging.tap_names import NameProblem
from dagc.live.inputs import InputProblem
from dagc.live.instance import Instance
from dagc.live.kernel import Kernel
from dagc.live.outputs import Outputs
from dagc.state.plan import Plan, Verdict

#: Differences kept of one output, for quantiles: of more, every second, every fourth, and so on.
MOST_KEPT = 1 << 14
#: Episodes that are listed.
MOST_EPISODES = 1000


@dataclass(slots=True)
class Difference:
    """Where one output of the candidate differs from that of the same name: how often, by how much, and the first time."""

    bars: int = 0
    first: int = -1
    active: Any = None
    candidate: Any = None
    _kept: list[float] = field(default_factory=list[float])
    _every: int = 1
    _seen: int = 0

    def add(self, bar: int, active: Any, candidate: Any) -> None:
        """Two values of bar `bar` that are not the same word."""
        if not self.bars:
            self.first, self.active, self.candidate = bar, active, candidate
        self.bars += 1
        if isinstance(active, tuple) or isinstance(candidate, tuple):
            return
        if self._seen % self._every == 0:
            self._kept.append(abs(float(candidate) - float(active)))
            if len(self._kept) == MOST_KEPT:
                self._kept = self._kept[::2]
                self._every *= 2
        self._seen += 1

    def quantiles(self, *at: float) -> list[float]:
        """Quantiles of the distances on the bars that differ; NaN where none is a number."""
        numbers = [each for each in self._kept if not math.isnan(each)]
        return [float(np.quantile(numbers, each)) if numbers else math.nan for each in at]


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A candidate, stepped on every bar after the active kernel. `engine.swap(beside)` makes it the active one."""

    kernel: Kernel
    instance: Instance
    plan: Plan
    since: int
    differences: dict[str, Difference] = field(default_factory=dict[str, Difference])
    episodes: list[list[int]] = field(default_factory=list[list[int]])
    #: The first value of a lane that differed, on the first bar that did: its name, and both values.
    first_tap: list[tuple[str, Any, Any]] = field(default_factory=list[tuple[str, Any, Any]])
    counts: dict[str, int] = field(default_factory=lambda: {"bars": 0, "differing": 0, "refused": 0})
    refusal: list[str] = field(default_factory=list[str])

    def step(self, bar: int, given: Any, active: Instance, said: Outputs) -> None:
        """One bar, which the active kernel has stepped already, with these outputs. What the candidate cannot take is counted."""
        try:
            self.instance.fill(inputs_for(self.instance.graph, given))
        except InputProblem as problem:
            self.counts["refused"] += 1
            self.refusal[:] = [str(problem)]
            return
        self.instance.tick()
        self.counts["bars"] += 1
        ours, theirs = words_of(active), words_of(self.instance)
        differing = [name for name, word in ours.items() if name in theirs and theirs[name] != word]
        if not differing:
            return
        found = self.instance.results()
        for name in differing:
            values = said[said.names.index(name)], found[found.names.index(name)]
            self.differences.setdefault(name, Difference()).add(bar, *values)
        self.counts["differing"] += 1
        if not self.episodes:
            self.first_tap[:] = first_difference(active, self.instance)
        if self.episodes and self.episodes[-1][1] == bar - 1:
            self.episodes[-1][1] = bar
        elif len(self.episodes) < MOST_EPISODES:
            self.episodes.append([bar, bar])

    def stray(self, active: Instance) -> list[str]:
        """The kept states whose words are not those of the active kernel: what an exact change of version never has."""
        graph, mine, theirs = self.instance.graph, state_words(self.instance), state_words(active)
        kept = {fate.name: fate.source for fate in self.plan.of(Verdict.KEPT)}
        assert graph is self.plan.new
        return [name for name, source in kept.items() if mine[name] != theirs[source]]

    def report(self) -> str:
        """What the candidate did so far, for people."""
        counts = self.counts
        share = counts["differing"] / counts["bars"] if counts["bars"] else 0.0
        lines = [
            f"{self.instance.graph.name} {self.instance.graph.content_hash[:12]} beside {self.plan.old.content_hash[:12]}",
            f"  {counts['bars']:,} bars from bar {self.since:,} on, {counts['differing']:,} differ ({share:.2%}), "
            f"in {len(self.episodes):,} episodes",
        ]
        if counts["refused"]:
            lines.append(f"  {counts['refused']:,} bars it could not take: {self.refusal[0].splitlines()[0]}")
        for name, value, other in self.first_tap:
            lines.append(f"  first   bar {self.episodes[0][0]:,}: `{name}` is {other!r}, active {value!r}")
        for name, each in self.differences.items():
            half, most = each.quantiles(0.5, 1.0)
            lines.append(
                f"  {name}  {each.bars:,} bars, first bar {each.first:,}: {each.candidate!r}, active {each.active!r}; "
                f"apart by {half!r} (median), {most!r} (most)"
            )
        return "\n".join(lines)


def inputs_for(graph: Graph, given: Any) -> Any:
    """What `graph` takes of a bar that other versions read too: of a mapping the inputs that it knows, else everything."""
    if not isinstance(given, Mapping):
        return given
    names = {port.name for port in graph.inputs}
    known = names | {name.partition(".")[0] for name in names}
    return {name: value for name, value in given.items() if name in known}


def words_of(instance: Instance) -> dict[str, bytes]:
    """The words of each output of the last step but the status, whose ports need not be the same."""
    return _by_name(
        instance.graph, [(o.name, o.node) for o in instance.graph.outputs if o.name != STATUS], instance.output_bytes
    )


def state_words(instance: Instance) -> dict[str, bytes]:
    """The words of each state."""
    graph = instance.graph
    return _by_name(graph, [(state.name, state.node) for state in graph.states], instance.state_bytes)


def _by_name(graph: Graph, named: list[tuple[str, int]], words: bytes) -> dict[str, bytes]:
    found, at = {}, 0
    for name, node in named:
        end = at + 8 * graph.types[node].size
        found[name], at = words[at:end], end
    return found


def first_difference(active: Instance, candidate: Instance) -> list[tuple[str, Any, Any]]:
    """The first variable, in the order of the candidate's computation, that both have and that differs on the last bar."""
    theirs = {tap.name for tap in active.graph.taps}
    for tap in sorted(candidate.graph.taps, key=lambda each: each.node):
        if tap.name not in theirs or candidate.graph.types[tap.node].is_memory:
            continue
        try:
            values = active.tap(f"variable:{tap.name}"), candidate.tap(f"variable:{tap.name}")
        except NameProblem:
            continue
        if not _same(*values):
            return [(tap.name, *values)]
    return []


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return struct.pack("<d", a) == struct.pack("<d", b) or (a != a and b != b)
    return bool(a == b)
