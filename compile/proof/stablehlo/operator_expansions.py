"""What each operator is on XLA, in the vocabulary of `compile.proof.stablehlo.tensor_terms`: written from the operator's meaning.

A program is read function by function, and a function is the operator whose expansion it has. The table knows nothing of
the emitter. An f32 is held as the binary64 number it is, an i32 as an i64, and an enum as its code, so one expansion may
serve several operators; the one named is what `compile.proof.core.terms` has for all of them. A product is fenced: its
pattern is xored with the run-time zero, without which LLVM may contract it with a sum. That is part of the expansion.

`fma` alone is not written out: 240 integer operations, of which `PINNED` holds the digest. Whoever changes them reads
`tests/compile/proof/test_operator_expansions.py`, which computes every expansion, and the pinned one, against the
operator's meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64, TensorTerms
from compile.proof.stablehlo.term_builder import (
    DROPPED,
    GRID_32,
    INFINITY,
    LEAST_NORMAL_32,
    MAGNITUDE,
    REBIAS,
    SIGN,
    Builder,
)
from dag.values.words import CANONICAL_NAN, CANONICAL_NAN_32

#: Digest of the term of what is not written out -> its operator; see the module docstring.
PINNED: Mapping[str, str] = {"371022ad86721e2beba01d3b2acc51e15b2ac5867b3016feb8b87e3269a400c0": "fma"}


Expansion = Callable[..., int]


def _float(op: str) -> Expansion:
    return lambda s, *args: s.f(op, *args)


def _int(op: str) -> Expansion:
    return lambda s, *args: s.i(op, *args)


def _bool(op: str) -> Expansion:
    return lambda s, *args: s.b(op, *args)


def _smaller_or_larger(direction: str) -> Expansion:
    """Python's: b if b < a (or b > a) else a."""
    return lambda s, a, b: s.select(s.b(f"fcmp {direction}", b, a), b, a)


def _truncated(s: Builder, x: int) -> int:
    return s.select(s.b("icmp LT", s.bits(x), s.word(0)), s.f("fceil", x), s.f("ffloor", x))


def _flushed(least: int) -> Expansion:
    """The sign of x alone where |x| is `least` or less, by the pattern."""

    def expansion(s: Builder, x: int) -> int:
        small = s.b("icmp LE", s.magnitude(x), s.word(least))
        return s.float_of(s.select(small, s.i("and", s.bits(x), s.word(SIGN)), s.bits(x)))

    return expansion


def _to_integer(s: Builder, x: int) -> int:
    """Toward zero below 2^63; saturated beyond; 0 of a NaN. What does not fit is never converted."""
    size, zero = s.magnitude(x), s.word(0)
    fits = s.b("icmp LT", size, s.word((1023 + 63) << 52))
    converted = s.i("f2i", s.float_of(s.select(fits, s.bits(x), zero)))
    saturated = s.select(s.b("icmp LT", s.bits(x), zero), s.word(SIGN), s.word(MAGNITUDE))
    outside = s.select(s.b("icmp GT", size, s.word(INFINITY)), zero, saturated)
    return s.select(fits, converted, outside)


def _pattern(s: Builder, x: int) -> int:
    is_nan = s.b("icmp GT", s.magnitude(x), s.word(INFINITY))
    return s.select(is_nan, s.word(CANONICAL_NAN), s.bits(x))


def _rounding(op: str) -> Expansion:
    return lambda s, a, b: s.rounded(s.f(op, a, b))


def _from_integer_32(s: Builder, n: int) -> int:
    """Beyond 53 bits the last eleven go first, leaving a sticky bit, and the exponent is raised again."""
    zero = s.word(0)
    negative = s.b("icmp LT", n, zero)
    size = s.select(negative, s.i("isub", zero, n), n)
    sticky = s.i("b2i", s.b("icmp NE", s.i("and", size, s.word(0x7FF)), zero))
    shortened = s.i("or", s.right(size, 11), sticky)
    short = s.below(size, s.word(1 << 53))
    kept = s.bits(s.f("i2f", s.select(short, size, shortened)))
    raised = s.i("iadd", kept, s.select(short, zero, s.word(11 << 52)))
    return s.rounded(s.float_of(s.i("or", raised, s.select(negative, s.word(SIGN), zero))))


def _pattern_32(s: Builder, x: int) -> int:
    size = s.magnitude(x)
    grid = s.word(GRID_32)
    on_grid = s.i("isub", s.bits(s.f("fadd", s.float_of(size), s.float_of(grid))), grid)
    normal = s.i("isub", s.right(size, DROPPED), s.word(REBIAS))
    pattern = s.select(s.b("icmp LT", size, s.word(LEAST_NORMAL_32)), on_grid, normal)
    pattern = s.select(s.b("icmp GE", size, s.word(INFINITY)), s.word(0xFF << 23), pattern)
    sign = s.select(s.b("icmp LT", s.bits(x), s.word(0)), s.word(-(1 << 31)), s.word(0))
    is_nan = s.b("icmp GT", size, s.word(INFINITY))
    return s.select(is_nan, s.word(CANONICAL_NAN_32), s.i("or", pattern, sign))


def _of_pattern_32(s: Builder, n: int) -> int:
    size = s.i("and", n, s.word((1 << 31) - 1))
    normal = s.i("iadd", s.left(size, DROPPED), s.word(REBIAS << DROPPED))
    grid = s.word(GRID_32)
    small = s.bits(s.f("fsub", s.float_of(s.i("iadd", size, grid)), s.float_of(grid)))
    pattern = s.select(s.b("icmp LT", size, s.word(1 << 23)), small, normal)
    pattern = s.select(s.b("icmp EQ", size, s.word(0xFF << 23)), s.word(INFINITY), pattern)
    pattern = s.select(s.b("icmp GT", size, s.word(0xFF << 23)), s.word(CANONICAL_NAN), pattern)
    sign = s.select(s.b("icmp LT", n, s.word(0)), s.word(SIGN), s.word(0))
    return s.float_of(s.i("or", pattern, sign))


def _fused_32(s: Builder, a: int, b: int, c: int) -> int:
    """The product is exact in binary64. The sum is rounded to odd: its error by two-sum decides the last bit."""
    product = s.fenced(s.f("fmul", a, b))
    total = s.f("fadd", product, c)
    back = s.f("fsub", total, product)
    lost = s.f("fadd", s.f("fsub", product, s.f("fsub", total, back)), s.f("fsub", c, back))
    zero = s.float_of(s.word(0))
    above, below = s.b("fcmp GT", lost, zero), s.b("fcmp LT", lost, zero)
    even = s.b("icmp EQ", s.i("and", s.bits(total), s.word(1)), s.word(0))
    inexact = s.b("and", s.b("or", above, below), even)
    outward = s.b("not", s.b("xor", above, s.b("fcmp GT", total, zero)))
    step = s.select(inexact, s.select(outward, s.word(1), s.word(-1)), s.word(0))
    return s.rounded(s.float_of(s.i("iadd", s.bits(total), step)))


@dataclass(frozen=True, slots=True)
class _Division:
    """a / b toward zero with 1 in place of a divisor of 0 or -1, the remainder, and whether flooring takes one more."""

    quotient: int
    remainder: int
    lower: int


def _divided(s: Builder, a: int, b: int) -> _Division:
    special = s.b("or", s.b("icmp EQ", b, s.word(0)), s.b("icmp EQ", b, s.word(-1)))
    divisor = s.select(special, s.word(1), b)
    quotient = s.i("idiv", a, divisor)
    remainder = s.i("isub", a, s.i("imul", quotient, divisor))
    differ = s.b("xor", s.b("icmp LT", a, s.word(0)), s.b("icmp LT", divisor, s.word(0)))
    return _Division(quotient, remainder, s.b("and", s.b("icmp NE", remainder, s.word(0)), differ))


def _floor_quotient(s: Builder, a: int, b: int) -> int:
    found = _divided(s, a, b)
    floored = s.i("isub", found.quotient, s.i("b2i", found.lower))
    wrapped = s.select(s.b("icmp EQ", b, s.word(-1)), s.i("isub", s.word(0), a), floored)
    return s.select(s.b("icmp EQ", b, s.word(0)), s.word(0), wrapped)


def _floor_remainder(s: Builder, a: int, b: int) -> int:
    found = _divided(s, a, b)
    return s.select(found.lower, s.i("iadd", found.remainder, b), found.remainder)


def _shift(op: str) -> Expansion:
    return lambda s, a, n: s.i(op, a, s.i("and", n, s.word(63)))


def _multiply_high(s: Builder, a: int, b: int) -> int:
    """The upper half of the product from those of the halves: the lowest carries into the two in the middle."""
    mask = s.word((1 << 32) - 1)
    a_low, b_low = s.i("and", a, mask), s.i("and", b, mask)
    a_high, b_high = s.right(a, 32), s.right(b, 32)
    low = s.i("imul", a_low, b_low)
    cross = s.i("iadd", s.i("imul", a_high, b_low), s.right(low, 32))
    other = s.i("iadd", s.i("imul", a_low, b_high), s.i("and", cross, mask))
    high = s.i("iadd", s.i("imul", a_high, b_high), s.right(cross, 32))
    return s.i("iadd", high, s.right(other, 32))


def _low_half(s: Builder, n: int) -> int:
    return s.i("sra", s.i("shl", n, s.word(32)), s.word(32))


def _magnitude_of_integer(s: Builder, n: int) -> int:
    return s.select(s.b("icmp LT", n, s.word(0)), s.i("isub", s.word(0), n), n)


_F, _FF, _FFF, _I, _II, _BB = (F64,), (F64,) * 2, (F64,) * 3, (I64,), (I64,) * 2, (BOOL,) * 2
_DIRECTIONS = ("lt", "le", "gt", "ge", "eq", "ne")

#: Operator -> the sorts of its operands, and its expansion.
EXPANSIONS: Mapping[str, tuple[tuple[str, ...], Expansion]] = {
    "add": (_FF, _float("fadd")),
    "sub": (_FF, _float("fsub")),
    "mul": (_FF, lambda s, a, b: s.fenced(s.f("fmul", a, b))),
    "div": (_FF, _float("fdiv")),
    "neg": (_F, _float("fneg")),
    "abs": (_F, _float("fabs")),
    "sqrt": (_F, _float("fsqrt")),
    "min": (_FF, _smaller_or_larger("LT")),
    "max": (_FF, _smaller_or_larger("GT")),
    "rint": (_F, _float("frint")),
    "floor": (_F, _float("ffloor")),
    "ceil": (_F, _float("fceil")),
    "trunc": (_F, _truncated),
    "flush": (_F, _flushed(1 << 52)),
    "flush_f32": (_F, _flushed(LEAST_NORMAL_32)),
    **{name: (_FF, _bool(f"fcmp {name.upper()}")) for name in _DIRECTIONS},
    **{f"i{name}": (_II, _bool(f"icmp {name.upper()}")) for name in _DIRECTIONS},
    "add_f32": (_FF, _rounding("fadd")),
    "sub_f32": (_FF, _rounding("fsub")),
    "mul_f32": (_FF, lambda s, a, b: s.rounded(s.fenced(s.f("fmul", a, b)))),
    "div_f32": (_FF, _rounding("fdiv")),
    "sqrt_f32": (_F, lambda s, x: s.rounded(s.f("fsqrt", x))),
    "fma_f32": (_FFF, _fused_32),
    **{name: (_II, _int(name)) for name in ("iadd", "isub", "imul", "imin", "imax")},
    **{f"i{name}": (_II, _int(name)) for name in ("and", "or", "xor")},
    "idiv": (_II, _floor_quotient),
    "imod": (_II, _floor_remainder),
    "ineg": (_I, _int("ineg")),
    "iabs": (_I, _magnitude_of_integer),
    "shl": (_II, _shift("shl")),
    "shr": (_II, _shift("sra")),
    "multiply_high": (_II, _multiply_high),
    "lshr": (_II, _shift("srl")),
    "ult": (_II, lambda s, a, b: s.below(a, b)),
    "clz": (_I, _int("clz")),
    "and": (_BB, _bool("and")),
    "or": (_BB, _bool("or")),
    "not": ((BOOL,), _bool("not")),
    "i64_to_f64": (_I, _float("i2f")),
    "f64_to_i64": (_F, _to_integer),
    "f64_to_f32": (_F, lambda s, x: s.rounded(x)),
    "i64_to_f32": (_I, _from_integer_32),
    "i64_to_i32": (_I, _low_half),
    "bool_to_i64": ((BOOL,), _int("b2i")),
    "f64_bits": (_F, _pattern),
    "bits_f64": (_I, lambda s, n: s.float_of(n)),
    "f32_bits": (_F, _pattern_32),
    "bits_f32": (_I, _of_pattern_32),
}
#: `select` on each sort, and the operators that change no bit, on each sort.
SORTS = (F64, I64, BOOL)


def expansions(terms: TensorTerms) -> dict[int, str]:
    """Term of a function's summary, its parameters `param 0`, `param 1`, ... -> the operator it is."""
    s = Builder(terms)
    found: dict[int, str] = {}
    for operator, (sorts, expand) in EXPANSIONS.items():
        term = expand(s, *(s.param(place, sort) for place, sort in enumerate(sorts)))
        found.setdefault(term, operator)
    for sort in SORTS:
        found[s.param(0, sort)] = "as_unit"
        found[s.select(s.param(0, BOOL), s.param(1, sort), s.param(2, sort))] = "select"
    return found


def lookup_expansion(terms: TensorTerms, sorts: tuple[str, ...]) -> int | None:
    """`lookup` of places `sorts[0]`, one or an array of them a row, in a table `sorts[1]`; None where it is none."""
    if len(sorts) != 2 or sorts[0].split("[")[0] != I64 or not sorts[1].startswith(f"{I64}["):
        return None
    s = Builder(terms)
    places, length = sorts[0], int(sorts[1].removeprefix(f"{I64}[").removesuffix("]"))
    inside = terms.make("and", s.param(0, places), terms.constant(length - 1, places), sort=places)
    index = terms.make("reshape", inside, sort=places + "[1]" if places == I64 else f"{places[:-1]}x1]", attribute=())
    return terms.make("gather", s.param(1, sorts[1]), index, sort=places, attribute=element_of_table(places != I64))


def element_of_table(of_arrays: bool) -> tuple[tuple[str, str], ...]:
    """Of a table that all rows share the element at each place that a row says."""
    vector = 2 if of_arrays else 1
    return (
        (
            "dimension_numbers",
            f"#stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = {vector}>",
        ),
        ("indices_are_sorted", "false"),
        ("slice_sizes", "array<i64: 1>"),
    )


def array_expansions(terms: TensorTerms, array: str) -> dict[int, str]:
    """`get` and `put` on arrays of the sort `array`, such as `f64[8]`."""
    s = Builder(terms)
    element, _, length = array.removesuffix("]").partition("[")
    words, flags = f"i64[{length}]", f"i1[{length}]"
    whole, place = s.param(0, array), s.param(1, I64)
    last = s.word(int(length) - 1)
    inside = s.b("and", s.b("icmp GE", place, s.word(0)), s.b("icmp LE", place, last))
    clamped = terms.make("reshape", s.i("clamp", s.word(0), place, last), sort="i64[1]", attribute=())
    taken = terms.make("gather", whole, clamped, sort=element, attribute=ONE_ELEMENT)
    found = {s.select(inside, taken, terms.constant(0, element)): "get"}

    def spread(x: int, sort: str) -> int:
        return terms.make("broadcast_in_dim", x, sort=sort, attribute=SPREAD)

    places = terms.make("iota", sort=words, attribute=PLACES)
    here = terms.make("icmp EQ", places, spread(place, words), sort=flags)
    chosen = terms.make("and", here, spread(s.param(3, BOOL), flags), sort=flags)
    value = spread(s.param(2, element), array)
    return {**found, terms.make("select", chosen, value, whole, sort=array): "put"}


#: Of each row one value for all elements; of each element its place.
SPREAD = (("broadcast_dimensions", "array<i64: 0>"),)
PLACES = (("iota_dimension", "1 : i64"),)
#: Of each row the element at the row's own place.
ONE_ELEMENT = (
    (
        "dimension_numbers",
        "#stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], "
        "start_index_map = [1], index_vector_dim = 1>",
    ),
    ("indices_are_sorted", "false"),
    ("slice_sizes", "array<i64: 1, 1>"),
)
