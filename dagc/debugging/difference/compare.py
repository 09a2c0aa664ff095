"""Where two runs part: the first bar, the values that differ though what they are made of agrees, and what followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, Runner
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dag.operators.op import Source
from dag.values.types import Type
from dag.values.words import Words, column_of_words, show, words_of_column
from dagc.debugging.difference.names import NamedValues

#: Values of a run that are kept at a time.
_WORDS_AT_ONCE = 1 << 22


@dataclass(frozen=True, slots=True)
class Replay:
    """One of two runs: a graph, what runs it, and the bars of one instance."""

    graph: Graph
    runner: Runner
    batch: Batch


@dataclass(frozen=True, slots=True)
class Parted:
    """One named value that differs: on how many bars, on which first, and what both runs said there."""

    name: str
    bars: int
    first: int
    was: str
    became: str
    at: str
    #: Of the frontier: `input`, `parameter`, `initial state`, `edited`, or `backend`, which is a defect of dagc; else empty.
    cause: str = ""
    #: How it was computed, and how it is, where it was edited.
    edit: tuple[str, str] | None = None


@dataclass(frozen=True, repr=False)
class Difference:
    """Two runs of graphs whose values are matched by name."""

    bars: int
    #: What differs though all that it is made of agrees, on the first bar on which anything does.
    frontier: Sequence[Parted]
    #: Everything else that differs, the earliest first.
    followed: Sequence[Parted]
    #: Named values of one run alone.
    gone: Sequence[str]
    new: Sequence[str]
    #: Bars that only one of the runs has.
    unmatched: int = 0

    @property
    def differs(self) -> bool:
        """Whether any value that both have differs, or one has bars or values that the other has not."""
        return bool(self.frontier or self.gone or self.new or self.unmatched)

    @property
    def is_defect(self) -> bool:
        """Whether equal programs on equal values computed different words."""
        return any(each.cause == "backend" for each in self.frontier)

    def as_json(self) -> dict[str, Any]:
        """The difference as JSON values."""
        return {
            "bars": self.bars,
            "unmatched": self.unmatched,
            "frontier": [asdict(each) for each in self.frontier],
            "followed": [asdict(each) for each in self.followed],
            "gone": list(self.gone),
            "new": list(self.new),
        }

    def __repr__(self) -> str:
        return "\n".join(self.lines(20))

    def lines(self, most: int) -> Iterator[str]:
        """The page: the frontier, then the first `most` that followed."""
        if self.unmatched:
            yield f"{counted(self.unmatched, 'bar')} only in one run; the first {self.bars:,} are compared"
        if not self.frontier:
            yield f"every value that both name is the same on {counted(self.bars, 'bar')}"
        else:
            yield f"they part at bar {self.frontier[0].first}, where these differ and all that they are made of agrees:"
            for each in self.frontier:
                yield f"  {each.name}: {each.was} -> {each.became}  ({each.cause})  {each.at}".rstrip()
                if each.edit is not None:
                    yield f"    was  {each.edit[0]}"
                    yield f"    is   {each.edit[1]}"
            yield f"{counted(len(self.followed), 'value')} followed:" if self.followed else "nothing followed"
            for each in self.followed[:most]:
                yield f"  {each.name}: {counted(each.bars, 'bar')}, the first {each.first} ({each.was} -> {each.became})"
            if len(self.followed) > most:
                yield f"  ... {len(self.followed) - most} more"
        for what, names in (("only in the first", self.gone), ("only in the second", self.new)):
            if names:
                yield f"{what}: {', '.join(names[:most])}{', ...' if len(names) > most else ''}"


def difference(a: Replay, b: Replay) -> Difference:
    """What differs between two runs, bar by bar, of values that have the same name and type in both."""
    one, other = NamedValues(a.graph), NamedValues(b.graph)
    shared = [
        name
        for name in other.nodes
        if name in one.nodes and a.graph.types[one.nodes[name]] == b.graph.types[other.nodes[name]]
    ]
    bars = min(a.batch.bars, b.batch.bars)
    parted: dict[str, Parted] = {}
    wrong: dict[str, NDArray[np.bool_]] = {}
    for name, was, became in _columns(a, b, one, other, shared, bars):
        differs = was != became
        if not differs.any():
            continue
        first, type_ = int(np.argmax(differs)), b.graph.types[other.nodes[name]]
        span = b.graph.spans[other.nodes[name]]
        told = [_shown(words[first], type_) for words in (was, became)]
        parted[name] = Parted(name, int(differs.sum()), first, told[0], told[1], span.at if span else "")
        wrong[name] = differs
    ordered = sorted(parted.values(), key=lambda each: (each.first, other.nodes[each.name]))
    frontier = _frontier(one, other, ordered, wrong)
    names = {each.name for each in frontier}
    return Difference(
        bars,
        frontier,
        [each for each in ordered if each.name not in names],
        [name for name in one.nodes if name not in shared],
        [name for name in other.nodes if name not in shared],
        max(a.batch.bars, b.batch.bars) - bars,
    )


def _frontier(
    one: NamedValues, other: NamedValues, ordered: Sequence[Parted], wrong: Mapping[str, NDArray[np.bool_]]
) -> list[Parted]:
    if not ordered:
        return []
    bar = ordered[0].first
    found: list[Parted] = []
    for each in ordered:
        if each.first != bar:
            break
        was, now = one.made_of(each.name), other.made_of(each.name)
        if any(name in wrong and wrong[name][bar] for name in now[1] | was[1]):
            continue
        kind = other.graph.ops[other.nodes[each.name]]
        edit = None
        match kind:
            case Source.INPUT:
                cause = "input"
            case Source.PARAM:
                cause = "parameter"
            case Source.STATE:
                cause = "initial state"
            case _:
                cause = "edited" if was[0] != now[0] else "backend"
                edit = (was[0], now[0]) if was[0] != now[0] else None
        found.append(Parted(each.name, each.bars, each.first, each.was, each.became, each.at, cause, edit))
    return found


def _columns(
    a: Replay, b: Replay, one: NamedValues, other: NamedValues, names: Sequence[str], bars: int
) -> Iterator[tuple[str, Words, Words]]:
    """Each value's words [bars] in both runs, some values at a time."""
    group = max(1, _WORDS_AT_ONCE // max(bars, 1))
    for first in range(0, len(names), group):
        part = names[first : first + group]
        left, right = (_words(run, of, part, bars) for run, of in ((a, one), (b, other)))
        yield from zip(part, left, right, strict=True)


def _words(run: Replay, of: NamedValues, names: Iterable[str], bars: int) -> list[Words]:
    nodes = [of.nodes[name] for name in names]
    found = run.runner.run(run.batch, list(dict.fromkeys(nodes))).nodes
    return [words_of_column(np.ascontiguousarray(found[node][:bars, 0]), run.graph.types[node]) for node in nodes]


def _shown(word: Any, type_: Type) -> str:
    return show(column_of_words(np.array([word], np.uint64), type_)[0].item(), type_)
