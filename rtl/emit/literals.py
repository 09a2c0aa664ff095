"""Constants as Verilog text: the bits, with the number they stand for in a comment."""

from __future__ import annotations

from dag.types import Kind, Type, Value
from dag.words import show, word_of


def literal(value: Value, type_: Type) -> str:
    """`64'h3FF8000000000000 /* 1.5 */`; a bool is one bit."""
    if type_.kind is Kind.BOOL:
        return f"1'b{int(bool(value))}"
    return f"64'h{word_of(value, type_):016X} /* {show(value, type_)} */"
