"""The floating-point cores of one tiny format side by side in one module, and what each must give for every operand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dag.values.words import Words
from rtl.core_table import core_sources
from rtl.evidence.tiny_floats import TinyFormat
from rtl.simulate.icarus import run_bench
from rtl.simulate.stream import Port, Stream

#: Bits of the integers that the conversions of a tiny format are tried with.
INTEGER_BITS = 8


@dataclass(frozen=True)
class CoreCase:
    """One core: its module, the ports of its operands and what the bench puts on them, its pipeline cuts, its meaning."""

    name: str
    module: str
    operands: dict[str, str]
    cuts: int
    #: None where the core promises nothing.
    meaning: Callable[..., int | None]
    parameters: dict[str, int] = field(default_factory=dict)
    result_bits: Callable[[TinyFormat], int] = lambda form: 1 + form.exponent + form.fraction
    #: Digits of a recurrence, whose registers are there whatever the cuts.
    digits: Callable[[TinyFormat], int] = lambda form: 0

    def latency(self, form: TinyFormat, cuts: int) -> int:
        """Cycles with a register at each one of `cuts`."""
        return cuts.bit_count() + -(-self.digits(form) // self.parameters.get("BITS_PER_STAGE", 1))

    def suits(self, form: TinyFormat) -> bool:
        """Whether the core is made for the format: the integers of the bench must fit its exponents."""
        return "INT" not in self.parameters or form.largest_exponent >= INTEGER_BITS - 1


_AB = {"a": "a", "b": "b"}
_X = {"x": "a"}


def _relation(name: str) -> CoreCase:
    return CoreCase(
        name, "f_compare", _AB, 2, lambda f, a, b: int(f.relation(a, b) == name), {name.upper(): 1}, lambda form: 1
    )


def _integral(number: int, mode: str) -> CoreCase:
    return CoreCase(mode, "f_round", _X, 3, lambda f, x: f.integral(x, mode), {"MODE": number})


def _flushed(case: CoreCase) -> CoreCase:
    """The same core with FLUSH: its result flushed, for operands that are not subnormal. For others it promises nothing."""

    def meaning(form: TinyFormat, *words: int) -> int | None:
        result = case.meaning(form, *words)
        if result is None or any(form.is_subnormal(word) for word in words):
            return None
        return form.flush(result)

    return replace(case, name=f"flushed_{case.name}", meaning=meaning, parameters={**case.parameters, "FLUSH": 1})


_ARITHMETIC = (
    CoreCase("add", "f_add", _AB, 10, TinyFormat.add),
    CoreCase("sub", "f_add", _AB, 10, TinyFormat.sub, {"SUBTRACT": 1}),
    CoreCase("mul", "f_mul", _AB, 12, TinyFormat.mul),
    CoreCase("div", "f_div", _AB, 7, TinyFormat.div, {"BITS_PER_STAGE": 2}, digits=lambda form: form.fraction + 3),
    CoreCase("sqrt", "f_sqrt", _X, 4, TinyFormat.sqrt, {"BITS_PER_STAGE": 3}, digits=lambda form: form.fraction + 2),
)
CASES: tuple[CoreCase, ...] = (
    *_ARITHMETIC,
    *map(_flushed, _ARITHMETIC),
    CoreCase("min", "f_choose", _AB, 2, lambda f, a, b: b if f.relation(b, a) == "less" else a),
    CoreCase("max", "f_choose", _AB, 2, lambda f, a, b: b if f.relation(b, a) == "greater" else a, {"LARGER": 1}),
    *(_relation(name) for name in ("less", "equal", "greater", "unordered")),
    *(_integral(number, mode) for number, mode in enumerate(("rint", "floor", "ceil", "trunc"))),
    CoreCase(
        "to_integer", "f_to_i", _X, 3, lambda f, x: f.to_integer(x, INTEGER_BITS), {"INT": INTEGER_BITS},
        lambda form: INTEGER_BITS,
    ),
    CoreCase(
        "from_integer", "i_to_f", {"n": "n"}, 5, lambda f, n: f.from_integer(n, INTEGER_BITS), {"INT": INTEGER_BITS}
    ),
)  # fmt: skip


def operands(form: TinyFormat) -> dict[str, Words]:
    """Columns of the ports a and b, which hold every pair of the format's words, and of n, which holds every integer."""
    words = np.array(form.words, dtype=np.uint64)
    pairs = {"a": np.repeat(words, len(words)), "b": np.tile(words, len(words))}
    return {**pairs, "n": np.arange(len(words) ** 2, dtype=np.uint64) % np.uint64(1 << INTEGER_BITS)}


def simulated(
    form: TinyFormat, cases: Sequence[CoreCase], cut_at: Callable[[int], bool], edited: dict[str, str] | None = None
) -> dict[str, Words]:
    """What each core gives for `operands(form)`, one row a clock; `cut_at(k)` says whether cut k has a register.

    `edited` replaces core files by name.
    """
    sources, samples = _cores_side_by_side(form, cases, cut_at)
    columns = operands(form)
    stream = Stream({**sources, **(edited or {})}, "cores", list(columns), samples)
    return stream.run(columns, len(columns["a"]))[0]


def simulated_by_icarus(form: TinyFormat, cases: Sequence[CoreCase], cut_at: Callable[[int], bool]) -> dict[str, Words]:
    """The same in Icarus Verilog: a bench that feeds rows from a file and prints every output in every cycle."""
    sources, samples = _cores_side_by_side(form, cases, cut_at)
    columns = operands(form)
    rows = len(columns["a"])
    cycles = rows + max(port.latency for port in samples)
    outputs = [f"    wire [{case.result_bits(form) - 1}:0] {case.name};" for case in cases]
    ports = "".join(f", .{name}({name})" for name in (*columns, *(case.name for case in cases)))
    form_string = " ".join(["%0d"] * len(cases))
    bench = f"""\
`timescale 1ns / 1ns
module bench;
    reg clk = 0;
    reg [63:0] words [0:{3 * cycles - 1}];
{chr(10).join(_declared_inputs(form, "    reg", ";"))}
{chr(10).join(outputs)}
    cores cores (.clk(clk){ports});
    integer cycle;
    initial begin
        $readmemh("rows.hex", words);
        for (cycle = 0; cycle < {cycles}; cycle = cycle + 1) begin
            a = words[3 * cycle];
            b = words[3 * cycle + 1];
            n = words[3 * cycle + 2];
            #1 $display("{form_string}", {", ".join(case.name for case in cases)});
            clk = 1;
            #1 clk = 0;
        end
    end
endmodule
"""
    fed = [f"{int(columns[name][min(cycle, rows - 1)]):x}" for cycle in range(cycles) for name in columns]
    printed = run_bench({"bench.v": bench, "rows.hex": "\n".join(fed) + "\n", **sources}, "bench").splitlines()
    seen = [[int(word) if word.isdigit() else -1 for word in line.split()] for line in printed]
    return {
        port.name: np.array([seen[row + port.latency][k] for row in range(rows)], dtype=np.int64).astype(np.uint64)
        for k, port in enumerate(samples)
    }


def _cores_side_by_side(
    form: TinyFormat, cases: Sequence[CoreCase], cut_at: Callable[[int], bool]
) -> tuple[dict[str, str], list[Port]]:
    """Module `cores` with the files it needs, and its outputs, called as the cases."""
    sources: dict[str, str] = {}
    ports, body, samples = _declared_inputs(form, "    input wire", ","), [], []
    for case in cases:
        cuts = sum(1 << k for k in range(case.cuts) if cut_at(k))
        settings = {"EXP": form.exponent, "FRAC": form.fraction, **case.parameters, "CUTS": f"{case.cuts}'d{cuts}"}
        wiring = {"clk": "clk", **case.operands, "result": case.name}
        ports.append(f"    output wire [{case.result_bits(form) - 1}:0] {case.name},")
        body.append(f"    {case.module} #({_named(settings)}) core_{case.name} ({_named(wiring)});")
        samples.append(Port(case.name, case.latency(form, cuts)))
        sources.update(core_sources(case.module))
    unused = "    wire unused = &{1'b0, a, b, n};"
    head = ["`default_nettype none", "module cores (", *ports, "    input wire clk", ");", unused]
    return {"cores.v": "\n".join([*head, *body, "endmodule", ""]), **sources}, samples


def _declared_inputs(form: TinyFormat, kind: str, end: str) -> list[str]:
    width = 1 + form.exponent + form.fraction
    return [f"{kind} [{bits - 1}:0] {name}{end}" for name, bits in {"a": width, "b": width, "n": INTEGER_BITS}.items()]


def _named(connections: Mapping[str, object]) -> str:
    return ", ".join(f".{name}({value})" for name, value in connections.items())


def differing_rows(form: TinyFormat, case: CoreCase, got: Words) -> list[tuple[tuple[int, ...], int, int]]:
    """(operands, word got, word expected) of each distinct set of operands for which the core is wrong."""
    columns = operands(form)
    ports = [columns[source].tolist() for source in case.operands.values()]
    wrong: dict[tuple[int, ...], tuple[int, int]] = {}
    known: dict[tuple[int, ...], int | None] = {}
    for *row, word in zip(*ports, got.tolist(), strict=True):
        key = tuple(row)
        if key not in known:
            known[key] = case.meaning(form, *key)
        expected = known[key]
        if expected is not None and word != expected:
            wrong[key] = (word, expected)
    return [(key, *words) for key, words in wrong.items()]
