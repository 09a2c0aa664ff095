"""Operators that are an expression of a few levels of logic: the shapes they have, by the operators' meaning.

A shape is a constant, a letter that stands for any operand, or an operation on shapes. Which words a pattern is of, numbers or
patterns of numbers, no netlist says: `of` holds the kind that the operator's operands must have, by which `x & 0x7ff...` of a
float is its magnitude, and of an integer a bitwise and.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rtl.netlist.text import Expr

Shape = int | str | tuple["Shape | str", ...]

FLOAT, INT, BOOL = "float", "int", "bool"


@dataclass(frozen=True, slots=True)
class Pattern:
    """`shape` over operands of `width` bits, named by the letters in `operands`, is `operator`."""

    operator: str
    operands: str
    of: str
    width: int
    shape: Shape


def _floats(suffix: str, width: int, least: int, infinity: int, nan: int) -> Iterator[Pattern]:
    sign = 1 << (width - 1)
    size = ("&", "x", sign - 1)
    yield Pattern(f"flush{suffix}", "x", FLOAT, width, ("?:", ("<=", size, least), ("&", "x", sign), "x"))
    bits = "f32_bits" if suffix else "f64_bits"
    yield Pattern(bits, "x", FLOAT, width, ("?:", (">", size, infinity), nan, "x"))
    yield Pattern(f"neg{suffix}", "x", FLOAT, width, ("^", "x", sign))
    yield Pattern(f"abs{suffix}", "x", FLOAT, width, size)


def _integers() -> Iterator[Pattern]:
    def of(operator: str, operands: str, shape: Shape) -> Pattern:
        return Pattern(operator, operands, INT, 64, shape)

    yield of("iabs", "x", ("?:", ("<s", "x", 0), ("neg", "x"), "x"))
    yield of("imin", "ab", ("?:", ("<s", "b", "a"), "b", "a"))
    yield of("imax", "ab", ("?:", (">s", "b", "a"), "b", "a"))
    for operator, op in (("iadd", "+"), ("isub", "-"), ("iand", "&"), ("ior", "|"), ("ixor", "^")):
        yield of(operator, "ab", (op, "a", "b"))
    yield of("ineg", "x", ("neg", "x"))
    yield of("shl", "an", ("<<", "a", ("&", "n", 63)))
    yield of("lshr", "an", (">>", "a", ("&", "n", 63)))
    yield of("ult", "ab", ("<s", ("^", "a", 1 << 63), ("^", "b", 1 << 63)))
    yield of("shr", "an", (">>>s", "a", ("&", "n", 63)))
    for operator, op in (("ilt", "<s"), ("ile", "<=s"), ("igt", ">s"), ("ige", ">=s"), ("ieq", "=="), ("ine", "!=")):
        yield of(operator, "ab", (op, "a", "b"))


PATTERNS: tuple[Pattern, ...] = (
    *_floats("", 64, 1 << 52, 0x7FF << 52, 0x7FF8 << 48),
    *_floats("_f32", 32, 1 << 23, 0xFF << 23, 0x7FC0 << 16),
    *_integers(),
    Pattern("and", "ab", BOOL, 1, ("&", "a", "b")),
    Pattern("or", "ab", BOOL, 1, ("|", "a", "b")),
    Pattern("not", "x", BOOL, 1, ("~", "x")),
    Pattern("bool_to_i64", "x", BOOL, 1, ("{}", 0, "x")),
)


def matched(shape: Shape, expression: Expr, bound: dict[str, Expr]) -> bool:
    """Whether `expression` has `shape`; fills `bound` with what the letters stand for."""
    if isinstance(shape, str):
        return bound.setdefault(shape, expression) == expression
    if isinstance(shape, int):
        return expression.op == "const" and expression.value == shape
    op, *inner = shape
    return (
        expression.op == op
        and len(expression.args) == len(inner)
        and all(matched(each, arg, bound) for each, arg in zip(inner, expression.args, strict=True))
    )
