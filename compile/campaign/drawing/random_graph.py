"""Random typed graphs through the public builder: every row of the op table, state, scopes, parameters, adversarial constants.

A *pack* is many random graphs in one: compilers take seconds whatever they are given, so the graphs of a pack share ports
and are compiled together, but no value of one reads a value of another. Only seed and numbers decide what is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from compile.backend import Batch
from compile.campaign.drawing.pen import SIDE, TYPES, Drawing, random_constant
from compile.campaign.drawing.rows import random_column
from compile.campaign.drawing.shapes import SHAPES
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import FOLD_ADD, FOLDS, GET, ON_ARRAYS, OPS, PLACES, PUT, ROTATE, SELECT
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, Value

#: What an output is on a rejected row.
SAFE: dict[Kind, Value] = {Kind.F64: 0.0, Kind.F32: 0.0, Kind.I64: 0, Kind.I32: 0, Kind.BOOL: False, Kind.ENUM: 0}
#: Ports of each type: inputs and parameters that all graphs of a pack share.
_INPUTS = {F64: 4, F32: 3, I64: 2, I32: 2, BOOL: 2, SIDE: 2}
_PARAMS = {F64: 2, F32: 1, I64: 1, I32: 1, BOOL: 1, SIDE: 1}
#: Operators of one graph of a pack: at least, and at most so many more.
LEAST_OPERATORS, MORE_OPERATORS = 8, 8
#: Share of operators that come as a shape; the others come alone, every row of the op table in turn or at random.
SHAPE_SHARE = 0.4
#: Share of the others that use a carried array, besides the rows of the table in turn.
ARRAY_SHARE = 0.08
#: Rows of the op table that stand alone in every graph of a pack, from where the graph before left off: 20 graphs hold all.
ROWS_A_GRAPH = 5


def random_graph(
    seed: int,
    operators: int = 60,
    name: str = "random_graph",
    is_wild: bool = True,
    arrays: bool = False,
    folds: bool = False,
) -> Graph:
    """One graph with a carried value of every type: `operators` rows of the op table in turn, then a few shapes.

    Every operator is named, so none is dropped. With `arrays` it carries some of those too, with `folds` it goes over them.
    """
    builder, ports = _opened(name)
    draw = Drawing(builder, np.random.default_rng(seed), "", is_wild, ports)
    states = _states(draw, TYPES)
    _fill(draw, operators, seed, operators, 0.0, (arrays, folds))
    for _ in range(operators // 20):
        SHAPES[draw.below(len(SHAPES))](draw)
    _carry_on(draw, states)
    draw.carry_arrays_on()
    for type_ in TYPES:
        builder.output(f"out_{type_.kind.value}", draw.pool[type_][-1], SAFE[type_.kind])
    return builder.freeze()


def random_pack(
    seed: int, numbers: Sequence[int], is_wild: bool = False, arrays: bool = False, folds: bool = False
) -> Graph:
    """The random graphs with these numbers as one graph: number k is the same in whatever pack it comes.

    Each has an output called after its number and at most two carried values; with `arrays` some of those too, with `folds`
    what goes over them.
    """
    builder, ports = _opened("pack")
    for number in numbers:
        scope = f"g{number}"
        builder.open_scope(scope, "random", f"Random graph {number}.")
        pool = {type_: list(nodes) for type_, nodes in ports.items()}
        draw = Drawing(builder, np.random.default_rng([seed, number]), f"{scope}.", is_wild, pool)
        states = _states(draw, [TYPES[draw.below(len(TYPES))] for _ in range(draw.below(3))])
        operators = LEAST_OPERATORS + draw.below(MORE_OPERATORS + 1)
        last = _fill(draw, operators, number * ROWS_A_GRAPH, ROWS_A_GRAPH, SHAPE_SHARE, (arrays, folds))
        _carry_on(draw, states)
        draw.carry_arrays_on()
        builder.output(f"out_{number}", last, SAFE[builder.type_of(last).kind])
        builder.close_scope()
    return builder.freeze()


def random_batch(graph: Graph, seed: int, bars: int, instances: int, wild: float = 1.0) -> Batch:
    """Columns for the ports of `graph`; in the share `wild` of the instances half of all values are special."""
    rng = np.random.default_rng(seed)
    is_wild = rng.random(instances) < wild
    near = np.array(
        [float(c) for c, t in zip(graph.constants, graph.types, strict=True) if c is not None and t.is_float]
    )
    return Batch(
        inputs={
            p.name: random_column(rng, graph.types[p.node], (bars, instances), is_wild, near) for p in graph.inputs
        },
        params={p.name: random_column(rng, graph.types[p.node], (instances,), is_wild, near) for p in graph.params},
        bars=bars,
        instances=instances,
    )


def _opened(name: str) -> tuple[GraphBuilder, dict[Type, list[int]]]:
    builder = GraphBuilder(name)
    builder.open_scope("", name, "Random graphs.")
    ports: dict[Type, list[int]] = {}
    for type_ in TYPES:
        kind, whole = type_.kind.value, whole_domain(type_)
        ports[type_] = [builder.input(f"{kind}_{k}", type_, "1", whole) for k in range(_INPUTS[type_])]
        ports[type_] += [builder.param(f"p.{kind}_{k}", type_, "1", whole, None) for k in range(_PARAMS[type_])]
    return builder, ports


def _states(draw: Drawing, types: Sequence[Type]) -> dict[Type, str]:
    """A carried value of each of `types`, to be read from now on."""
    states: dict[Type, str] = {}
    for type_ in dict.fromkeys(types):
        states[type_] = f"{draw.prefix}carried.{type_.kind.value}"
        draw.keep(draw.builder.state(states[type_], type_, "1", random_constant(draw.rng, type_, draw.is_wild)))
    return states


def _carry_on(draw: Drawing, states: Mapping[Type, str]) -> None:
    """Give each state its next value; half of them are held on some bars."""
    builder = draw.builder
    for type_, state in states.items():
        following = draw.pool[type_][-1]
        if draw.below(2):
            following = builder.op(SELECT, (draw.pick(BOOL), following, builder.state_node(state)))
        builder.set_next(state, following)


def _fill(
    draw: Drawing, operators: int, first: int, alone: int, shape_share: float, on_arrays: tuple[bool, bool]
) -> int:
    """Draw at least `operators` operators, `alone` rows of the op table among them, in turn from the `first`; the last node.
    `on_arrays` says whether to use arrays, and to fold them."""
    arrays, folds = on_arrays
    over = (*(PLACES if arrays else ()), *(FOLDS | {ROTATE} if folds else ()))
    table = [op for op in OPS.values() if op not in ON_ARRAYS or op in over]
    for type_ in TYPES:
        draw.keep(draw.constant(type_))
    turn, scopes = first, 0
    while draw.operators < operators or turn < first + alone:
        if scopes < 2 and draw.operators > (scopes + 1) * operators // 3:
            scopes += 1
            draw.builder.open_scope(f"{draw.prefix}lane_{scopes}", "lane", "A lane of its own.")
        if draw.chance(shape_share):
            SHAPES[draw.below(len(SHAPES))](draw)
        elif arrays and draw.chance(ARRAY_SHARE):
            draw.apply_to_any((GET, PUT, FOLD_ADD)[draw.below(2 + folds)])
        else:
            op: Op = table[turn % len(table)]
            draw.apply_to_any(op)
            turn += 1
    for _ in range(scopes):
        draw.builder.close_scope()
    return draw.last
