"""Counters of a run, in memory that does not grow with it, and what they say."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compile.analysis.stages import Stage, stages
from compile.backend import Batch, Runner
from compile.check.run import bars_of
from compile.lint.silences import without_silence
from dag.graphs.graph import Graph
from dag.operators.op import Family, Op, Source
from dag.values.floating_point import standard
from dag.values.types import I64
from dag.values.words import Column, show, value_of, words_of_column
from dagc.debugging.health.mattering import OUTPUT, Bools, alive, mattered
from dagc.debugging.tap_names import TapNames

#: Values computed at once: what bounds the memory.
AT_ONCE = 1 << 22
#: A value is stuck where so long a run of one word has less than this probability, were its changes independent.
UNLIKELY = 1e-9
#: ... and where it is longer than so many times its longest run before.
LONGER = 3


@dataclass(slots=True)
class _Runs:
    """The runs of one word in a column: the present one, the longest before it, and how often the word changed."""

    word: int | None = None
    since: int = 0
    longest: int = 0
    changes: int = 0

    def update(self, words: Column, bars: Column) -> None:
        if not len(words):
            return
        if self.word is None:
            self.word, self.since = int(words[0]), int(bars[0])
        starts = np.flatnonzero(np.concatenate(([words[0] != np.uint64(self.word)], words[1:] != words[:-1])))
        if not len(starts):
            return
        begins = bars[starts]
        lengths = np.diff(np.concatenate(([self.since], begins)))
        self.longest = max(self.longest, int(lengths.max()))
        self.changes += len(starts)
        self.word, self.since = int(words[-1]), int(begins[-1])


@dataclass(frozen=True, slots=True)
class Stuck:
    """A value that stopped changing, while something that it is made of went on: from which bar, for how long, at what."""

    name: str
    value: str
    since: int
    bars: int
    changes: int
    at: str


@dataclass(frozen=True, slots=True)
class Still:
    """A value that never changed, though something that it is made of did."""

    name: str
    value: str
    at: str


@dataclass(frozen=True, slots=True)
class Born:
    """NaN that came out of operands none of which was NaN: where, on how many bars, and on which first."""

    name: str
    bars: int
    first: int
    at: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A condition by which something was chosen, on how many bars it was true, and the line that chooses."""

    name: str
    true: int
    at: str
    source: str


@dataclass(frozen=True)
class Health:
    """What a run says about the lanes that it ran."""

    graph: Graph = field(repr=False)
    bars: int
    rejected: int
    stuck: tuple[Stuck, ...]
    still: tuple[Still, ...]
    born: tuple[Born, ...]
    decisions: tuple[Decision, ...]
    #: Inputs on which no output depended on any bar, not even through a state.
    never_mattered: tuple[str, ...]
    #: Input -> on how many bars an output depended on it.
    mattered: Mapping[str, int]

    @property
    def one_sided(self) -> tuple[Decision, ...]:
        """Decisions that went the same way on every accepted bar."""
        accepted = self.bars - self.rejected
        return tuple(each for each in self.decisions if each.true in (0, accepted))


def health(graph: Graph, runner: Runner, batch: Batch, progress: Callable[[int], None] = lambda bars: None) -> Health:
    """The health of one instance over the bars of `batch`, rejected bars left aside; in memory that does not grow with them."""
    counting = _Counting(graph)
    length = max(AT_ONCE // max(len(graph), 1), 1)
    state = batch.state
    with standard(), np.errstate(all="ignore"):
        for start in range(0, batch.bars, length):
            part = bars_of(batch, start, min(start + length, batch.bars), state)
            result = runner.run(part, counting.nodes)
            state = result.state
            counting.update({node: result.nodes[node][:, 0] for node in counting.nodes}, start)
            progress(start + part.bars)
    return counting.found()


class _Counting:
    def __init__(self, graph: Graph) -> None:
        self._graph, self._names = graph, TapNames(graph)
        self.nodes = [n for n in range(len(graph)) if graph.constants[n] is None and not graph.types[n].is_array]
        ours = graph.status_scopes()
        named = dict.fromkeys((*(o.node for o in graph.outputs if o.node != graph.status), *(t.node for t in graph.taps if graph.owners[t.node] not in ours), *(i.node for i in graph.inputs)))  # fmt: skip
        self._runs = {node: _Runs() for node in named if node in set(self.nodes)}
        self._masks: dict[int, int] = {}
        self._bars_mattered = dict.fromkeys((port.node for port in graph.inputs), 0)
        self._born: dict[int, tuple[int, int]] = {}
        self._chooses = {node: by for node, by in _conditions(graph) if node in set(self.nodes)}
        self._true = dict.fromkeys(self._chooses, 0)
        self._bars = self._rejected = 0

    def update(self, columns: Mapping[int, Column], first: int) -> None:
        graph = self._graph
        bars = first + np.arange(len(next(iter(columns.values()))))
        accepted: Bools = np.ones(len(bars), np.bool_)
        if graph.status is not None:
            accepted = words_of_column(columns[graph.status], I64) == 0
        self._bars += len(bars)
        self._rejected += int((~accepted).sum())
        for node, runs in self._runs.items():
            runs.update(words_of_column(columns[node], graph.types[node])[accepted], bars[accepted])
        for node in self._true:
            self._true[node] += int((columns[node].astype(np.bool_) & accepted).sum())
        self._count_births(columns, accepted, bars)
        for node, masks in mattered(graph, columns, accepted).items():
            self._masks[node] = self._masks.get(node, 0) | int(np.bitwise_or.reduce(masks))
            if node in self._bars_mattered:
                self._bars_mattered[node] += int(((masks >> np.uint64(OUTPUT)) & np.uint64(1)).sum())

    def _count_births(self, columns: Mapping[int, Column], accepted: Bools, bars: Column) -> None:
        graph = self._graph
        nan = {node: np.isnan(columns[node]) for node in self.nodes if graph.types[node].is_float}
        for node, is_nan in nan.items():
            if not isinstance(graph.ops[node], Op) or not is_nan.any():
                continue
            inherited = [nan[arg] for arg in graph.args[node] if arg in nan]
            born = is_nan & accepted & ~(np.logical_or.reduce(inherited) if inherited else np.zeros_like(is_nan))
            if born.any():
                count, first = self._born.get(node, (0, int(bars[born][0])))
                self._born[node] = count + int(born.sum()), first

    # --- what it comes to -----------------------------------------------------------------------------------------

    def found(self) -> Health:
        graph, accepted = self._graph, self._bars - self._rejected
        live, behind = alive(graph, self._masks), _inputs_behind(graph)
        last_changed = {port.node: self._runs[port.node].since for port in graph.inputs if port.node in self._runs}
        moved = {node for node in last_changed if self._runs[node].changes}
        stuck, still = list[Stuck](), list[Still]()
        for node, runs in self._runs.items():
            if (isinstance(graph.ops[node], Source) and node not in moved) or runs.word is None:
                continue
            name, value, at = self._names.spelling(node), self._shown(node, runs.word), self._at(node)
            if not runs.changes:
                if behind[graph.passed_on(node)] & moved:
                    still.append(Still(name, value, at))
            elif _is_stuck(runs, self._bars, accepted) and (
                node in last_changed
                or any(last_changed[each] > runs.since for each in behind[graph.passed_on(node)] & moved)
            ):
                stuck.append(Stuck(name, value, runs.since, self._bars - runs.since, runs.changes, at))
        inputs = {port.node: port.name for port in graph.inputs}
        return Health(
            graph=graph,
            bars=self._bars,
            rejected=self._rejected,
            stuck=tuple(sorted(stuck, key=lambda each: (each.since, each.name))),
            still=tuple(still),
            born=tuple(Born(self._names.spelling(n), count, first, self._at(n)) for n, (count, first) in self._born.items()),
            decisions=tuple(
                Decision(self._names.spelling(n), true, self._at(self._chooses[n]), self._source(self._chooses[n]))
                for n, true in self._true.items()
            ),
            never_mattered=tuple(name for node, name in inputs.items() if node not in live and node in self._bars_mattered),
            mattered={name: self._bars_mattered[node] for node, name in inputs.items()},
        )  # fmt: skip

    def _shown(self, node: int, word: int) -> str:
        type_ = self._graph.types[node]
        return show(value_of(word, type_), type_)

    def _source(self, node: int) -> str:
        span = self._graph.spans[node]
        return without_silence(span.text).strip() if span else ""

    def _at(self, node: int) -> str:
        span = self._graph.spans[self._graph.passed_on(node)]
        return span.shown_at if span else ""


def _is_stuck(runs: _Runs, bars: int, accepted: int) -> bool:
    """Whether the present run of one word is too long for what the value did before it."""
    rate = runs.changes / accepted
    unlikely = math.inf if rate >= 1.0 else math.log(UNLIKELY) / math.log1p(-rate)
    return bars - runs.since > max(LONGER * runs.longest, unlikely)


def _conditions(graph: Graph) -> Iterator[tuple[int, int]]:
    """The conditions of the user's choices that are not settled when parameters are bound, each with the first that it decides."""
    ours, of_stage, seen = graph.status_scopes(), stages(graph), set[int]()
    for node in graph.operators():
        if graph.family(node) is not Family.CHOICE or graph.owners[node] in ours:
            continue
        condition = graph.args[node][0]
        if of_stage[condition] > Stage.BIND and condition not in seen:
            seen.add(condition)
            yield condition, node


def _inputs_behind(graph: Graph) -> dict[int, set[int]]:
    """The inputs that each node is made of, through states too."""
    behind: dict[int, set[int]] = {
        node: {node} if graph.ops[node] is Source.INPUT else set() for node in range(len(graph))
    }
    settled = False
    while not settled:
        settled = True
        for node in range(len(graph)):
            for arg in graph.args[node]:
                behind[node] |= behind[arg]
        for state in graph.states:
            if not behind[state.next] <= behind[state.node]:
                behind[state.node] |= behind[state.next]
                settled = False
    return behind


def as_json(found: Health) -> dict[str, Any]:
    """As JSON values."""
    from dataclasses import asdict

    listed = ("stuck", "still", "born", "decisions")
    return {
        "name": found.graph.name,
        "graph": found.graph.content_hash,
        "bars": found.bars,
        "rejected": found.rejected,
        **{name: [asdict(each) for each in getattr(found, name)] for name in listed},
        "never_mattered": list(found.never_mattered),
        "mattered": dict(found.mattered),
    }


def as_text(found: Health) -> str:
    """For a terminal: only what deserves a look."""
    accepted = found.bars - found.rejected
    lines = [f"{found.graph.name}: {found.bars:,} bars, {found.rejected:,} rejected"]
    lines += [
        f"  stuck           {each.name} = {each.value} since bar {each.since:,}, for {each.bars:,} bars, after {each.changes:,} changes  {each.at}"
        for each in found.stuck
    ]
    lines += [f"  never changed   {each.name} = {each.value}  {each.at}" for each in found.still]
    lines += [f"  never mattered  input {name}: no output depended on it on any bar" for name in found.never_mattered]
    lines += [
        f"  NaN born        {each.name}, on {each.bars:,} bars, the first {each.first:,}  {each.at}"
        for each in found.born
    ]
    lines += [
        f"  one way only    {'always' if each.true else 'never'} true: {each.name}  {each.at}  {each.source}"
        for each in found.one_sided
        if accepted
    ]
    return "\n".join(lines if len(lines) > 1 else [*lines, "  nothing to report"])
