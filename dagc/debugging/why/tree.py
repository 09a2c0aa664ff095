"""The tree of what mattered: named values with their source lines; what has no name stands inside the value that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from compile.lint.silences import without_silence
from dag.operators.op import Op, Source
from dag.values.words import word_of
from dagc.debugging.assigned import assigned_at
from dagc.debugging.why.moment import Moment


@dataclass(frozen=True, repr=False)
class Why:
    """One named value, how it was come by, and the named values that mattered to it."""

    name: str
    value: str
    word: str
    unit: str
    #: `max, returned lev.1`; `input`, `param`, `state`; empty for what computes.
    how: str
    at: str
    source: str
    because: tuple[Why, ...] = ()
    #: Named operands that could not change it, alone or together.
    without: tuple[str, ...] = ()
    #: How many named values below were not followed: too deep, or shown above.
    more: int = 0
    parts: tuple[int, ...] = field(default=(), compare=False)

    def as_json(self) -> dict[str, Any]:
        """The tree as JSON values."""
        plain = {k: getattr(self, k) for k in ("name", "value", "word", "unit", "how", "at", "source", "more")}
        return {**plain, "without": list(self.without), "because": [each.as_json() for each in self.because]}

    def __repr__(self) -> str:
        return "\n".join(self._lines("", ""))

    def _lines(self, first: str, rest: str) -> Iterator[str]:
        unit = "" if self.unit == "1" else f" [{self.unit}]"
        said = "  ".join(
            each for each in (f"{self.name} = {self.value}{unit}", self.how and f"({self.how})", self.at) if each
        )
        yield f"{first}{said}"
        if self.source:
            yield f"{rest}{'│ ' if self.because else '  '}{self.source}"
        if self.without:
            yield f"{rest}{'│ ' if self.because else '  '}whatever {', '.join(self.without)}"
        for place, each in enumerate(self.because):
            is_last = place == len(self.because) - 1 and not self.more
            yield from each._lines(f"{rest}{'└─' if is_last else '├─'}", f"{rest}{'  ' if is_last else '│ '}")
        if self.more:
            yield f"{rest}└─... {self.more} more"


def why(moment: Moment, node: int, depth: int) -> Why:
    """The tree of `node`."""
    return _Grower(moment).grown(node, depth)


class _Grower:
    def __init__(self, moment: Moment) -> None:
        self._moment, self._graph = moment, moment.graph
        self._named = {tap.node for tap in self._graph.taps} | {output.node for output in self._graph.outputs}
        self._shown: set[int] = set()

    def grown(self, node: int, depth: int) -> Why:
        moment, graph = self._moment, self._graph
        self._shown.add(node)
        inner = moment.unguarded(node)
        self._shown.add(inner)
        kept, cut = self._operands(inner)
        below = [each for each in kept if each not in self._shown] if depth > 0 else []
        self._shown.update(below)
        type_ = graph.types[node]
        span = assigned_at(graph, inner, lambda condition: bool(moment.value(condition)))
        return Why(
            moment.names.spelling(node),
            moment.shown(node),
            f"0x{word_of(moment.value(node), type_):016x}" if moment.is_known(node) else "",
            graph.units[node],
            self._how(inner),
            span.at if span else "",
            without_silence(span.text).strip() if span and isinstance(graph.ops[node], Op) else "",
            tuple(self.grown(each, depth - 1) for each in below),
            tuple(dict.fromkeys(moment.names.spelling(each) for each in cut if each not in kept)),
            len(kept) - len(below),
            tuple(kept),
        )

    def _operands(self, node: int) -> tuple[list[int], list[int]]:
        """The named values that mattered to `node`, through what has no name, and those that did not."""
        kept: dict[int, None] = {}
        cut: dict[int, None] = {}
        pending, seen = [node], {node}
        while pending:
            at = pending.pop()
            if not isinstance(self._graph.ops[at], Op):
                continue
            chosen = self._moment.cut(at).kept
            for place, arg in reversed([*enumerate(self._graph.args[at])]):
                if arg in seen or arg in self._moment.guards or self._graph.constants[arg] is not None:
                    continue
                if place not in chosen:
                    if self._has_name(arg):
                        cut[arg] = None
                    continue
                seen.add(arg)
                if self._has_name(arg):
                    kept[arg] = None
                else:
                    pending.append(arg)
        ordered = sorted(kept)
        return ordered, sorted(each for each in cut if each not in kept)

    def _has_name(self, node: int) -> bool:
        return node in self._named or isinstance(self._graph.ops[node], Source)

    def _how(self, node: int) -> str:
        op = self._graph.ops[node]
        if not isinstance(op, Op):
            return op.name.lower()
        cut = self._moment.cut(node)
        if (
            self._moment.offender is not None
            and self._graph.args[node][:1]
            and self._graph.args[node][0] in self._moment.guards
        ):
            return f"the row was rejected: `{self._moment.offender}` was outside its domain"
        if cut.returned is None:
            return cut.note
        said = f"{op}: {cut.note}" if cut.note else str(op)
        returned = self._graph.args[node][cut.returned]
        name = self._moment.shown(returned) if self._graph.constants[returned] is not None else self._spelled(returned)
        return f"{said}, returned {name}" if name else said

    def _spelled(self, node: int) -> str:
        return self._moment.names.spelling(node) if self._has_name(node) else ""
