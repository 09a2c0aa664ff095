"""Constants as Verilog text: the bits, with the number they stand for in a comment."""

from __future__ import annotations

from dag.values.types import Kind, Type, Value
from dag.values.words import show, word_of
from rtl.netlist.pragmas import harmless


def literal(value: Value, type_: Type) -> str:
    """`64'h3FF8000000000000 /* 1.5 */`; a bool is one bit."""
    if type_.kind is Kind.BOOL:
        return f"1'b{int(bool(value))}"
    digits = 8 if type_.kind in (Kind.F32, Kind.I32) else 16
    word = word_of(value, type_) & ((1 << 4 * digits) - 1)
    return f"{4 * digits}'h{word:0{digits}X} /* {harmless(show(value, type_))} */"


def size(width: int) -> str:
    """The range of a wire, with a space after it; empty for one bit."""
    return f"[{width - 1}:0] " if width > 1 else ""
