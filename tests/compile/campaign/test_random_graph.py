"""The generator of random graphs: the same everywhere, every operator, packs whose members do not depend on each other."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from compile.campaign.drawing.pen import TYPES
from compile.campaign.drawing.random_graph import random_batch, random_graph, random_pack
from compile.campaign.drawing.shapes import SHAPES
from compile.check.meaning import evaluate
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import INDEXES, OPS, SPREAD
from dag.values.words import words_of_column

#: Values along an axis are drawn by no random graph: lanes of their own hold them (tests/support/axis_lanes.py).
DRAWN = set(OPS.values()) - {INDEXES, SPREAD}


def operators(graph: Graph) -> set[Op]:
    return {op.row for op in graph.ops if isinstance(op, Op)}


def test_every_operator_is_in_a_graph_as_long_as_the_table() -> None:
    for seed in range(3):
        assert operators(random_graph(seed, len(OPS), arrays=True, folds=True)) == DRAWN


def test_every_operator_is_in_every_fifth_pack_or_so() -> None:
    found: set[Op] = set()
    for first in range(0, 60, 20):
        found |= operators(random_pack(7, range(first, first + 20), arrays=True, folds=True))
    assert found == DRAWN


def test_every_type_is_carried_and_read_by_some_graph() -> None:
    pack = random_pack(0, range(60), arrays=True, folds=True)
    carried = {pack.types[state.node] for state in pack.states}
    assert {type_ for type_ in carried if not type_.is_array} == set(TYPES)
    assert {type_.element for type_ in carried if type_.is_array} == set(TYPES)


def test_a_seed_is_the_same_graph_in_another_process() -> None:
    command = "from compile.campaign.drawing.random_graph import *; print(random_pack(3, range(9)).content_hash)"
    said = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout
    assert said.strip() == random_pack(3, range(9)).content_hash
    assert random_pack(4, range(9)).content_hash != random_pack(3, range(9)).content_hash


def test_a_graph_computes_the_same_in_whatever_pack_it_comes() -> None:
    alone, together = (random_pack(5, numbers, arrays=True, folds=True) for numbers in ([11], range(8, 14)))
    batch = random_batch(alone, 1, bars=3, instances=5)
    columns = [(output.name, output.node) for output in alone.outputs]
    assert columns
    expected = evaluate(alone, batch, [node for _, node in columns])
    got = evaluate(together, batch, together.single_values())
    for name, node in columns:
        other = next(output.node for output in together.outputs if output.name == name)
        words = words_of_column(got.nodes[other], together.types[other])
        np.testing.assert_array_equal(words, words_of_column(expected.nodes[node], alone.types[node]))


def test_tame_rows_of_tame_packs_are_mostly_clear_of_subnormals() -> None:
    """On XLA a subnormal anywhere hands the row to the interpreter; then nothing is compared."""
    clear = total = 0
    for first in range(0, 100, 20):
        pack = random_pack(1, range(first, first + 20))
        batch = random_batch(pack, first, bars=4, instances=12, wild=0.0)
        result = evaluate(pack, batch, range(len(pack)))
        for instance in range(batch.instances):
            values = [c[:, instance].astype(np.float64) for c in result.nodes.values() if c.dtype == np.float64]
            total += 1
            clear += not any(((np.abs(v) < 2.0**-1022) & (v != 0)).any() for v in values)
    assert clear > 0.5 * total


def test_every_shape_makes_something() -> None:
    assert len(set(SHAPES)) > 20
    for seed in range(4):
        graph = random_graph(seed, 80)
        assert len(graph.taps) > 80
