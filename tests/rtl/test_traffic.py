"""Both modes, by the order of the tokens and not by cycle: gaps, rows at once, resets in flight, loads and saves, any order."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from compile.pipeline import prepare
from dag.graphs.graph import Graph
from rtl.backend import Verilog
from rtl.bench.traffic import Numbers
from rtl.emit.design import Design, design_of
from rtl.simulate.runner import VerilogRunner
from rtl.simulate.stream import Token
from tests.support.carrying_graph import carrying_graph
from tests.support.counting_graph import counting_graph
from tests.support.simulator import needs_verilator
from tests.support.tokens import Tokens, first_wrong, run, tokens

pytestmark = needs_verilator

ROWS = 250
#: A graph, and how many instances of it share the pipeline: fewer than its interval takes, and more.
DESIGNS: dict[str, tuple[Callable[[], Graph], int | None]] = {
    "counting": (lambda: prepare(counting_graph()), None),
    "counting_16": (lambda: prepare(counting_graph()), 16),
    "carrying": (carrying_graph, None),
    "carrying_8": (carrying_graph, 8),
}
#: What the sequence is like -> shares of `tokens`.
KINDS: dict[str, dict[str, float]] = {
    "at once": {},
    "gaps": {"gaps": 0.7},
    "restarts": {"restarts": 0.3, "gaps": 0.1},
    "resets in flight": {"resets": 0.05, "gaps": 0.1},
    "loads and saves": {"loads": 0.1, "saves": 0.1},
    "everything": {"restarts": 0.1, "resets": 0.03, "loads": 0.05, "saves": 0.05, "gaps": 0.4},
}
#: In which order instances come: rows of them, of so many instances, of a generator.
ORDERS: dict[str, Callable[[int, int, np.random.Generator], Numbers]] = {
    "in turn": lambda rows, count, rng: np.arange(rows) % count,
    "random": lambda rows, count, rng: rng.integers(0, count, rows),
    "again and again": lambda rows, count, rng: np.repeat(rng.integers(0, count, rows), rng.integers(1, 5, rows))[
        :rows
    ],
}


@cache
def simulated(name: str) -> tuple[Design, VerilogRunner]:
    graph, instances = DESIGNS[name][0](), DESIGNS[name][1]
    backend = Verilog(instances=instances)
    return design_of(graph, instances=instances), backend.load(graph, backend.lower(graph))


def sequence(name: str, kind: str, order: str, seed: int) -> Tokens:
    design, _ = simulated(name)
    numbers = ORDERS[order](ROWS, design.instances or 1, np.random.default_rng(seed))
    return tokens(design.graph, numbers, seed, **KINDS[kind])


#: One instance at a time comes in one order.
CASES = [
    (name, kind, order)
    for name in DESIGNS
    for kind in KINDS
    for order in ORDERS
    if DESIGNS[name][1] or order == "in turn"
]


@pytest.mark.parametrize(("name", "kind", "order"), CASES)
def test_every_word_is_what_the_tokens_before_it_make_it(name: str, kind: str, order: str) -> None:
    design, runner = simulated(name)
    each = sequence(name, kind, order, len(kind) + len(order))
    words, done = run(runner, design, each)
    assert first_wrong(design, each, words, done) is None


@pytest.mark.parametrize("name", [name for name, (_, instances) in DESIGNS.items() if instances])
def test_an_instance_waits_no_longer_than_it_must_and_no_other_waits(name: str) -> None:
    """Each row is accepted in the first cycle in which it is there, the one before it is in, and its own last one is done with."""
    design, runner = simulated(name)
    each = sequence(name, "at once", "again and again", 5)
    _, done = run(runner, design, each)
    last: dict[int, int] = {}
    for k, number in enumerate(each.traffic.numbers.tolist()):
        soonest = max(done[k - 1] + 1 if k else done[0], last.get(number, -design.plan.interval) + design.plan.interval)
        assert done[k] == soonest
        last[number] = int(done[k])
    assert (np.diff(done) == design.plan.interval).any()
    assert (np.diff(done) == 1).any()


def test_enough_instances_take_a_row_every_cycle() -> None:
    design, runner = simulated("counting_16")
    assert design.instances is not None
    assert design.instances >= design.plan.interval
    _, done = run(runner, design, sequence("counting_16", "at once", "in turn", 1))
    assert (np.diff(done) == 1).all()


def test_resets_are_met_in_flight() -> None:
    """The sequences above are worth running: resets come down on rows, and on rows of instances that come again at once."""
    for name in DESIGNS:
        design, runner = simulated(name)
        each = sequence(name, "resets in flight", "in turn", 16 + len("in turn"))
        kinds = each.traffic.kinds
        _, done = run(runner, design, each)
        resets = np.flatnonzero(kinds == Token.RESET)
        assert (
            sum(bool(k) and kinds[k - 1] == Token.ROW and done[k] - done[k - 1] < design.plan.depth for k in resets) > 5
        )
