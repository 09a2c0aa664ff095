"""Some bars of some instances through `dagc_step` and `dagc_step_taps` side by side, every struct of every bar kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Misbehaves
from compile.c.columns import WELL_FORMED, Int64s, canonical, pointer
from compile.c.record import KERNEL_SO
from dag.graphs.graph import Graph
from dag.values.types import Kind, Type

#: What memory holds that a kernel should not have written, or should have and has not.
JUNK = 0x5EED_0DD5_ABAD_1DEA
#: Words of JUNK before and behind every struct.
GUARD = 8


def wrong(what: str) -> Misbehaves:
    """The finding that the library does `what`."""
    return Misbehaves(f"{KERNEL_SO}: {what}")


def as_hex(word: Any) -> str:
    """A word as findings show it."""
    return f"0x{int(word) & 0xFFFF_FFFF_FFFF_FFFF:016x}"


class Records:
    """Structs of `width` words, an array of `counts` of them, all JUNK, with words of JUNK before, between and after them."""

    def __init__(self, counts: tuple[int, ...], width: int) -> None:
        self._all = np.full((int(np.prod(counts)) + 1, width + GUARD), JUNK, np.int64)
        self._width = width
        self.words: Int64s = self._all[1:].reshape(*counts, width + GUARD)[..., :width]
        self.first: Any = pointer(self._all[1:])
        #: From one to the next, in words.
        self.step = width + GUARD

    def intact(self) -> bool:
        """Whether nothing was written outside the structs."""
        return bool((self._all[0] == JUNK).all() and (self._all[1:, self._width :] == JUNK).all())


class Layout:
    """The type of each word of a struct, an array's element by element, and the name of the port that it belongs to."""

    def __init__(self, types: Sequence[Type], names: Sequence[str]) -> None:
        self.types, self.names = tuple(types), tuple(names)
        self._floats = self._of(Kind.F64, Kind.F32)
        self._narrow = {kind: np.flatnonzero(self._of(kind)) for kind in WELL_FORMED}

    @classmethod
    def of(cls, graph: Graph, ports: Sequence[Any]) -> Layout:
        """That of a struct with these members."""
        pairs = [(graph.types[p.node].element, p.name) for p in ports for _ in range(graph.types[p.node].size)]
        return cls([type_ for type_, _ in pairs], [name for _, name in pairs])

    def canonical(self, words: Int64s) -> Int64s:
        """The words with every NaN the canonical one."""
        return canonical(words, self._floats)

    def differ(self, words: Int64s, others: Int64s) -> tuple[int, ...] | None:
        """The first place at which they are not the same words, whatever their NaNs are."""
        if np.array_equal(words, others):
            return None
        return first_of(self.canonical(words) != self.canonical(others))

    def ill_formed(self, words: Int64s) -> tuple[int, ...] | None:
        """The first word that is none of its type: a bool is 0 or 1, an int32 sign-extended, a float32 a double that binary32 holds."""
        for kind, places in self._narrow.items():
            if places.size:
                found = first_of(~WELL_FORMED[kind](np.ascontiguousarray(words[..., places])))
                if found is not None:
                    return *found[:-1], int(places[found[-1]])
        return None

    def _of(self, *kinds: Kind) -> NDArray[np.bool_]:
        return np.array([type_.kind in kinds for type_ in self.types], bool)


class Walk:
    """`bars` bars of `instances` instances. Words are [instances, bars, words]; states have one bar more, the one before."""

    def __init__(self, graph: Graph, inputs: Int64s, bound: Int64s, states: Int64s) -> None:
        """`inputs` are words [instances, bars, inputs], `bound` [instances, params], `states` [instances, words of a state]."""
        shape = inputs.shape[:2]
        self.shape = shape
        self.inputs, self.params = Records(shape, inputs.shape[2]), Records(shape[:1], bound.shape[1])
        self.inputs.words[...], self.params.words[...] = inputs, bound
        self._arguments = inputs, bound
        self.states, self.tapped_states = (Records((shape[0], shape[1] + 1), states.shape[1]) for _ in range(2))
        self.states.words[:, 0] = self.tapped_states.words[:, 0] = states
        width = sum(graph.types[output.node].size for output in graph.outputs)
        self.outputs, self.tapped_outputs = (Records(shape, width) for _ in range(2))
        self.taps = Records(shape, graph.word_places()[-1])
        self.statuses, self.tapped_statuses = (np.empty(shape, np.int64) for _ in range(2))

    def step(self, plain: Any, tapping: Any) -> None:
        """Walk, calling `dagc_step` and `dagc_step_taps`."""
        instances, bars = self.shape
        for instance in range(instances):
            bound = self.params.first + instance * self.params.step
            states, tapped_states = self.states.words[instance], self.tapped_states.words[instance]
            for bar in range(bars):
                states[bar + 1] = states[bar]
                tapped_states[bar + 1] = tapped_states[bar]
                row = instance * bars + bar
                inputs = self.inputs.first + row * self.inputs.step
                after = (row + instance + 1) * self.states.step
                out = row * self.outputs.step
                self.statuses[instance, bar] = plain(self.states.first + after, inputs, bound, self.outputs.first + out)
                self.tapped_statuses[instance, bar] = tapping(
                    self.tapped_states.first + after,
                    inputs,
                    bound,
                    self.tapped_outputs.first + out,
                    self.taps.first + row * self.taps.step,
                )

    def written(self) -> list[tuple[str, Records]]:
        """Which entry writes into what."""
        plain = [("dagc_step", each) for each in (self.states, self.outputs)]
        return [*plain, *(("dagc_step_taps", each) for each in (self.tapped_states, self.tapped_outputs, self.taps))]

    def kept_its_arguments(self) -> bool:
        """Whether inputs and parameters are as they were handed in."""
        return all(
            records.intact() and np.array_equal(records.words, given)
            for records, given in zip((self.inputs, self.params), self._arguments, strict=True)
        )


def first_of(found: NDArray[np.bool_]) -> tuple[int, ...] | None:
    """Where the first true one stands."""
    if not found.any():
        return None
    return tuple(int(index) for index in np.unravel_index(int(found.argmax()), found.shape))
