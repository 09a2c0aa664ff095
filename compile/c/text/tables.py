"""The constant tables that a graph's lookups choose from, as C text: one array for each table, however often it is read."""

from __future__ import annotations

from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.values.words import MASK

#: Letters of the digest that a table is called by: the reader goes by the words, not by the name.
_LETTERS = 12
_A_LINE = 4


def table_name(op: Op) -> str:
    """What the table of a lookup is called."""
    return f"dagc_table_{op.digest[:_LETTERS]}"


def tables_text(graph: Graph) -> str:
    """The definition of every table of `graph`, a blank line between two; nothing where it has none."""
    lookups = dict.fromkeys(op for op in graph.ops if isinstance(op, Op) and op.table)
    return "\n".join(_definition(op) for op in lookups)


def _definition(op: Op) -> str:
    words = [f"0x{word & MASK:016x}" for word in op.table]
    lines = [f"    {', '.join(words[k : k + _A_LINE])}," for k in range(0, len(words), _A_LINE)]
    return "\n".join([f"static const uint64_t {table_name(op)}[{len(words)}] = {{", *lines, "};", ""])
