"""Sequences of tokens for a pipeline, and what must come of them: by the order of the tokens alone, whatever the cycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from compile.backend import Batch
from compile.check.run import instances_of
from dag.graphs.graph import Graph
from dag.values.types import I64, Type
from dag.values.words import Column, Words, column_dtype, column_of_words, words_of_column
from rtl.bench.traffic import Numbers, Traffic, columns_of
from rtl.emit.design import Design
from rtl.emit.names import OUT_INSTANCE
from rtl.simulate.runner import VerilogRunner
from rtl.simulate.stream import Bits, Token
from tests.support.meaning import evaluate
from tests.support.mixed_batch import mixed_batch


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sequence. Token k has the data of instance k of `batch`, one bar; something is offered in the cycles of `offer`."""

    traffic: Traffic
    batch: Batch
    offer: Bits


def tokens(graph: Graph, numbers: Numbers, seed: int, **shares: float) -> Tokens:
    """Rows of the instances `numbers` with mixed data.

    `shares`, each a share of all: `loads`, `saves` and `resets` in place of rows, rows that are `restarts`, and `gaps`, cycles
    that offer nothing.
    """
    rng = np.random.default_rng(seed)
    count = len(numbers)
    chance = rng.random(count)
    kinds = np.full(count, Token.ROW, np.uint8)
    for kind, name in ((Token.LOAD, "loads"), (Token.SAVE, "saves"), (Token.RESET, "resets")):
        kinds[(chance >= 0.0) & (chance < shares.get(name, 0.0))] = kind
        chance -= shares.get(name, 0.0)
    restarts = rng.random(count) < shares.get("restarts", 0.0)
    traffic = Traffic(kinds, np.zeros(count, np.int64), np.arange(count), restarts, numbers, np.zeros(count, np.int64))
    shuffled = rng.permutation(count)
    state = evaluate(graph, instances_of(mixed_batch(graph, seed + 1, 2, count), shuffled), []).state
    batch = replace(instances_of(mixed_batch(graph, seed, 1, count), shuffled), state=state)
    return Tokens(traffic, batch, rng.random(997) >= shares.get("gaps", 0.0))


def run(runner: VerilogRunner, design: Design, sequence: Tokens) -> tuple[dict[str, Words], Numbers]:
    """The words of every output port for each token, and the cycle in which it was done."""
    traffic = sequence.traffic
    return runner.stream.run(
        columns_of(design, sequence.batch, traffic),
        len(traffic.kinds),
        restart=traffic.restarts,
        kinds=traffic.kinds,
        offer=sequence.offer,
        patience=4 * design.last_cycle + 400,
    )


def first_wrong(design: Design, sequence: Tokens, words: Mapping[str, Words], done: Numbers) -> str | None:
    """The first word that is not what the tokens before it make it; None where all are.

    Of a row that a reset found in flight, what came out before the reset is looked at.
    """
    kinds = sequence.traffic.kinds
    resets = done[kinds == Token.RESET]
    expected = _expected(design, sequence)
    for port, (type_, latency) in _ports(design).items():
        came = words_of_column(column_of_words(words[port], type_), type_)
        for k, column in enumerate(expected):
            if port not in column or (resets[resets >= done[k]] < done[k] + latency).any():
                continue
            if came[k] != column[port]:
                number = sequence.traffic.numbers[k]
                return f"token {k} ({Token(kinds[k]).name}, instance {number}): {port} is {came[k]:x}, not {column[port]:x}"
    return None


def _ports(design: Design) -> dict[str, tuple[Type, int]]:
    """The type of each output port, and its cycle."""
    types, plan, ports = design.graph.types, design.plan, design.ports
    found = {name: (types[node], plan.latency_of(node)) for node, name in ports.taps.items()}
    for name, output in zip(ports.outputs, design.graph.outputs, strict=True):
        found[name] = types[output.node], plan.depth
    for name, state in zip(ports.saves, design.graph.states, strict=True):
        found[name] = types[state.node], 1
    return found if design.instances is None else {**found, OUT_INSTANCE: (I64, plan.depth)}


def _expected(design: Design, sequence: Tokens) -> list[dict[str, int]]:
    """For each token the word of each port that says something of it."""
    graph, ports, traffic = design.graph, design.ports, sequence.traffic
    initial: dict[str, Column] = {
        s.name: np.array([s.initial], column_dtype(graph.types[s.node])) for s in graph.states
    }
    states: dict[int, Mapping[str, Column]] = {}
    shown = {**{name: node for node, name in ports.taps.items()}}
    shown |= {name: output.node for name, output in zip(ports.outputs, graph.outputs, strict=True)}
    expected: list[dict[str, int]] = []
    for k, kind in enumerate(traffic.kinds):
        number = int(traffic.numbers[k])
        one = instances_of(sequence.batch, np.array([k]))
        row: dict[str, int] = {}
        if kind == Token.RESET:
            states.clear()
        elif kind == Token.LOAD:
            assert one.state is not None
            states[number] = one.state
        elif kind == Token.SAVE:
            now = states.get(number, initial)
            for name, state in zip(ports.saves, graph.states, strict=True):
                row[name] = int(words_of_column(now[state.name], graph.types[state.node])[0])
        else:
            start = initial if traffic.restarts[k] else states.get(number, initial)
            result = evaluate(graph, replace(one, state=start), list({*shown.values()}))
            states[number] = result.state
            for name, node in shown.items():
                row[name] = int(words_of_column(result.nodes[node], graph.types[node])[0, 0])
            row |= {} if design.instances is None else {OUT_INSTANCE: number}
        expected.append(row)
    return expected
