"""Bindings born during a run: fresh draws from the space, and children of a binding with its parameters changed a little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dag.graphs.graph import Graph
from dag.values.words import Column, column_dtype
from dagc.sweeping.drawing import even_shares, satisfying, values_of
from dagc.sweeping.space import Range, Space
from dagc.vibriss.problem import PopulationProblem
from lanes.draws import EXPLORE, block_of, open_unit

#: How often a binding that breaks a constraint is drawn again.
DRAWS, CHILD_DRAWS = 64, 4
#: By which a child's parameter differs from its parent's.
LESS, MORE = 0.8, 1.25
_WORD = 1 << 32


@dataclass(frozen=True, slots=True)
class Nursery:
    """Where bindings come from. `redraw` is how likely a child's parameter is drawn anew from its range."""

    graph: Graph
    space: Space
    seed: int
    redraw: float = 0.25

    def fresh(self, serials: np.ndarray[Any, np.dtype[np.int64]], bar: int) -> dict[str, Column]:
        """Independent draws from the space, a row a serial. Raises PopulationProblem where the constraints hold too seldom."""
        width = len(self.space.varies)
        left = np.arange(len(serials))
        found = {name: np.empty(len(serials), self._dtype(name)) for name in self.space.varies}
        for draw in range(DRAWS):
            shares = even_shares(self.seed, width, serials[left], bar, draw * width)
            columns = {
                name: values_of(self.graph, self.space, name, shares[:, k]) for k, name in enumerate(self.space.varies)
            }
            holds = satisfying(self.graph, self.space, columns)
            for name, column in columns.items():
                found[name][left[holds]] = column[holds]
            left = left[~holds]
            if not len(left):
                return found
        raise PopulationProblem(
            f"of {DRAWS} draws for serial {serials[left[0]]} none satisfies the constraints\n  fix  widen the ranges or drop one"
        )

    def child(self, parent: Mapping[str, Any], serial: int, bar: int) -> dict[str, Any]:
        """The parameters that vary of a child of `parent`; the parent's own where four draws break the constraints."""
        names = list(self.space.varies)
        for draw in range(CHILD_DRAWS):
            found = {
                name: self._changed(name, parent[name], draw * len(names) + k, serial, bar)
                for k, name in enumerate(names)
            }
            columns = {name: np.array([value], self._dtype(name)) for name, value in found.items()}
            if satisfying(self.graph, self.space, columns)[0]:
                return found
        return {name: parent[name] for name in names}

    def _changed(self, name: str, value: Any, number: int, serial: int, bar: int) -> Any:
        w0, w1, w2, w3 = block_of(number, bar, serial, EXPLORE, (self.seed % _WORD, self.seed >> 32))
        each = self.space.varies[name]
        if w0 < self.redraw * _WORD:
            return values_of(self.graph, self.space, name, np.array([open_unit(w2, w3)]))[0].item()
        if not isinstance(each, Range):
            return value
        scaled = float(value) * (MORE if w1 & 1 else LESS)
        clamped = min(max(scaled, each.low), each.high)
        is_float = np.dtype(self._dtype(name)).kind == "f"
        return clamped if is_float else int(np.rint(clamped))

    def _dtype(self, name: str) -> Any:
        return next(column_dtype(self.graph.types[p.node]) for p in self.graph.params if p.name == name)
