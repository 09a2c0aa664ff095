"""Every op of the op table in hardware against its meaning, over special and random operands, one row a clock.

    python -m rtl.core_campaign --rows 1000000 --seed 7

prints a line an op and exits with 1 when a word differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compile.backend import Refusal
from dag.ops import OPS, Op
from dag.types import Kind, Type
from dag.words import Words, column_dtype, column_of_words, words_of_column
from rtl.core_vectors import BINARY32, BINARY64, float_triples, i64_pairs
from rtl.cores import TABLE, core_sources
from rtl.lowering import Core, Expression
from rtl.schedule import width_of
from rtl.stream import Port, Stream

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
class Outcome:
    """How many rows of one op were compared, and the first that differs: operand words, the word got, the word expected."""

    op: Op
    latency: int
    rows: int
    wrong: int
    first: tuple[tuple[int, ...], int, int] | None


def lowered_ops() -> list[Op]:
    """The ops that hardware does not refuse."""
    return [op for op in OPS.values() if not isinstance(TABLE[op], Refusal)]


def campaign(rows: int, seed: int, overridden: dict[str, str] | None = None) -> list[Outcome]:
    """Stream `rows` rows of operands, one a clock, through every op; `overridden` replaces core files by name."""
    columns = _operands(np.random.default_rng(seed), rows)
    chosen = lowered_ops()
    sources = {"every_op.v": _every_op(chosen)}
    for op in chosen:
        row = TABLE[op]
        if isinstance(row, Core):
            sources.update(core_sources(row.module))
    sources.update(overridden or {})
    outputs = [Port(f"result_{op.name}", _latency(op)) for op in chosen]
    got, _ = Stream(sources, "every_op", list(_WIDTHS), outputs).run(columns, rows)
    return [_compared(op, columns, got[f"result_{op.name}"]) for op in chosen]


def _operands(rng: np.random.Generator, rows: int) -> dict[str, Words]:
    a, b, c = float_triples(rng, rows, BINARY64)
    d, e, f = float_triples(rng, rows, BINARY32)
    m, n = i64_pairs(rng, rows)
    k = i64_pairs(rng, rows)[0] & np.uint64((1 << 32) - 1)
    p, q = (rng.integers(0, 2, rows).astype(np.uint64) for _ in range(2))
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "m": m, "n": n, "k": k, "p": p, "q": q}


def _signature(op: Op) -> tuple[tuple[Kind, ...], Kind]:
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


def _ports(op: Op) -> tuple[str, ...]:
    """The port of each operand: the next free one of its kind."""
    used: dict[Kind, int] = {}
    ports: list[str] = []
    for kind in _signature(op)[0]:
        ports.append(_PORTS[kind][used.get(kind, 0)])
        used[kind] = used.get(kind, 0) + 1
    return tuple(ports)


def _latency(op: Op) -> int:
    row = TABLE[op]
    return row.latency if isinstance(row, Core) else 0


def _every_op(chosen: Sequence[Op]) -> str:
    ports = [f"    input  wire [{width - 1}:0] {name}" for name, width in _WIDTHS.items()]
    body: list[str] = []
    for op in chosen:
        result = f"result_{op.name}"
        operands = dict(zip(op.operands, _ports(op), strict=True))
        ports.append(f"    output wire [{width_of(Type(_signature(op)[1])) - 1}:0] {result}")
        match TABLE[op]:
            case Expression(template=template):
                body.append(f"    assign {result} = {template.format(**operands)};")
            case Core(module=module, parameters=parameters):
                settings = ", ".join(f".{name}({value})" for name, value in parameters)
                wiring = "".join(f".{name}({port}), " for name, port in operands.items())
                body.append(f"    {module} #({settings}) core_{op.name} (.clk(clk), {wiring}.result({result}));")
    head = ["`default_nettype none", "module every_op (", ",\n".join(["    input  wire clk", *ports]), ");"]
    return "\n".join([*head, *body, "endmodule", ""])


def _compared(op: Op, columns: dict[str, Words], got: Words) -> Outcome:
    kinds, gives = _signature(op)
    operands = [columns[port] for port in _ports(op)]
    values = [column_of_words(words, Type(kind)).tolist() for words, kind in zip(operands, kinds, strict=True)]
    expected_column = np.array(list(map(op.meaning, *values)), dtype=column_dtype(Type(gives)))
    expected = words_of_column(expected_column, Type(gives))
    # Cores that pass an operand on may pass on any NaN; comparison knows one.
    canonical = words_of_column(column_of_words(got, Type(gives)), Type(gives))
    wrong = np.flatnonzero(canonical != expected)
    first = None
    if wrong.size:
        at = int(wrong[0])
        first = (tuple(int(words[at]) for words in operands), int(got[at]), int(expected[at]))
    return Outcome(op, _latency(op), len(got), int(wrong.size), first)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the module docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    outcomes = campaign(chosen.rows, chosen.seed)
    for outcome in outcomes:
        print(f"{outcome.op.name:12} {outcome.latency:3} cycles  {outcome.rows} rows  {outcome.wrong} differ")
        if outcome.first:
            operands, got, expected = outcome.first
            shown = ", ".join(f"{word:#018x}" for word in operands)
            print(f"    ({shown}) -> {got:#018x}, expected {expected:#018x}")
    return 1 if any(outcome.wrong for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
