"""Small expressions, at least one for every way in which an algebraic simplifier or a code generator might rewrite one.

`exhaustive` holds every operator of f64 arithmetic on every operator's result: on distinct operands, on one operand met
twice, on constants (scalars that are broadcast) and on parameters. `directed` holds what is deeper, or lies beyond
arithmetic: clamps, chains of constants, zeros, roots, powers, selections that can be factored, comparisons that can be
negated, conversions there and back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Op
from dag.values.domain import whole_domain
from dag.values.types import F64

INPUTS = ("x", "y", "z", "w")
PARAM = "p"


@dataclass(frozen=True, slots=True)
class Tree:
    """An operator on subtrees; a leaf is the name of an input or of the parameter, or a constant."""

    op: Op
    operands: tuple[Tree | str | float, ...]

    def __str__(self) -> str:
        return f"{self.op}({', '.join(map(str, self.operands))})"


Operand = Tree | str | float

_BINARY = (ops.ADD, ops.SUB, ops.MUL, ops.DIV, ops.MIN, ops.MAX)
_UNARY = (ops.NEG, ops.ABS, ops.SQRT, ops.RINT, ops.FLOOR, ops.CEIL, ops.TRUNC)
_COMPARISONS = (ops.LT, ops.LE, ops.GT, ops.GE, ops.EQ, ops.NE)
#: Operands of two operators, then of three: what differs and what is met again decides which rules of a simplifier match.
_THREE: tuple[tuple[Operand, Operand, Operand], ...] = (
    ("x", "y", "z"), ("x", "x", "y"), ("x", "y", "x"), ("x", "y", "y"), ("x", "x", "x"),
    ("x", 2.5, "y"), (2.5, "x", "y"), ("x", "y", 2.5), ("x", 2.5, 3.7), (2.5, "x", 3.7), ("x", 2.5, 2.5),
    ("x", "p", "y"), ("x", "y", "p"), ("x", "p", 3.7),
)  # fmt: skip
_FOUR: tuple[tuple[Operand, Operand, Operand, Operand], ...] = (
    ("x", "y", "z", "w"), ("x", "y", "x", "z"), ("x", "y", "x", "y"), ("x", 2.5, "y", 3.7), ("x", 2.5, "y", 2.5),
)  # fmt: skip
_TWO: tuple[tuple[Operand, Operand], ...] = (("x", "y"), ("x", "x"), ("x", 2.5), (2.5, "x"), ("x", "p"))


def patterns() -> tuple[Tree, ...]:
    """All of them, each once, in a fixed order."""
    # By their text: as keys, trees with 0.0 and with -0.0 would be equal.
    return tuple({str(tree): tree for tree in (*exhaustive(), *directed())}.values())


def exhaustive() -> Iterator[Tree]:
    """Every tree of at most two levels of the f64 arithmetic operators."""
    for op, (a, b) in product(_BINARY, _TWO):
        yield Tree(op, (a, b))
    for outer, inner, (a, b, c) in product(_BINARY, _BINARY, _THREE):
        yield Tree(outer, (Tree(inner, (a, b)), c))
        yield Tree(outer, (c, Tree(inner, (a, b))))
    for outer, left, right, (a, b, c, d) in product(_BINARY, _BINARY, _BINARY, _FOUR):
        yield Tree(outer, (Tree(left, (a, b)), Tree(right, (c, d))))
    for unary, binary, (a, b) in product(_UNARY, _BINARY, _TWO):
        yield Tree(unary, (Tree(binary, (a, b)),))
        yield Tree(binary, (Tree(unary, (a,)), b))
        yield Tree(binary, (a, Tree(unary, (b,))))
    for outer, inner in product(_UNARY, _UNARY):
        yield Tree(outer, (Tree(inner, ("x",)),))


def directed() -> Iterator[Tree]:
    """Shapes that are deeper, or hold comparisons, selections and conversions."""
    yield from _chains_of_constants()
    yield from _clamps()
    yield from _selections()
    yield from _sums_of_products()
    yield from _conversions()
    for k in (3.0, 10.0, 0.1, 7.0, 1e-3, 2.0, 0.5, -1.0, 1.0):
        yield Tree(ops.DIV, ("x", k))
        yield Tree(ops.DIV, (k, "x"))
        yield Tree(ops.DIV, (Tree(ops.RINT, (Tree(ops.MUL, ("x", k)),)), k))
    for k, op in product((0.0, -0.0, 1.0, -1.0, 2.0), _BINARY):
        yield Tree(op, ("x", k))
        yield Tree(op, (k, "x"))
        yield Tree(op, (Tree(op, ("x", k)), k))
    root = Tree(ops.SQRT, ("x",))
    for op in (ops.MUL, ops.DIV, ops.ADD):
        yield Tree(op, (root, root))
        yield Tree(op, (Tree(op, ("y", root)), "z"))
    power: Operand = "x"
    for _ in range(4):
        power = Tree(ops.MUL, (power, "x"))
        yield power
        yield Tree(ops.SQRT, (power,))
    square = Tree(ops.MUL, ("x", "x"))
    yield Tree(ops.MUL, (square, square))


def _chains_of_constants() -> Iterator[Tree]:
    for outer, inner in product((ops.ADD, ops.SUB, ops.MUL, ops.DIV), repeat=2):
        for k, m in ((0.1, 0.7), (3.0, 1e10), (-0.3, 0.3), (1e200, 1e150)):
            yield Tree(outer, (Tree(inner, ("x", k)), m))
            yield Tree(outer, (m, Tree(inner, (k, "x"))))
            yield Tree(outer, (Tree(outer, (Tree(inner, ("x", k)), "y")), m))


def _clamps() -> Iterator[Tree]:
    for outer, inner in product((ops.MIN, ops.MAX), repeat=2):
        for low, high in ((-1.0, 1.0), (0.0, 0.0), (-0.0, 0.0), (1.0, -1.0)):
            yield Tree(outer, (low, Tree(inner, (high, "x"))))
            yield Tree(outer, (Tree(inner, ("x", high)), low))
            yield Tree(outer, (low, Tree(inner, ("x", high))))
            yield Tree(outer, (Tree(inner, (high, "x")), low))
            yield Tree(ops.ADD, (Tree(outer, (Tree(inner, (Tree(ops.MUL, ("x", "y")), high)), low)), "z"))


def _selections() -> Iterator[Tree]:
    def choose(condition: Operand, a: Operand, b: Operand) -> Tree:
        return Tree(ops.SELECT, (condition, a, b))

    for comparison in _COMPARISONS:
        less = Tree(comparison, ("x", "y"))
        unless = Tree(ops.NOT, (less,))
        yield choose(less, "x", "y")
        yield choose(less, "y", "x")
        yield choose(unless, "x", "y")
        yield choose(less, 1.0, 0.0)
        yield choose(less, 0.0, "z")
        for op in _BINARY:
            yield choose(less, Tree(op, ("z", "w")), Tree(op, ("z", "y")))
            yield choose(less, Tree(op, ("z", "w")), "z")
            yield Tree(op, (choose(less, "z", "w"), "x"))
            yield Tree(op, (choose(less, Tree(ops.MUL, ("z", "w")), "w"), "x"))
        for k in (0.0, -0.0, 1.0):
            sign = Tree(comparison, ("x", k))
            yield choose(sign, Tree(ops.NEG, ("x",)), "x")
            yield choose(sign, "x", Tree(ops.NEG, ("x",)))
            yield choose(sign, k, "x")
            yield choose(sign, "x", k)
        itself = Tree(comparison, ("x", "x"))
        yield choose(itself, "y", "z")
        yield choose(Tree(ops.AND, (less, itself)), "z", "w")
        yield choose(Tree(ops.OR, (less, Tree(comparison, ("y", "x")))), "z", "w")
        yield choose(Tree(comparison, (Tree(ops.SUB, ("x", "y")), 0.0)), "z", "w")
        yield choose(Tree(comparison, (Tree(ops.MUL, ("x", 2.5)), 3.7)), "z", "w")
        yield choose(Tree(comparison, (Tree(ops.NEG, ("x",)), "y")), "z", "w")


def _sums_of_products() -> Iterator[Tree]:
    product_, other = Tree(ops.MUL, ("x", "y")), Tree(ops.MUL, ("z", "w"))
    for op, unary in product((ops.ADD, ops.SUB), _UNARY):
        yield Tree(op, (Tree(unary, (product_,)), "z"))
        yield Tree(op, ("z", Tree(unary, (product_,))))
        yield Tree(op, (Tree(unary, (product_,)), other))
    for first, second in product((ops.ADD, ops.SUB), repeat=2):
        total = Tree(first, ("x", "y"))
        yield Tree(second, (total, "x"))  # the high part of a two-sum taken off again
        yield Tree(ops.SUB, (Tree(second, (total, "x")), "y"))
        yield Tree(ops.SUB, ("x", Tree(first, (total, "y"))))
        yield Tree(second, (Tree(first, (product_, other)), Tree(ops.MUL, ("x", "w"))))
        yield Tree(ops.DIV, (Tree(first, (product_, other)), Tree(second, ("x", "z"))))
        yield Tree(first, (Tree(ops.DIV, ("x", "y")), Tree(ops.DIV, ("z", "y"))))
    # An exponentially weighted average, both ways round.
    yield Tree(ops.ADD, ("x", Tree(ops.MUL, (0.1, Tree(ops.SUB, ("y", "x"))))))
    yield Tree(ops.ADD, (Tree(ops.MUL, (0.1, "y")), Tree(ops.MUL, (Tree(ops.SUB, (1.0, 0.1)), "x"))))


def _conversions() -> Iterator[Tree]:
    for inner in ("x", Tree(ops.MUL, ("x", "y")), Tree(ops.MUL, ("x", 1e19)), Tree(ops.DIV, ("x", 0.1))):
        integer = Tree(ops.F64_TO_I64, (inner,))
        yield integer
        yield Tree(ops.I64_TO_F64, (integer,))
        yield Tree(ops.ADD, (Tree(ops.I64_TO_F64, (integer,)), "y"))
        bits = Tree(ops.F64_BITS, (inner,))
        yield bits
        yield Tree(ops.ADD, (Tree(ops.BITS_F64, (bits,)), "z"))
        for unary in _UNARY:
            yield Tree(ops.F64_TO_I64, (Tree(unary, (inner,)),))
            yield Tree(ops.BITS_F64, (Tree(ops.F64_BITS, (Tree(unary, (inner,)),)),))


def graph_of(trees: tuple[Tree, ...]) -> Graph:
    """One graph that holds all of `trees`, each a tap named as it is written."""
    builder = GraphBuilder("rewrites")
    leaves = {name: builder.input(name, F64, "1", whole_domain(F64)) for name in INPUTS}
    leaves[PARAM] = builder.param(PARAM, F64, "1", whole_domain(F64), None)

    def node_of(operand: Operand) -> int:
        if isinstance(operand, Tree):
            return builder.op(operand.op, tuple(node_of(each) for each in operand.operands))
        return leaves[operand] if isinstance(operand, str) else builder.const(operand, F64, "1")

    for tree in trees:
        builder.tap(str(tree), node_of(tree))
    return builder.freeze()
