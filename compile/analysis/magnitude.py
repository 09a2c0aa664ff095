"""Which nodes can never be subnormal: the proof that hardware which flushes subnormals to zero changes no bit.

Every f64 node gets three powers of two. Its value is NaN, infinite, a zero, or a finite v with

    2^least <= |v| <= 2^greatest     and     v is a whole multiple of 2^grid

A node is proved when its *exact* result, before any rounding, is zero or at least 2^-1022 in magnitude: then neither
gradual underflow nor a flush can touch it. Taking the exact result makes it immaterial whether the hardware decides
tininess before or after rounding. Where that fails the node is listed in `unproved`, for the kernel to watch at run time,
and the nodes after it may count on it having been zero or normal.

Why the rules are sound: multiples of 2^g are closed under exact addition, rounding to nearest keeps a multiple of 2^g one
(below 2^(g+53) it is representable, above that its last place is worth 2^g or more), a non-zero multiple is at least 2^g,
and rounding is monotone with powers of two as fixed points. Overflow is harmless: infinity is always allowed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Op, Source
from dag.values.types import F64

LEAST_NORMAL = -1022
LEAST_SUBNORMAL = -1074
GREATEST = 1024
#: The last place of a binary64 number of magnitude 2^e is worth 2^(e - 52).
FRACTION_BITS = 52


@dataclass(frozen=True, slots=True)
class Magnitude:
    """Exponents of two that bound the finite non-zero values of a node; see the module docstring.

    `nonzero` says that no value is a zero, as of a constant and of what a small addend cannot cancel.
    """

    least: int
    greatest: int
    grid: int
    nonzero: bool = False

    def holds(self, value: float) -> bool:
        """Whether `value` is one that this bound allows."""
        if not math.isfinite(value) or value == 0.0:
            return value != 0.0 or not self.nonzero
        numerator, denominator = abs(value).as_integer_ratio()
        on_grid = numerator << max(-self.grid, 0), denominator << max(self.grid, 0)
        return (
            _at_least_power(numerator, denominator, self.least)
            and _at_least_power(denominator, numerator, -self.greatest)
            and on_grid[0] % on_grid[1] == 0
        )


#: A value that is never finite and non-zero (a constant zero, NaN or infinity) has no bounds.
Bound = Magnitude | None
_ANY = Magnitude(LEAST_SUBNORMAL, GREATEST, LEAST_SUBNORMAL)


@dataclass(frozen=True, slots=True)
class Magnitudes:
    """The result: a bound for each node (None for non-f64 nodes too), and the f64 nodes without a proof, in order."""

    bounds: tuple[Bound, ...]
    unproved: tuple[int, ...]


def magnitudes(graph: Graph) -> Magnitudes:
    """Bound every f64 node of `graph`.

    Ports and states are never proved, whatever their declared domains: a row outside its domain is rejected, but its
    taps are compared all the same. Watching an input for subnormals costs two integer comparisons; assuming more of it,
    say |x| >= 2^-200, would prove more nodes and send more rows back to the interpreter.
    """
    bounds: list[Bound] = []
    unproved: list[int] = []
    swept = {arg for node in graph.operators() if graph.ops[node] not in ops.PLACES for arg in graph.args[node]}
    for node, op in enumerate(graph.ops):
        type_ = graph.types[node]
        # Of an array, the bound is that of its elements. Where only single places are read, what is read has its own.
        if type_.element != F64 or op is ops.PUT or (op is Source.STATE and type_.is_array and node not in swept):
            bounds.append(None)
            continue
        match op:
            case Source.INPUT | Source.PARAM | Source.STATE:
                bound: Bound = _ANY
            case Source.CONST:
                constant = graph.constants[node]
                assert constant is not None
                bound = _of_constant(float(constant))
            case Op():
                bound = _TRANSFER[op](*(bounds[arg] for arg in _f64_operands(graph, node)))
        if bound is not None and bound.least < LEAST_NORMAL:
            unproved.append(node)
            bound = Magnitude(LEAST_NORMAL, bound.greatest, bound.grid)
        bounds.append(_rounded(bound))
    return Magnitudes(tuple(bounds), tuple(unproved))


def _f64_operands(graph: Graph, node: int) -> list[int]:
    args = graph.args[node][:1] if graph.ops[node] is ops.SPREAD else graph.args[node]
    found = [arg for arg in args if graph.types[arg].element == F64]
    return [] if graph.ops[node] is ops.GET else found


def _at_least_power(numerator: int, denominator: int, exponent: int) -> bool:
    """numerator / denominator >= 2^exponent, in integers."""
    return numerator << max(-exponent, 0) >= denominator << max(exponent, 0)


def _rounded(bound: Bound) -> Bound:
    """What the exact bound says of the value after rounding to nearest."""
    if bound is None:
        return None
    grid = max(bound.grid, LEAST_SUBNORMAL)
    least = max(bound.least, grid)
    return Magnitude(least, min(bound.greatest, GREATEST), max(grid, least - FRACTION_BITS), bound.nonzero)


def _of_constant(value: float) -> Bound:
    if not math.isfinite(value) or value == 0.0:
        return None
    fraction, exponent = math.frexp(abs(value))  # value = fraction * 2^exponent, 0.5 <= fraction < 1
    numerator, denominator = abs(value).as_integer_ratio()
    trailing = (numerator & -numerator).bit_length() - denominator.bit_length()
    return Magnitude(exponent - 1, exponent - 1 if fraction == 0.5 else exponent, trailing, nonzero=True)


def _add(a: Bound, b: Bound) -> Bound:
    if a is None or b is None:
        return b if a is None else a
    grid = min(a.grid, b.grid)
    least, nonzero = grid, False
    for large, small in ((a, b), (b, a)):
        if large.least > small.greatest + 1:  # far apart: nothing cancels, but the larger one may itself be zero
            least = max(least, large.least - 1 if large.nonzero else min(large.least - 1, small.least))
            nonzero = large.nonzero
    return Magnitude(least, max(a.greatest, b.greatest) + 1, grid, nonzero)


def _multiply(a: Bound, b: Bound) -> Bound:
    if a is None or b is None:
        return None
    return Magnitude(a.least + b.least, a.greatest + b.greatest, a.grid + b.grid, a.nonzero and b.nonzero)


def _divide(a: Bound, b: Bound) -> Bound:
    if a is None or b is None:
        return None
    least = a.least - b.greatest
    return Magnitude(least, a.greatest - b.least, least - FRACTION_BITS)


def _square_root(x: Bound) -> Bound:
    if x is None:
        return None
    least = x.least // 2
    return Magnitude(least, -(-x.greatest // 2), least - FRACTION_BITS)


def _either(a: Bound, b: Bound) -> Bound:
    if a is None or b is None:
        other = b if a is None else a
        return None if other is None else Magnitude(other.least, other.greatest, other.grid)
    nonzero = a.nonzero and b.nonzero
    return Magnitude(min(a.least, b.least), max(a.greatest, b.greatest), min(a.grid, b.grid), nonzero)


def _fused(a: Bound, b: Bound, c: Bound) -> Bound:
    return _add(_multiply(a, b), c)


def _flushed(x: Bound) -> Bound:
    return None if x is None else Magnitude(max(x.least, LEAST_NORMAL), x.greatest, x.grid)


def _from_binary32() -> Bound:
    """Its subnormals are ordinary numbers of binary64."""
    return Magnitude(-149, 128, -149)


def _same(x: Bound) -> Bound:
    return x


def _integral(x: Bound) -> Bound:
    return None if x is None else Magnitude(0, max(x.greatest, 0), max(x.grid, 0))


def _from_integer() -> Bound:
    return Magnitude(0, 63, 0)


def _from_bits() -> Bound:
    return _ANY


def _sum_of_many(array: Bound, initial: Bound) -> Bound:
    """Multiples of the coarser grid, however many."""
    found = [each for each in (array, initial) if each is not None]
    if not found:
        return None
    grid = min(each.grid for each in found)
    return Magnitude(grid, GREATEST, grid)


#: Every op that can give an f64; it takes the bounds of its f64 operands.
_TRANSFER: dict[Op, Callable[..., Bound]] = {
    ops.ADD: _add,
    ops.SUB: _add,
    ops.MUL: _multiply,
    ops.DIV: _divide,
    ops.SQRT: _square_root,
    ops.FMA: _fused,
    ops.FLUSH: _flushed,
    ops.F32_TO_F64: _from_binary32,
    ops.NEG: _same,
    ops.ABS: _same,
    ops.AS_UNIT: _same,
    ops.MIN: _either,
    ops.MAX: _either,
    ops.SELECT: _either,
    ops.RINT: _integral,
    ops.FLOOR: _integral,
    ops.CEIL: _integral,
    ops.TRUNC: _integral,
    ops.I64_TO_F64: _from_integer,
    ops.BITS_F64: _from_bits,
    ops.GET: _from_bits,
    ops.ROTATE: _same,
    ops.SPREAD: _same,
    ops.FOLD_ADD: _sum_of_many,
    ops.FOLD_NUMPY: _sum_of_many,
    ops.FOLD_MIN: _either,
    ops.FOLD_MAX: _either,
}
