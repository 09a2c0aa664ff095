"""Words that a name in emitted text may not be, because some language or header that the text meets has them already."""

from __future__ import annotations

import keyword

#: C23, with the types and object-like macros of standard headers, of compilers and of windows.h. Macros in capitals are not
#: here: `is_reserved` takes every word in capitals for one.
_C = """alignas alignof auto bool break case char complex const constexpr continue default do double else enum extern false
float for goto if imaginary inline int long noreturn nullptr register restrict return short signed sizeof static static_assert
struct switch thread_local true typedef typeof typeof_unqual union unsigned void volatile while main
int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t intmax_t uintmax_t size_t ssize_t
ptrdiff_t wchar_t char8_t char16_t char32_t max_align_t nullptr_t
alloca assert errno h_errno i386 linux memcpy memmove memset near far hyper pascal cdecl offsetof sigmask stderr stdin stdout
unix"""
#: Of these, `<word>_init` is a function of a C library, which a kernel of that name would replace.
_C_LIBRARY = """aio atomic cnd fanotify inotify mtx posix_spawn_file_actions posix_spawnattr pthread_attr pthread_barrier
pthread_barrierattr pthread_cond pthread_condattr pthread_mutex pthread_mutexattr pthread_rwlock pthread_rwlockattr pthread_spin
sem"""
_CPP = """and and_eq asm atomic_cancel atomic_commit atomic_noexcept bitand bitor catch class co_await co_return co_yield compl
concept const_cast consteval constinit contract_assert decltype delete dynamic_cast explicit export final friend import module
mutable namespace new noexcept not not_eq operator or or_eq override private protected public reflexpr reinterpret_cast requires
static_cast synchronized template this throw try typeid typename using virtual xor xor_eq"""
#: IEEE 1800-2023, annex B, and what its package `std`, which every design sees, declares.
_VERILOG = """accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin
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
wait wait_order wand weak weak0 weak1 while wildcard wire with within wor wreal xnor xor
std process mailbox semaphore randomize weak_reference"""
#: Devices of Windows, whatever the ending: no file can be called so.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))]
)

RESERVED = _DEVICES.union(
    keyword.kwlist, keyword.softkwlist, *(words.split() for words in (_C, _C_LIBRARY, _CPP, _VERILOG))
)


def is_reserved(text: str) -> bool:
    """Whether an identifier is a word of some target, or is written in capitals, as the macros of C headers are."""
    return text in RESERVED or text.lower() in _DEVICES or text == text.upper()
