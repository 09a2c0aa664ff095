"""Lookups in constant tables: an operator of its own for each table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from dag.operators import meanings
from dag.operators.op import Op
from dag.operators.table import LOOKUP, OPS
from dag.values.words import wrap_i64

#: The lookups made so far, by name.
_LOOKUPS: dict[str, Op] = {LOOKUP.name: LOOKUP}
#: The longest table that a lookup may have.
LONGEST_TABLE = 1 << 10
TABLE_SIZES = frozenset(1 << k for k in range(1, LONGEST_TABLE.bit_length()))


def lookup_in(table: tuple[int, ...]) -> Op:
    """The lookup in `table`: two or more i64 words, a power of two of them. Raises ValueError for any other table."""
    if len(table) not in TABLE_SIZES:
        raise ValueError(f"a table has 2, 4, 8, ... {LONGEST_TABLE} words, this one {len(table)}")
    if any(not isinstance(word, int) or word != wrap_i64(word) for word in table):
        raise ValueError("a table's words are integers of 64 bits")
    if table == LOOKUP.table:
        return LOOKUP
    found = replace(LOOKUP, meaning=partial(meanings.looked_up, table), table=table, generic=LOOKUP)
    return _LOOKUPS.setdefault(name := f"{LOOKUP.name}_{found.digest}", replace(found, name=name))


def op_named(name: str) -> Op:
    """The row of that name, or the lookup, once it was made. Raises KeyError where there is none."""
    return OPS[name] if name in OPS else _LOOKUPS[name]


def is_op(name: str) -> bool:
    """Whether there is a row of that name, or a lookup that was made."""
    return name in OPS or name in _LOOKUPS
