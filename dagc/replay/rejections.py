"""Rejected bars of a replay, counted by the port that rejected them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph, Input
from dag.values.types import Value
from dag.values.words import Column, Words, show, value_of, word_of, words_of_column


@dataclass(frozen=True, slots=True)
class RejectedPort:
    """The bars that one port rejected: how many, the first of them counted from 0, and the word the port had there.

    A bar belongs to the first port that is outside its domain, in the order of inputs and then parameters.
    """

    port: str
    bars: int
    first: int
    word: int


class Rejections:
    """All rejections up to some bar, the port that rejects the most bars first."""

    def __init__(self, graph: Graph, params: Mapping[str, Value], known: tuple[RejectedPort, ...] = ()) -> None:
        self._graph = graph
        self._params = params
        self._known = {each.port: each for each in known}

    def update(self, status: Words, chunk: Mapping[str, Column], first_bar: int) -> None:
        """Count the bars of `chunk`, whose first is `first_bar`, by their words of the status."""
        numbers, firsts, counts = np.unique(status, return_index=True, return_counts=True)
        for number, at, count in zip(numbers.tolist(), firsts.tolist(), counts.tolist(), strict=True):
            if not number:
                continue
            port = self._graph.ports()[number - 1]
            before = self._known.get(port.name)
            self._known[port.name] = (
                RejectedPort(port.name, count, first_bar + at, self._word(port.name, chunk, at))
                if before is None
                else replace(before, bars=before.bars + count)
            )

    def _word(self, name: str, chunk: Mapping[str, Column], at: int) -> int:
        type_ = next(self._graph.types[port.node] for port in self._graph.ports() if port.name == name)
        if name not in chunk:
            return word_of(self._params[name], type_)
        return int(words_of_column(chunk[name][at : at + 1], type_)[0])

    def found(self) -> tuple[RejectedPort, ...]:
        """What was counted so far."""
        return tuple(sorted(self._known.values(), key=lambda each: (-each.bars, each.first)))


def rejection_text(graph: Graph, each: RejectedPort) -> str:
    """``2 bars by input `price` in [90.0, 110.0], the first of them bar 4: nan``"""
    port = next(port for port in graph.ports() if port.name == each.port)
    kind = "input" if isinstance(port, Input) else "parameter"
    type_ = graph.types[port.node]
    first = "" if each.bars == 1 else "the first "
    value = show(value_of(each.word, type_), type_)
    return f"{counted(each.bars, 'bar')} by {kind} `{each.port}`, declared {port.domain}: {first}at bar {each.first:,}, {value}"
