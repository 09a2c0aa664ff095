"""Operators of the interpreter, XLA and C on columns of operands, at full width."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compile.backend import Backend, Batch
from dag.operators.op import Op
from dag.values.types import Kind, Type
from dag.values.words import Words, column_of_words, widened, words_of_column
from dagc.operators.evidence import OperatorTrial
from dagc.operators.keys import graph_of_ops, operand_types, text_key, tools_of
from rtl.evidence.core_campaign import meant, operands_of, ports_of, signature_of
from rtl.evidence.core_oracles import decided, outside


@dataclass(frozen=True, slots=True)
class WrongRow:
    """The first row on which an op differs from an oracle."""

    backend: str
    op: str
    oracle: str
    operands: tuple[int, ...]
    got: int
    expected: int

    def __str__(self) -> str:
        shown = ", ".join(f"{word:#018x}" for word in self.operands)
        return f"{self.backend}: {self.op}({shown}) is {self.got:#018x}, by {self.oracle} {self.expected:#018x}"


def try_software(
    backend: Backend, chosen: Sequence[Op], rows: int, seed: int
) -> tuple[dict[str, OperatorTrial], list[WrongRow]]:
    """Run the `chosen` ops on `rows` rows of special and random operands; what agreed, and the first row of each that did not."""
    columns = operands_of(np.random.default_rng(seed), rows)
    tried: dict[str, OperatorTrial] = {}
    wrong: list[WrongRow] = []
    for alike in _by_signature(chosen):
        words = [
            _as_operands(columns[port], type_)
            for port, type_ in zip(ports_of(alike[0]), operand_types(alike[0]), strict=True)
        ]
        got = _run(backend, alike, words)
        for op in alike:
            found = _compared(backend, op, words, got[op.name])
            if isinstance(found, WrongRow):
                wrong.append(found)
            else:
                tried[op.name] = OperatorTrial(text_key(backend, op), tools_of(backend), rows, seed, found)
    return tried, wrong


def _by_signature(chosen: Sequence[Op]) -> list[tuple[Op, ...]]:
    groups: dict[tuple[Type, ...], list[Op]] = {}
    for op in chosen:
        groups.setdefault(operand_types(op), []).append(op)
    return [tuple(group) for group in groups.values()]


def _as_operands(words: Words, type_: Type) -> Words:
    """Columns are made for cores, which read any word: a member's code here is a small one, an i32 has its sign."""
    if type_.kind is Kind.ENUM:
        return ((words % np.uint64(3)).astype(np.int64) - 1).view(np.uint64)
    if type_.kind is Kind.I32:
        return words.astype(np.uint32).view(np.int32).astype(np.int64).view(np.uint64)
    return words


def _run(backend: Backend, alike: tuple[Op, ...], words: Sequence[Words]) -> dict[str, Words]:
    graph = graph_of_ops(alike, "operators", widened=True)
    types = operand_types(alike[0])
    inputs = {
        f"x{k}": column_of_words(column, type_)[np.newaxis, :]
        for k, (column, type_) in enumerate(zip(words, types, strict=True))
    }
    nodes = {op.name: graph.node(f"result_{op.name}") for op in alike}
    runner = backend.load(graph, backend.lower(graph))
    wide = {tap.name.removeprefix("wide_"): tap.node for tap in graph.taps if tap.name.startswith("wide_")}
    result = runner.run(Batch(inputs, {}, None, 1, len(words[0])), [*nodes.values(), *wide.values()])
    got = {name: words_of_column(result.nodes[node][0], graph.types[node]) for name, node in nodes.items()}
    for name, node in wide.items():
        shown, held = result.nodes[nodes[name]][0], result.nodes[node][0]
        differs = words_of_column(widened(shown, held.dtype), graph.types[node]) != words_of_column(
            held, graph.types[node]
        )
        got[name] = np.where(differs, ~got[name], got[name])  # no narrow value at all
    return got


#: What the oracles said of the operands that were tried last: the next backend is asked the same.
_SAID: dict[tuple[str, Op, bytes], Words | None] = {}


def _said(name: str, op: Op, words: Sequence[Words]) -> Words | None:
    key = name, op, b"".join(hashlib.sha256(each.tobytes()).digest() for each in words)
    if key not in _SAID:
        _SAID[key] = (meant if name == "meaning" else outside()[name])(op, words)
    return _SAID[key]


def _compared(backend: Backend, op: Op, words: Sequence[Words], got: Words) -> dict[str, int] | WrongRow:
    gives = Type(signature_of(op)[1])
    agreed: dict[str, int] = {}
    for name in ("meaning", *outside()):
        said = _said(name, op, words)
        if said is None:
            continue
        expected = words_of_column(column_of_words(said, gives), gives)
        asked = decided(op, words) if name != "meaning" else np.ones(len(got), dtype=np.bool_)
        differs = np.flatnonzero((got != expected) & asked)
        if differs.size:
            at = int(differs[0])
            return WrongRow(
                backend.name, op.name, name, tuple(int(each[at]) for each in words), int(got[at]), int(expected[at])
            )
        agreed[name] = int(asked.sum())
    return agreed
