"""In what order the rows of a batch enter a pipeline.

One instance at a time: all bars of an instance, then the next. Interleaved: as many instances at a time as the pipeline holds,
bar after bar, the instances of each bar in a new random order; so one of them may come twice in a row, and has to wait.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, initial_state
from dag.graphs.graph import Graph
from dag.values.words import Words, words_of_column
from rtl.emit.design import Design
from rtl.emit.names import IN_INSTANCE, PLACE
from rtl.simulate.stream import Bits, Token

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Tokens, in order: what each is (`rtl.simulate.stream.Token`), its bar and instance in the batch, whether it restarts, the
    number that the hardware knows the instance by, and which element of the arrays is loaded or saved."""

    kinds: NDArray[np.uint8]
    bars: Numbers
    instances: Numbers
    restarts: Bits
    numbers: Numbers
    places: Numbers

    @property
    def rows(self) -> Bits:
        """Which of the tokens are rows."""
        return np.equal(self.kinds, Token.ROW)

    def only_rows(self) -> Traffic:
        """Without loads and saves."""
        k = self.rows
        return Traffic(
            self.kinds[k], self.bars[k], self.instances[k], self.restarts[k], self.numbers[k], self.places[k]
        )


def one_at_a_time(bars: int, instances: int, is_loaded: bool, longest: int = 0) -> Traffic:
    """Instance after instance, each from the initial state or, `is_loaded`, from the one it is given.

    Where arrays are carried, the longest of `longest` elements, they are loaded and in the end saved an element at a time.
    """
    each = [(Token.LOAD, 0, place) for place in range(max(longest, 1))] * is_loaded
    each += [(Token.ROW, bar, 0) for bar in range(bars)]
    each += [(Token.SAVE, bars - 1, place) for place in range(longest)]
    kinds, when, places = (np.tile(np.array(column, np.int64), instances) for column in zip(*each, strict=True))
    traffic = _traffic(kinds, when, np.repeat(np.arange(instances), len(each)), is_loaded)
    return replace(traffic, places=places)


def interleaved(
    bars: int, instances: int, is_loaded: bool, held: int, rng: np.random.Generator, in_turn: bool = False
) -> Traffic:
    """`held` instances at a time, under random numbers, loaded first where `is_loaded`, saved at the end.

    In each bar they come in a random order; `in_turn`, always in the same one.

    Where nothing is loaded the first `held` are not told to restart, every second time: they are fresh after the reset.
    """
    parts: list[tuple[Token, int, Numbers]] = []
    for first in range(0, instances, held):
        group = np.arange(first, min(first + held, instances))
        parts += [(Token.LOAD, 0, group)] * is_loaded
        parts += [(Token.ROW, bar, group if in_turn else rng.permutation(group)) for bar in range(bars)]
        parts.append((Token.SAVE, bars - 1, group))
    order = np.concatenate([group for _, _, group in parts])
    sizes = [len(group) for _, _, group in parts]
    kinds, when = (np.repeat(np.array(column), sizes) for column in ([p[0] for p in parts], [p[1] for p in parts]))
    traffic = _traffic(kinds, when, order, is_loaded, rng.permutation(held)[order % held])
    fresh = (order < held) & (order % 2 == 1)
    return replace(traffic, restarts=traffic.restarts & ~fresh)


def _traffic(
    kinds: Numbers, bars: Numbers, instances: Numbers, is_loaded: bool, numbers: Numbers | None = None
) -> Traffic:
    restarts = (bars == 0) & (kinds == Token.ROW) & (not is_loaded)
    numbers = instances if numbers is None else numbers
    return Traffic(kinds.astype(np.uint8), bars, instances, restarts, numbers, np.zeros_like(bars))


def columns_of(design: Design, batch: Batch, traffic: Traffic) -> dict[str, Words]:
    """The words on the data ports for each token, by port: inputs, parameters, states to load and the instance's number."""
    graph, ports = design.graph, design.ports
    which = traffic.instances
    columns: dict[str, Words] = {}
    for port in graph.inputs:
        words = words_of_column(batch.inputs[port.name], graph.types[port.node])
        columns[ports.inputs[port.node]] = words[traffic.bars, which]
    for param in graph.params:
        columns[ports.params[param.node]] = words_of_column(batch.params[param.name], graph.types[param.node])[which]
    for state, name in zip(graph.states, ports.loads, strict=True):
        given = _given(graph, batch, state.name)
        length = graph.types[state.node].length
        columns[name] = given[which] if length is None else given[which, np.minimum(traffic.places, length - 1)]
    if design.place_bits:
        columns[PLACE] = traffic.places.astype(np.uint64)
    if design.instances is not None:
        columns[IN_INSTANCE] = traffic.numbers.astype(np.uint64)
    return columns


def _given(graph: Graph, batch: Batch, name: str) -> Words:
    """The words of a state that the instances of `batch` begin with."""
    state = next(state for state in graph.states if state.name == name)
    type_ = graph.types[state.node]
    if batch.state is not None:
        return words_of_column(batch.state[name], type_)
    return words_of_column(initial_state(graph, batch.instances)[name], type_)
