"""Node names as identifiers that Python, C and Verilog all accept, the same in every emitted text."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

_C_WORDS = """auto break case char const continue default do double else enum extern float for goto if inline int long
register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while main"""
_CPP_WORDS = """alignas alignof asm bool catch char8_t char16_t char32_t concept consteval constexpr constinit const_cast
co_await co_return co_yield decltype delete dynamic_cast explicit export false friend int64_t linux memcpy mutable namespace
noexcept nullptr operator private protected public reinterpret_cast requires static_assert static_cast template this
thread_local throw true typeid typename typeof uint64_t unix using virtual wchar_t xor_eq and_eq or_eq not_eq bitand bitor
compl NULL"""
_VERILOG_WORDS = """always and assign begin buf case casex casez cell config deassign default defparam design disable edge
else end endcase endconfig endfunction endgenerate endmodule endprimitive endspecify endtable endtask event for force
forever fork function generate genvar highz0 highz1 if ifnone incdir include initial inout input instance integer join
large liblist library localparam macromodule medium module nand negedge nmos nor not or output parameter pmos posedge
primitive pull0 pull1 real realtime reg release repeat rnmos scalared signed small specify strong0 strong1 supply0 supply1
table task time tran tri tri0 tri1 trireg unsigned use vectored wait wand weak0 weak1 while wire wor xnor xor logic bit
byte int longint shortint string class new do return break continue property sequence assert assume cover final clk rst"""
RESERVED = frozenset(
    [*keyword.kwlist, *keyword.softkwlist, *_C_WORDS.split(), *_CPP_WORDS.split(), *_VERILOG_WORDS.split()]
)


def identifier(name: str) -> str:
    """`name` with every character that is not a letter, a digit or `_` made one `_`; `.` becomes `__`."""
    text = re.sub(r"[^A-Za-z0-9_]", "_", name.replace(".", "__"))
    if text and text[0].isdigit():
        text = f"_{text}"
    return f"{text}_" if text in RESERVED or text.startswith("dagc_") else text  # dagc_: our helpers in emitted text


def unique_identifiers(names: Iterable[str]) -> tuple[str, ...]:
    """`identifier` of each name, made distinct where two names would fall together."""
    taken: set[str] = set()
    result: list[str] = []
    for name in names:
        text = identifier(name)
        while text in taken:
            text += "_"
        taken.add(text)
        result.append(text)
    return tuple(result)
