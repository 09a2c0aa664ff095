"""The graph that mutants are planted in: small, prepared, every value named, one place at least for each mistake."""

from __future__ import annotations

from functools import cache

from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.lookups import lookup_in
from dag.operators.op import Op
from dag.values.domain import interval, whole_domain
from dag.values.types import BOOL, F32, F64, I64, array_type, enum_type

TABLE = (3, -1, 7, 1 << 62, 5, -(1 << 63), 0, 11)
SIDE = enum_type("Side", {"SHORT": -1, "FLAT": 0, "LONG": 1})


@cache
def subject() -> Graph:
    """Every operator on single values at least once, an enum, an array, and carried values of three types."""
    b = GraphBuilder("subject")
    b.open_scope("", "subject", "Where mutants live.")

    def op(name: str, which: Op, *args: int) -> int:
        node = b.op(which, args)
        b.tap(name, node)
        return node

    x = b.input("x", F64, "1", interval(F64, -1e6, 1e6))
    y = b.input("y", F64, "1", interval(F64, above=0.0))
    s = b.input("s", F32, "1", whole_domain(F32))
    n = b.input("n", I64, "1", interval(I64, -1000, 1000))
    side = b.input("side", SIDE, "1", whole_domain(SIDE))
    flag = b.input("flag", BOOL, "1", whole_domain(BOOL))
    scale = b.param("scale", F64, "1", interval(F64, -8.0, 8.0), 1.5)
    level = b.state("level", F64, "1", 0.25)
    before = b.state("before", F64, "1", -1.0)
    count = b.state("count", I64, "1", 3)
    armed = b.state("armed", BOOL, "1", False)
    ring = b.state("ring", array_type(F64, 4), "1", 0.5)
    third, tenth, zero, minus = (b.const(value, F64, "1") for value in (3.0, 0.1, 0.0, -0.0))
    one, two, five = (b.const(value, I64, "1") for value in (1, 2, 5))

    gap = op("gap", ops.SUB, x, level)
    product = op("product", ops.MUL, gap, scale)
    summed = op("summed", ops.ADD, product, y)
    chained = op("chained", ops.ADD, summed, before)
    third_of = op("third_of", ops.DIV, chained, third)
    ratio = op("ratio", ops.DIV, gap, y)
    root = op("root", ops.SQRT, op("square", ops.MUL, ratio, ratio))
    fused = op("fused", ops.FMA, gap, scale, y)
    low = op("low", ops.MIN, gap, tenth)
    high = op("high", ops.MAX, low, minus)
    plus = op("plus", ops.ADD, op("signless", ops.MUL, x, zero), zero)
    turned = op("turned", ops.NEG, high)
    size = op("size", ops.ABS, turned)
    near = op("near", ops.RINT, summed)
    down = op("down", ops.FLOOR, summed)
    up = op("up", ops.CEIL, ratio)
    cut = op("cut", ops.TRUNC, ratio)
    flushed = op("flushed", ops.FLUSH, op("tiny", ops.MUL, ratio, b.const(2.0**-1015, F64, "1")))
    below = op("below", ops.LT, gap, ratio)
    at_most = op("at_most", ops.LE, near, down)
    equal = op("equal", ops.EQ, near, down)
    both = op("both", ops.AND, below, flag)
    one_of = op("one_of", ops.OR, both, armed)
    is_not = op("is_not", ops.NOT, one_of)
    is_long = op("is_long", ops.ENUM_EQ, side, b.const(1, SIDE, "1"))
    chosen = op("chosen", ops.SELECT, is_long, third_of, up)
    code = op("code", ops.ENUM_TO_I64, side)
    whole = op("whole", ops.F64_TO_I64, op("scaled", ops.MUL, x, b.const(1e15, F64, "1")))
    stepped = op("stepped", ops.IADD, count, one)
    left = op("left", ops.ISUB, stepped, n)
    share = op("share", ops.IDIV, left, five)
    rest = op("rest", ops.IMOD, left, five)
    shifted = op("shifted", ops.SHR, left, two)
    larger = op("larger", ops.IMAX, share, n)
    masked = op("masked", ops.IXOR, larger, code)
    narrow = op("narrow", ops.MUL_F32, s, b.const(0.5, F32, "1"))
    rounded = op("rounded", ops.F64_TO_F32, third_of)
    mixed = op("mixed", ops.ADD_F32, narrow, rounded)
    read = op("read", ops.GET, ring, rest)
    words = op(
        "words",
        ops.MULTIPLY_HIGH,
        op("spread", ops.IMUL, left, b.const(0x9E3779B97F4A7C15 - (1 << 64), I64, "1")),
        whole,
    )
    upper = op("upper", ops.LSHR, words, five)
    under = op("under", ops.ULT, left, n)
    zeros = op("zeros", ops.CLZ, upper)
    found = op("found", lookup_in(TABLE), zeros)
    hashed = op("hashed", ops.IOR, op("lowest", ops.IAND, found, words), op("wide", ops.SHL, zeros, five))
    least = op("least", ops.IMIN, hashed, op("negated", ops.INEG, op("magnitude", ops.IABS, n)))
    orders = [op(f"order_{which}", which, n, left) for which in (ops.ILT, ops.IGT, ops.INE)]
    bits = op("bits", ops.F64_BITS, gap)
    again = op("again", ops.BITS_F64, op("flipped", ops.IXOR, bits, one))
    as_float = op("as_float", ops.I64_TO_F64, least)
    unlike = op("unlike", ops.NE, again, as_float)
    set_bits = [op(f"flag_{k}", ops.BOOL_TO_I64, each) for k, each in enumerate((under, unlike, *orders))]
    less_32 = op("less_32", ops.SUB_F32, mixed, narrow)
    share_32 = op("share_32", ops.DIV_F32, less_32, s)
    root_32 = op("root_32", ops.SQRT_F32, op("size_32", ops.ABS_F32, share_32))
    low_32 = op("low_32", ops.MIN_F32, root_32, op("turned_32", ops.NEG_F32, s))
    high_32 = op("high_32", ops.MAX_F32, low_32, share_32)
    fused_32 = op("fused_32", ops.FMA_F32, high_32, narrow, mixed)
    near_32 = op("near_32", ops.RINT_F32, s)
    down_32 = op("down_32", ops.FLOOR_F32, s)
    up_32 = op("up_32", ops.CEIL_F32, s)
    cut_32 = op("cut_32", ops.TRUNC_F32, s)
    flushed_32 = op("flushed_32", ops.FLUSH_F32, op("tiny_32", ops.MUL_F32, s, b.const(2.0**-126, F32, "1")))
    orders_32 = [
        op(f"{which}", which, *pair)
        for which, pair in {
            ops.LT_F32: (near_32, down_32), ops.LE_F32: (up_32, cut_32), ops.GT_F32: (near_32, down_32),
            ops.GE_F32: (up_32, cut_32), ops.EQ_F32: (near_32, down_32), ops.NE_F32: (up_32, cut_32),
        }.items()
    ]  # fmt: skip
    set_bits += [op(f"flag_32_{k}", ops.BOOL_TO_I64, each) for k, each in enumerate(orders_32)]
    whole_32 = op("whole_32", ops.F32_TO_I64, s)
    short = op("short", ops.I64_TO_I32, whole_32)
    long = op("long", ops.I32_TO_I64, short)
    bits_32 = op("bits_32", ops.F32_BITS, flushed_32)
    again_32 = op("again_32", ops.BITS_F32, bits_32)
    from_n = op("from_n", ops.I64_TO_F32, n)
    widened = op("widened", ops.F32_TO_F64, from_n)
    flags = set_bits[0]
    for each in set_bits[1:]:
        flags = b.op(ops.IADD, (b.op(ops.IADD, (flags, flags)), each))
    b.set_next("ring", b.op(ops.PUT, (ring, rest, gap, below)))
    b.set_next("level", op("level_next", ops.SELECT, flag, chosen, level))
    b.set_next("before", level)
    b.set_next("count", op("count_next", ops.SELECT, at_most, masked, stepped))
    b.set_next("armed", is_not)
    for name, node in {
        "chosen": chosen,
        "size": size,
        "plus": plus,
        "read": read,
        "root": root,
        "fused": fused,
    }.items():
        b.output(f"out_{name}", node, 0.0)
    for name, node in {"cut": cut, "flushed": flushed}.items():
        b.output(f"out_{name}", node, -0.0)
    b.output("out_whole", whole, 0)
    b.output("out_shifted", shifted, 0)
    b.output("out_equal", equal, False)
    for name, node in {"mixed": mixed, "again_32": again_32, "fused_32": fused_32}.items():
        b.output(f"out_{name}", node, 0.0)
    for name, node in {"again": again, "as_float": as_float, "widened": widened}.items():
        b.output(f"out_{name}", node, 0.0)
    for name, node in {"flags": flags, "least": least, "long": long}.items():
        b.output(f"out_{name}", node, 0)
    return prepare(b.freeze())
