"""The constant tables among the text before a C function: what a lookup in one of them is, its words say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compile.proof.c.text import Block
from compile.proof.core.verdict import Unreadable
from dag.operators.lookups import lookup_in
from dag.operators.op import Op
from dag.values.words import wrap_i64

_TABLE = re.compile(r"static const uint64_t (dagc_table_[0-9a-f]+)\[(\d+)\] = \{([^{}]*)\};")
_WORD = re.compile(r"0x[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Known:
    """What the functions of a file may use: the reviewed helpers that stand there, and its tables by name."""

    helpers: set[str]
    tables: Mapping[str, Op]


def parted(found: Sequence[Block]) -> tuple[list[Block], dict[str, Op]]:
    """Blocks without those that are tables, and the lookup in each table by its name. Raises Unreadable."""
    others: list[Block] = []
    tables: dict[str, Op] = {}
    for block in found:
        table = _TABLE.fullmatch(block.text.replace("\n", " "))
        if table is None:
            others.append(block)
            continue
        name, size, text = table.groups()
        words = [word.strip() for word in text.strip().removesuffix(",").split(",")]
        if name in tables or str(len(words)) != size or not all(map(_WORD.fullmatch, words)):
            raise Unreadable(f"`{name}` is defined twice, or is no table of {size} words", block.line)
        try:
            tables[name] = lookup_in(tuple(wrap_i64(int(word, 16)) for word in words))
        except ValueError as problem:
            raise Unreadable(f"`{name}`: {problem}", block.line) from problem
    return others, tables
