"""How each op becomes hardware: the one place that says which core, which latency and which expression.

Integers and bits are expressions; arithmetic is a core of `rtl/cores/`, pipelined to a result every cycle;
binary32 is binary64's source at other widths. A core's
latency is what its parameters make it; `tests/rtl/cores` holds each to the number that stands here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from dag.operators import table as ops
from dag.operators.op import Op
from dag.operators.table import IN_F32
from dag.values.words import MASK
from rtl.plan.lowering import Access, Core, Expression

_NAN = "64'h7ff8000000000000"
_NAN_32 = "32'h7fc00000"
_INFINITY = "64'h7ff0000000000000"
#: An operand may be a literal, which has no bits to select: masks, not slices.
_MAGNITUDE = "64'h7fffffffffffffff"
_TOP = "64'h8000000000000000"
_MAGNITUDE_32 = "32'h7fffffff"


def _core(module: str, cuts: str, stages: int = 0, **parameters: int) -> Core:
    """A core with a register at each `1` of `cuts`, first stage first, and `stages` more inside a recurrence."""
    bits = f"{len(cuts)}'b{cuts[::-1]}"
    settings = {**{name: str(value) for name, value in parameters.items()}, "CUTS": bits}
    return Core(module, cuts.count("1") + stages, tuple(settings.items()))


def _recurrence(module: str, cuts: str, digits: int, digits_per_stage: int, **parameters: int) -> Core:
    return _core(module, cuts, math.ceil(digits / digits_per_stage), BITS_PER_STAGE=digits_per_stage, **parameters)


def _compare(**outcomes: int) -> Core:
    return _core("f_compare", "01", **outcomes)


def _round(mode: int) -> Core:
    return _core("f_round", "111", MODE=mode)


def _flush(magnitude: str, sign: str, least_normal: str) -> Expression:
    return Expression(f"(({{x}} & {magnitude}) <= {least_normal}) ? ({{x}} & {sign}) : {{x}}", 5)


def _in_binary32(core: Core) -> Core:
    """The same source at another width, cut at the same places."""
    return Core(core.module, core.latency, (("EXP", "8"), ("FRAC", "23"), *core.parameters))


def _all_in_binary32(cores: Mapping[Op, Core]) -> dict[Op, Core]:
    return {IN_F32[op]: _in_binary32(core) for op, core in cores.items() if op in IN_F32}


def _lookup(table: tuple[int, ...]) -> Core:
    words = "".join(f"{word & MASK:016x}" for word in reversed(table))
    return Core("i_lookup", 1, (("LENGTH", str(len(table))), ("TABLE", f"{64 * len(table)}'h{words}")))


def row_of(op: Op) -> Core | Expression | Access:
    """The row of an op; a lookup's core has its table."""
    return _lookup(op.table) if op.table else TABLE[op]


_BINARY64: dict[Op, Core] = {
    ops.ADD: _core("f_add", "1111111111"),
    ops.SUB: _core("f_add", "1111111111", SUBTRACT=1),
    ops.MUL: _core("f_mul", "111111111111"),
    ops.DIV: _recurrence("f_div", "1111111", digits=55, digits_per_stage=3),
    ops.SQRT: _recurrence("f_sqrt", "1111", digits=54, digits_per_stage=3),
    ops.FMA: _core("f_fma", "1" * 20),
    ops.MIN: _core("f_choose", "01"),
    ops.MAX: _core("f_choose", "01", LARGER=1),
    ops.RINT: _round(0),
    ops.FLOOR: _round(1),
    ops.CEIL: _round(2),
    ops.TRUNC: _round(3),
    ops.LT: _compare(LESS=1),
    ops.LE: _compare(LESS=1, EQUAL=1),
    ops.GT: _compare(GREATER=1),
    ops.GE: _compare(GREATER=1, EQUAL=1),
    ops.EQ: _compare(EQUAL=1),
    ops.NE: _compare(LESS=1, GREATER=1, UNORDERED=1),
}

#: A row for every op of the op table.
TABLE: Mapping[Op, Core | Expression | Access] = {
    **_BINARY64,
    **_all_in_binary32(_BINARY64),
    # A quotient and a root have as many digits as the format, and are that much sooner there.
    ops.DIV_F32: _in_binary32(_recurrence("f_div", "1111111", digits=26, digits_per_stage=3)),
    ops.SQRT_F32: _in_binary32(_recurrence("f_sqrt", "1111", digits=25, digits_per_stage=3)),
    ops.NEG_F32: Expression("{x} ^ 32'h80000000", 1),
    ops.ABS_F32: Expression(f"{{x}} & {_MAGNITUDE_32}", 0),
    ops.FLUSH: _flush(_MAGNITUDE, "64'h8000000000000000", "64'h0010000000000000"),
    ops.FLUSH_F32: _flush(_MAGNITUDE_32, "32'h80000000", "32'h00800000"),
    ops.NEG: Expression("{x} ^ 64'h8000000000000000", 1),
    ops.ABS: Expression(f"{{x}} & {_MAGNITUDE}", 0),
    ops.IADD: Expression("{a} + {b}", 4),
    ops.ISUB: Expression("{a} - {b}", 4),
    ops.IMUL: _core("i_mul", "111"),
    ops.IDIV: _recurrence("i_div", "11", digits=64, digits_per_stage=3),
    ops.IMOD: _recurrence("i_div", "11", digits=64, digits_per_stage=3, REMAINDER=1),
    ops.INEG: Expression("-{x}", 4),
    ops.IABS: Expression("($signed({x}) < 0) ? -{x} : {x}", 5),
    ops.IMIN: Expression("($signed({b}) < $signed({a})) ? {b} : {a}", 5),
    ops.IMAX: Expression("($signed({b}) > $signed({a})) ? {b} : {a}", 5),
    ops.IAND: Expression("{a} & {b}", 1),
    ops.IOR: Expression("{a} | {b}", 1),
    ops.IXOR: Expression("{a} ^ {b}", 1),
    ops.SHL: Expression("{a} << ({n} & 64'd63)", 5),
    ops.SHR: Expression("$signed({a}) >>> ({n} & 64'd63)", 5),
    ops.MULTIPLY_HIGH: _core("i_mul_high", "1111"),
    ops.LSHR: Expression("{a} >> ({n} & 64'd63)", 5),
    # As signed words with the top bit changed: linters object to an unsigned comparison with 0.
    ops.ULT: Expression(f"$signed({{a}} ^ {_TOP}) < $signed({{b}} ^ {_TOP})", 5),
    ops.CLZ: _core("i_clz", "11"),
    ops.LOOKUP: _lookup(ops.LOOKUP.table),
    ops.ILT: Expression("$signed({a}) < $signed({b})", 4),
    ops.ILE: Expression("$signed({a}) <= $signed({b})", 4),
    ops.IGT: Expression("$signed({a}) > $signed({b})", 4),
    ops.IGE: Expression("$signed({a}) >= $signed({b})", 4),
    ops.IEQ: Expression("{a} == {b}", 3),
    ops.INE: Expression("{a} != {b}", 3),
    ops.AND: Expression("{a} & {b}", 1),
    ops.OR: Expression("{a} | {b}", 1),
    ops.NOT: Expression("~{x}", 1),
    ops.ENUM_EQ: Expression("{a} == {b}", 3),
    ops.SELECT: Expression("{condition} ? {a} : {b}", 1),
    ops.I64_TO_F64: _core("i_to_f", "11111"),
    ops.F64_TO_I64: _core("f_to_i", "111"),
    ops.F64_TO_F32: _core("f_narrow", "11111"),
    ops.F32_TO_F64: _core("f_widen", "11"),
    ops.I64_TO_F32: _in_binary32(_core("i_to_f", "11111")),
    ops.F32_TO_I64: _in_binary32(_core("f_to_i", "111")),
    ops.I64_TO_I32: Core("i_resize", 0, (("FROM", "64"), ("TO", "32"))),
    ops.I32_TO_I64: Core("i_resize", 0, (("FROM", "32"), ("TO", "64"))),
    ops.BOOL_TO_I64: Expression("{{63'd0, {x}}}", 0),
    ops.ENUM_TO_I64: Expression("{x}", 0),
    ops.F64_BITS: Expression(f"(({{x}} & {_MAGNITUDE}) > {_INFINITY}) ? {_NAN} : {{x}}", 4),
    ops.BITS_F64: Expression("{n}", 0),
    ops.F32_BITS: Expression(f"(({{x}} & {_MAGNITUDE_32}) > 32'h7f800000) ? {_NAN_32} : {{x}}", 4),
    ops.BITS_F32: Expression("{n}", 0),
    ops.GET: Access(5),  # the comparison with the length runs beside the memory
    ops.PUT: Access(0),
    ops.AS_UNIT: Expression("{x}", 0),
}

#: Without the shifts of subnormal operands and results there are fewer places worth a register.
_FLUSHED_BINARY64: dict[Op, Core] = {
    ops.ADD: _core("f_add", "1111111111", FLUSH=1),
    ops.SUB: _core("f_add", "1111111111", SUBTRACT=1, FLUSH=1),
    ops.MUL: _core("f_mul", "100011111001", FLUSH=1),
    ops.DIV: _recurrence("f_div", "1001001", digits=55, digits_per_stage=3, FLUSH=1),
    ops.SQRT: _recurrence("f_sqrt", "1011", digits=54, digits_per_stage=3, FLUSH=1),
    ops.FMA: _core("f_fma", "10001111111111111001", FLUSH=1),
}

#: The core that gives flush(op(...)) at once, for operands that are not subnormal.
FLUSHED: Mapping[Op, Core] = {
    **_FLUSHED_BINARY64,
    **_all_in_binary32(_FLUSHED_BINARY64),
    ops.DIV_F32: _in_binary32(_recurrence("f_div", "1001001", digits=26, digits_per_stage=3, FLUSH=1)),
    ops.SQRT_F32: _in_binary32(_recurrence("f_sqrt", "1011", digits=25, digits_per_stage=3, FLUSH=1)),
}


@cache
def core_sources(module: str) -> dict[str, str]:
    """File name -> Verilog of a module of `rtl/cores/` and of every module there that it instantiates."""
    text = resources.files("rtl").joinpath("cores", f"{module}.v").read_text()
    sources = {f"{module}.v": text}
    for used in dict.fromkeys(re.findall(r"^ *(\w+) #?\(", text, re.MULTILINE)):
        if used != module and used in _modules():
            sources.update(core_sources(used))
    return sources


@cache
def _modules() -> frozenset[str]:
    return frozenset(
        each.name[:-2] for each in resources.files("rtl").joinpath("cores").iterdir() if each.name.endswith(".v")
    )
