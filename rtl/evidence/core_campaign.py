"""Every op of the op table in hardware against its meaning, the host's arithmetic and SoftFloat, one row a clock.

    python -m rtl.evidence.core_campaign --rows 1000000 --seed 7

streams special and random operands through every core, those that flush included, prints a line a core and exits with 1 when a
word differs. A run of the same rows through the same cores by the same tools is remembered; `--again` runs it anew.
"""

from __future__ import annotations

import argparse
import inspect
import json
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from compile.cache import cached, key_of, store
from dag.operators import meanings
from dag.operators import table as ops
from dag.operators.op import Op
from dag.operators.table import OPS
from dag.values import words as words_module
from dag.values.types import Kind, Type
from dag.values.words import Words, column_dtype, column_of_words, words_of_column
from rtl.core_table import FLUSHED, TABLE, core_sources
from rtl.evidence import core_oracles, core_vectors
from rtl.evidence.core_oracles import Oracle, decided, outside
from rtl.evidence.core_vectors import BINARY32, BINARY64, float_triples, i64_pairs
from rtl.plan.lowering import Access, Core, Expression
from rtl.plan.schedule import width_of
from rtl.simulate import stream, verilator
from rtl.simulate.cxx import find_cxx
from rtl.simulate.stream import Port, Stream

_FLUSH = {Kind.F64: ops.FLUSH, Kind.F32: ops.FLUSH_F32}
#: Ports of the module under test, an operand each. An enum is its code; `select` and `as_unit` are tried on f64.
_PORTS = {
    Kind.F64: ("a", "b", "c"),
    Kind.F32: ("d", "e", "f"),
    Kind.I64: ("m", "n"),
    Kind.I32: ("k",),
    Kind.ENUM: ("m", "n"),
    Kind.BOOL: ("p", "q"),
}
_WIDTHS = {port: width_of(Type(kind)) for kind, ports in _PORTS.items() for port in ports}


@dataclass(frozen=True, slots=True)
class CoreUnderTest:
    """An op in hardware; `flushes`: the core that flushes its result, between whose operands and the ports stands a flush."""

    op: Op
    row: Core | Expression
    flushes: bool = False

    @property
    def name(self) -> str:
        """The op's name, or `flush_` and it."""
        return f"flush_{self.op.name}" if self.flushes else self.op.name

    @property
    def latency(self) -> int:
        """Cycles."""
        return self.row.latency if isinstance(self.row, Core) else 0


@dataclass(frozen=True, slots=True)
class CoreResult:
    """How many rows of one core were compared with each oracle, how many words differ from any of them, and the first:
    the oracle, operand words, the word got, the word expected."""

    name: str
    latency: int
    compared: dict[str, int]
    wrong: int
    first: tuple[str, tuple[int, ...], int, int] | None


def subjects() -> list[CoreUnderTest]:
    """Every op that hardware does not refuse, and every core that flushes."""
    rows = [CoreUnderTest(op, row) for op in OPS.values() if op in TABLE and not isinstance(row := TABLE[op], Access)]
    return rows + [CoreUnderTest(op, core, flushes=True) for op, core in FLUSHED.items()]


def campaign(
    rows: int,
    seed: int,
    chosen: Sequence[CoreUnderTest] | None = None,
    overridden: Mapping[str, str] | None = None,
    outsiders: bool = True,
) -> dict[str, CoreResult]:
    """Stream `rows` rows of operands, one a clock, through the `chosen` cores (default: all); an outcome for each by its name.

    `overridden` replaces core files by name. `outsiders`: compare with arithmetic that is not ours as well, as far as it is
    installed (`rtl.evidence.core_oracles`).
    """
    columns = operands_of(np.random.default_rng(seed), rows)
    chosen = subjects() if chosen is None else chosen
    outputs = [Port(f"result_{subject.name}", subject.latency) for subject in chosen]
    driver = Stream({**_texts(chosen), **(overridden or {})}, "side_by_side", list(_WIDTHS), outputs)
    got, _ = driver.run(columns, rows)
    oracles = {"meaning": meant, **(outside() if outsiders else {})}
    return {subject.name: _compared(subject, columns, got[f"result_{subject.name}"], oracles) for subject in chosen}


def _texts(chosen: Sequence[CoreUnderTest]) -> dict[str, str]:
    """File name -> Verilog of a module that has the chosen cores side by side, and of the cores."""
    texts = {"side_by_side.v": _side_by_side(chosen)}
    for subject in chosen:
        if isinstance(subject.row, Core):
            texts.update(core_sources(subject.row.module))
    return texts


def operands_of(rng: np.random.Generator, rows: int) -> dict[str, Words]:
    a, b, c = float_triples(rng, rows, BINARY64)
    d, e, f = float_triples(rng, rows, BINARY32)
    m, n = i64_pairs(rng, rows)
    k = i64_pairs(rng, rows)[0] & np.uint64((1 << 32) - 1)
    p, q = (rng.integers(0, 2, rows).astype(np.uint64) for _ in range(2))
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "m": m, "n": n, "k": k, "p": p, "q": q}


def signature_of(op: Op) -> tuple[tuple[Kind, ...], Kind]:
    """Kinds of operands and result, with f64 for 'any type' and for results of that type."""

    def kind(taken: object) -> Kind:
        match taken:
            case Type():
                return taken.kind
            case Kind():
                return taken
            case _:
                return Kind.F64

    return tuple(kind(taken) for taken in op.takes), kind(op.gives)


def ports_of(op: Op) -> tuple[str, ...]:
    """The port of each operand: the next free one of its kind."""
    used: dict[Kind, int] = {}
    ports: list[str] = []
    for kind in signature_of(op)[0]:
        ports.append(_PORTS[kind][used.get(kind, 0)])
        used[kind] = used.get(kind, 0) + 1
    return tuple(ports)


def _side_by_side(chosen: Sequence[CoreUnderTest]) -> str:
    ports = [f"    input  wire [{width - 1}:0] {name}" for name, width in _WIDTHS.items()]
    # A port that no chosen core reads is no slip.
    body = [f"    wire unused = &{{1'b0, clk, {', '.join(_WIDTHS)}}};"]
    for kind in _FLUSH if any(subject.flushes for subject in chosen) else ():
        row = TABLE[_FLUSH[kind]]
        assert isinstance(row, Expression)
        for port in _PORTS[kind]:
            body.append(f"    wire [{_WIDTHS[port] - 1}:0] {port}_flushed = {row.template.format(x=port)};")
        body.append(
            f"    wire unused_{kind.value} = &{{1'b0, {', '.join(f'{port}_flushed' for port in _PORTS[kind])}}};"
        )
    for subject in chosen:
        op = subject.op
        result = f"result_{subject.name}"
        suffix = "_flushed" if subject.flushes else ""
        operands = {name: f"{port}{suffix}" for name, port in zip(op.operands, ports_of(op), strict=True)}
        ports.append(f"    output wire [{width_of(Type(signature_of(op)[1])) - 1}:0] {result}")
        match subject.row:
            case Expression(template=template):
                body.append(f"    assign {result} = {template.format(**operands)};")
            case Core(module=module, parameters=parameters):
                settings = ", ".join(f".{name}({value})" for name, value in parameters)
                wiring = "".join(f".{name}({port}), " for name, port in operands.items())
                body.append(f"    {module} #({settings}) core_{subject.name} (.clk(clk), {wiring}.result({result}));")
    head = ["`default_nettype none", "module side_by_side (", ",\n".join(["    input  wire clk", *ports]), ");"]
    return "\n".join([*head, *body, "endmodule", ""])


def _compared(
    subject: CoreUnderTest, columns: dict[str, Words], got: Words, oracles: Mapping[str, Oracle]
) -> CoreResult:
    op = subject.op
    gives = Type(signature_of(op)[1])
    operands = [columns[port] for port in ports_of(op)]
    if subject.flushes:
        operands = [_flushed(words, gives) for words in operands]
    # Who passes an operand on may pass on any NaN; comparison knows one.
    found = canonical(got, gives)
    compared: dict[str, int] = {}
    wrong = np.zeros(len(got), dtype=np.bool_)
    first = None
    for name, oracle in oracles.items():
        expected = oracle(op, operands)
        if expected is None:
            continue
        expected = _flushed(expected, gives) if subject.flushes else canonical(expected, gives)
        asked = decided(op, operands) if name != "meaning" else np.ones(len(got), dtype=np.bool_)
        differs = (found != expected) & asked
        compared[name] = int(asked.sum())
        if first is None and differs.any():
            at = int(np.flatnonzero(differs)[0])
            first = (name, tuple(int(words[at]) for words in operands), int(got[at]), int(expected[at]))
        wrong |= differs
    return CoreResult(subject.name, subject.latency, compared, int(wrong.sum()), first)


def meant(op: Op, operands: Sequence[Words]) -> Words:
    kinds, gives = signature_of(op)
    values = [column_of_words(words, Type(kind)).tolist() for words, kind in zip(operands, kinds, strict=True)]
    column = np.array(list(map(op.meaning, *values)), dtype=column_dtype(Type(gives)))
    return words_of_column(column, Type(gives))


def _flushed(words: Words, type_: Type) -> Words:
    column = column_of_words(words, type_)
    with np.errstate(invalid="ignore"):
        tiny = np.abs(column) <= np.finfo(column.dtype).tiny
    return words_of_column(np.where(tiny, np.copysign(column.dtype.type(0), column), column), type_)


def canonical(words: Words, type_: Type) -> Words:
    return words_of_column(column_of_words(words, type_), type_)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the module docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="run it though its result is remembered")
    chosen = parser.parse_args(arguments)
    key = _key(chosen.rows, chosen.seed)
    remembered = None if chosen.again else cached(key)
    if remembered is None:
        lines, wrong = _report(campaign(chosen.rows, chosen.seed).values())
        store(key, json.dumps({"lines": lines, "wrong": wrong}).encode())
    else:
        print("remembered from an earlier run of the same cores, rows and tools; --again runs it anew")
        lines, wrong = (json.loads(remembered)[part] for part in ("lines", "wrong"))
    print("\n".join(lines))
    return 1 if wrong else 0


def _report(outcomes: Iterable[CoreResult]) -> tuple[list[str], int]:
    lines: list[str] = []
    wrong = 0
    for outcome in outcomes:
        against = ", ".join(f"{rows} {name}" for name, rows in outcome.compared.items())
        lines.append(f"{outcome.name:16} {outcome.latency:3} cycles  {outcome.wrong} differ  of {against}")
        if outcome.first:
            oracle, operands, got, expected = outcome.first
            shown = ", ".join(f"{word:#018x}" for word in operands)
            lines.append(f"    ({shown}) -> {got:#018x}, by {oracle} {expected:#018x}")
        wrong += outcome.wrong
    return lines, wrong


def _key(rows: int, seed: int) -> str:
    """Of all that a result depends on: the cores, the operands, the meanings and oracles, the tools."""
    run = f"{rows} {seed} {sys.version} {np.__version__} {sorted(outside())}"
    tools = f"{verilator.version()} {find_cxx()} {platform.processor()}"
    ours = [inspect.getsource(module) for module in (meanings, ops, words_module, core_vectors, core_oracles, stream)]
    own = inspect.getsource(sys.modules[__name__])
    return key_of("core-campaign", run, tools, *_texts(subjects()).values(), *ours, own)


if __name__ == "__main__":
    sys.exit(main())
