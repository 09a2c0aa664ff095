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
# IEEE 1800-2017, annex B: simulators read our Verilog as SystemVerilog and take none of these as a name.
_VERILOG_WORDS = """accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin
bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking cmos config const
constraint context continue cover covergroup coverpoint cross deassign default defparam design disable dist do edge else end
endcase endchecker endclass endclocking endconfig endfunction endgenerate endgroup endinterface endmodule endpackage
endprimitive endprogram endproperty endsequence endspecify endtable endtask enum event eventually expect export extends
extern final first_match for force foreach forever fork forkjoin function generate genvar global highz0 highz1 if iff ifnone
ignore_bins illegal_bins implements implies import incdir include initial inout input inside instance int integer interconnect
interface intersect join join_any join_none large let liblist library local localparam logic longint macromodule matches medium
modport module nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 null or output package packed
parameter pmos posedge primitive priority program property protected pull0 pull1 pulldown pullup pulsestyle_ondetect
pulsestyle_onevent pure rand randc randcase randsequence rcmos real realtime ref reg reject_on release repeat restrict return
rnmos rpmos rtran rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared sequence shortint shortreal
showcancelled signed small soft solve specify specparam static string strong strong0 strong1 struct super supply0 supply1
sync_accept_on sync_reject_on table tagged task this throughout time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1
triand trior trireg type typedef union unique unique0 unsigned until until_with untyped use uwire var vectored virtual void
wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor clk rst"""
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
