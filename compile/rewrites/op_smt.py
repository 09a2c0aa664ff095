"""What each op means in SMT-LIB, beside `dag/operators/meanings.py`: floats are IEEE numbers with one NaN, integers are bit vectors.

The text of an op without floats is on its row (`Op.smt`). The texts here depend on the format of the floats.

A float format is (exponent bits, significand bits with the hidden one), so that a claim can be put to smaller formats too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dag.operators import table as ops
from dag.operators.op import Op
from dag.operators.table import IN_F32, OPS


@dataclass(frozen=True, slots=True)
class Format:
    """A binary format."""

    exponent: int
    significand: int

    def __str__(self) -> str:
        names = {(11, 53): "binary64", (8, 24): "binary32", (5, 11): "binary16"}
        return names.get((self.exponent, self.significand), f"float({self.exponent},{self.significand})")

    @property
    def width(self) -> int:
        """Bits of a word."""
        return self.exponent + self.significand

    @property
    def sort(self) -> str:
        """The SMT-LIB sort."""
        return f"(_ FloatingPoint {self.exponent} {self.significand})"

    def of_bits(self, bits: str) -> str:
        """The number whose pattern is `bits`."""
        return f"((_ to_fp {self.exponent} {self.significand}) {bits})"

    @property
    def canonical_nan(self) -> str:
        """The word of the one NaN."""
        return bits(((1 << self.exponent + 1) - 1) << self.significand - 2, self.width)

    @property
    def least_normal(self) -> str:
        """The smallest normal number."""
        return self.of_bits(bits(1 << self.significand - 1, self.width))


BINARY64, BINARY32 = Format(11, 53), Format(8, 24)


def bits(value: int, width: int) -> str:
    """A bit vector literal."""
    return f"(_ bv{value % (1 << width)} {width})"


def _float_ops(form: Format) -> dict[Op, str]:
    """Templates over operand names, for the f64 rows of the table at any format."""
    zero, minus = f"(_ +zero {form.exponent} {form.significand})", f"(_ -zero {form.exponent} {form.significand})"
    return {
        ops.ADD: "(fp.add RNE {a} {b})",
        ops.SUB: "(fp.sub RNE {a} {b})",
        ops.MUL: "(fp.mul RNE {a} {b})",
        ops.DIV: "(fp.div RNE {a} {b})",
        ops.NEG: "(fp.neg {x})",
        ops.ABS: "(fp.abs {x})",
        ops.SQRT: "(fp.sqrt RNE {x})",
        ops.FMA: "(fp.fma RNE {a} {b} {c})",
        ops.MIN: "(ite (fp.lt {b} {a}) {b} {a})",
        ops.MAX: "(ite (fp.gt {b} {a}) {b} {a})",
        ops.RINT: "(fp.roundToIntegral RNE {x})",
        ops.FLOOR: "(fp.roundToIntegral RTN {x})",
        ops.CEIL: "(fp.roundToIntegral RTP {x})",
        ops.TRUNC: "(fp.roundToIntegral RTZ {x})",
        ops.LT: "(fp.lt {a} {b})",
        ops.LE: "(fp.leq {a} {b})",
        ops.GT: "(fp.gt {a} {b})",
        ops.GE: "(fp.geq {a} {b})",
        ops.EQ: "(fp.eq {a} {b})",
        ops.NE: "(not (fp.eq {a} {b}))",
        ops.FLUSH: f"(ite (fp.leq (fp.abs {{x}}) {form.least_normal}) (ite (fp.isNegative {{x}}) {minus} {zero}) {{x}})",
    }


_ZERO = bits(0, 64)


def _saturated(form: Format) -> str:
    """The integer toward zero, clamped; both ends are powers of two and exact in either format."""
    end = f"((_ to_fp {form.exponent} {form.significand}) RNE {bits(-(1 << 63), 64)})"
    return (
        f"(ite (fp.isNaN {{x}}) {_ZERO} (ite (fp.geq {{x}} (fp.neg {end})) {bits((1 << 63) - 1, 64)} "
        f"(ite (fp.lt {{x}} {end}) {bits(-(1 << 63), 64)} ((_ fp.to_sbv 64) RTZ {{x}}))))"
    )


def _conversions(wide: Format, narrow: Format) -> dict[Op, str]:
    return {
        ops.I64_TO_F64: f"((_ to_fp {wide.exponent} {wide.significand}) RNE {{n}})",
        ops.I64_TO_F32: f"((_ to_fp {narrow.exponent} {narrow.significand}) RNE {{n}})",
        ops.F64_TO_I64: _saturated(wide),
        ops.F32_TO_I64: _saturated(narrow),
        ops.F64_TO_F32: f"((_ to_fp {narrow.exponent} {narrow.significand}) RNE {{x}})",
        ops.F32_TO_F64: f"((_ to_fp {wide.exponent} {wide.significand}) RNE {{x}})",
        ops.BITS_F64: wide.of_bits("{n}"),
        ops.BITS_F32: narrow.of_bits("{n}"),
    }


def templates(wide: Format = BINARY64, narrow: Format = BINARY32) -> Mapping[Op, str]:
    """SMT-LIB for every op but those on arrays and those that read a NaN's bits, with `wide` for f64 and `narrow` for f32."""
    singles = {IN_F32[op]: text for op, text in _float_ops(narrow).items() if op in IN_F32}
    without_floats = {op: op.smt for op in OPS.values() if op.smt}
    return {**without_floats, **_float_ops(wide), **singles, **_conversions(wide, narrow)}


def applied(op: Op, args: tuple[str, ...], table: Mapping[Op, str]) -> str:
    """The SMT-LIB term of `op` on terms. Raises KeyError where it has none."""
    return table[op].format(**dict(zip(op.operands, args, strict=True)))
