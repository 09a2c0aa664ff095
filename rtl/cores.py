"""How each op becomes hardware: the one place that says which core, which latency and which expression.

Integers and bits are expressions; binary64 arithmetic is a core of `rtl/cores/`, pipelined to a result every cycle. A core's
latency is what its parameters make it; `tests/rtl/cores` holds each to the number that stands here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from compile.backend import Refusal
from dag import ops
from dag.ops import OPS, Op
from rtl.lowering import Core, Expression

_NAN = "64'h7ff8000000000000"
_INFINITY = "64'h7ff0000000000000"
#: An operand may be a literal, which has no bits to select: masks, not slices.
_MAGNITUDE = "64'h7fffffffffffffff"


def _compare(module: str) -> Core:
    return Core(module, 1)


def _round(mode: int) -> Core:
    return Core("f_round", 2, (("MODE", str(mode)),))


_ROWS: dict[Op, Core | Expression | Refusal] = {
    ops.ADD: Core("f_add", 6),
    ops.SUB: Core("f_add", 6, (("SUBTRACT", "1"),)),
    ops.MUL: Core("f_mul", 7),
    ops.DIV: Core("f_div", 23),
    ops.SQRT: Core("f_sqrt", 31),
    ops.MIN: _compare("f_min"),
    ops.MAX: _compare("f_max"),
    ops.NEG: Expression("{x} ^ 64'h8000000000000000", 1),
    ops.ABS: Expression(f"{{x}} & {_MAGNITUDE}", 0),
    ops.RINT: _round(0),
    ops.FLOOR: _round(1),
    ops.CEIL: _round(2),
    ops.TRUNC: _round(3),
    ops.LT: _compare("f_lt"),
    ops.LE: _compare("f_le"),
    ops.GT: _compare("f_gt"),
    ops.GE: _compare("f_ge"),
    ops.EQ: _compare("f_eq"),
    ops.NE: _compare("f_ne"),
    ops.IADD: Expression("{a} + {b}", 4),
    ops.ISUB: Expression("{a} - {b}", 4),
    ops.IMUL: Core("i_mul", 3),
    ops.INEG: Expression("-{x}", 4),
    ops.IABS: Expression("($signed({x}) < 0) ? -{x} : {x}", 5),
    ops.IMIN: Expression("($signed({b}) < $signed({a})) ? {b} : {a}", 5),
    ops.IMAX: Expression("($signed({b}) > $signed({a})) ? {b} : {a}", 5),
    ops.IAND: Expression("{a} & {b}", 1),
    ops.IOR: Expression("{a} | {b}", 1),
    ops.IXOR: Expression("{a} ^ {b}", 1),
    ops.SHL: Core("i_shl", 1),
    ops.SHR: Core("i_shr", 1),
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
    ops.I64_TO_F64: Core("i64_to_f", 4),
    ops.F64_TO_I64: Core("f_to_i64", 2),
    ops.BOOL_TO_I64: Expression("{{63'd0, {x}}}", 0),
    ops.ENUM_TO_I64: Expression("{x}", 0),
    ops.F64_BITS: Expression(f"(({{x}} & {_MAGNITUDE}) > {_INFINITY}) ? {_NAN} : {{x}}", 4),
    ops.BITS_F64: Expression("{n}", 0),
    ops.AS_UNIT: Expression("{x}", 0),
}

#: A row for every op of the op table.
TABLE: Mapping[Op, Core | Expression | Refusal] = {op: _ROWS[op] for op in OPS.values()}


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
