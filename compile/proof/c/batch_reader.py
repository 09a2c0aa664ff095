"""`batch.c` read back: the function of one vector in full and the loop over accepted ones, run once on terms, lane for lane.

The types are GCC's vectors, which the parser takes for plain ones: what the operators mean on them is the reader's business.
The loops over blocks and bars are reviewed text.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from compile.backend import Files
from compile.proof.c.accepted_rows import Vectors
from compile.proof.c.batch import Lanes
from compile.proof.c.header import FILE as HEADER
from compile.proof.c.header import anonymous, kernel_prefix, read_header
from compile.proof.c.parsing import function_body, functions, line_of_node
from compile.proof.c.reviewed import BATCH, BATCH_END, BATCH_END_ANY
from compile.proof.c.row_reader import REVIEWED
from compile.proof.c.tables import Known, parted
from compile.proof.c.text import (
    Text,
    names_of,
    require_helpers,
    require_reviewed,
    split_at,
    split_at_both,
    text_of,
    without_comments,
)
from compile.proof.core.source import SourceTerms
from compile.proof.core.verdict import Read, Reading, Unreadable

_FILE = "batch.c"
_ARGUMENTS = """\
const dagc_column *dagc_inputs, const dagc_column *dagc_params,
    int64_t *const *dagc_state, int64_t *const *dagc_outputs,
    int64_t *const *dagc_taps)
{"""
_APART = "static __attribute__((noinline)) "
_LANES = f"{_APART}int64_t dagc_lanes(dagc_place dagc_at, {_ARGUMENTS}"
_VECTORS = f"{_APART}int64_t dagc_vectors(dagc_place dagc_from, int64_t dagc_end, {_ARGUMENTS}"
_PARTS = tuple(f"dagc_{stage}_part" for stage in ("bind", "bar", "row"))
_CALLER = "the caller of the batch entry hands in the graph's initial states, as kernel.c's init sets them"


class BatchReader:
    """Reads the vector entry of `batch.c` and its taps."""

    artifact = file = _FILE

    def answers_for(self, files: Files) -> Collection[str]:
        """The text and its header."""
        return [_FILE, HEADER]

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """Every value: the taps hold all of them."""
        return source.graph.shown_values()

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """What each lane of the vector function computes. Raises Unreadable."""
        graph = source.graph
        read_header(graph, files)
        bare = anonymous(without_comments(text_of(files, _FILE)), kernel_prefix(graph))
        run = self._any_rows(source, bare) if any(type_.axis for type_ in graph.types) else self._all_rows(source, bare)
        for state in graph.states:
            run.reading.initial_states[state.name] = Read(source.initial(state.initial, graph.types[state.node]), 0)
        run.reading.assumed |= {REVIEWED, _CALLER} if graph.states else {REVIEWED}
        return run.reading

    def _any_rows(self, source: SourceTerms, bare: str) -> Lanes:
        """Of a graph along an axis: every vector goes through the function of any rows."""
        split = split_at(bare, _LANES)
        before, tables = parted(split.before)
        helpers = require_reviewed(before, BATCH, ("prelude",))
        require_helpers(bare, helpers, BATCH)
        require_reviewed(split.after, BATCH_END_ANY, ("loops",))
        run = Lanes(source, Known(helpers, tables))
        run.run(_body(Text(split.function, split.line), names_of(split.before)))
        return run

    def _all_rows(self, source: SourceTerms, bare: str) -> Lanes:
        """Of any other: accepted rows go through a loop of their own."""
        before, lanes, between, vectors, after = split_at_both(bare, _LANES, _VECTORS)
        outside = names_of(before)
        before, tables = parted(before)
        helpers = require_reviewed(before, BATCH, ("prelude",))
        require_helpers(bare, helpers, BATCH)
        known = Known(helpers, tables)
        run = Lanes(source, known)
        require_reviewed(after, BATCH_END, ("loops",))
        run.run(_body(lanes, outside))
        Vectors(source, known, _parts(between, outside), run.reading).run(_body(vectors, outside))
        return run


def _body(function: Text, outside: Collection[str]) -> list[Any]:
    return function_body(function.text.replace(_APART, "", 1), function.line, _FILE, outside=outside)


def _parts(between: Text, outside: Collection[str]) -> dict[str, Any]:
    """The parts that stand between the two functions, by name; nothing else may. Raises Unreadable."""
    found: dict[str, Any] = {}
    for each in functions(between.text.replace("DAGC_INLINE ", ""), between.line, _FILE, outside=outside):
        name = str(each.decl.name)
        if name not in _PARTS or name in found:
            raise Unreadable(f"`{name}` is not expected here", line_of_node(each))
        found[name] = each
    return found
