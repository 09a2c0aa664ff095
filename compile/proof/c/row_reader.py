"""`kernel.c` read back: the row function run once on terms, its taps, its results, and what it leaves in the state.

Parsed by pycparser; nothing of the emitter is imported. A statement or expression outside the small language of emitted
kernels ends the reading. The file is read as GCC and Clang see it, without DAGC_HLS.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from compile.backend import Files
from compile.proof.c.header import FILE as HEADER
from compile.proof.c.header import anonymous, kernel_prefix, read_header
from compile.proof.c.parsing import function_body
from compile.proof.c.reviewed import ROW, ROW_END
from compile.proof.c.row import Row
from compile.proof.c.tables import Known, parted
from compile.proof.c.text import Block, names_of, require_helpers, require_reviewed, split_at, text_of, without_comments
from compile.proof.core.source import SourceTerms
from compile.proof.core.verdict import Reading, Unreadable

_FILE = "kernel.c"
_STRUCT_TYPES = tuple(f"dagc_graph_{role}" for role in ("inputs", "params", "state", "outputs"))
_INITIAL = "void dagc_graph_init(dagc_graph_state *dagc_state)\n"
_ROW = """\
DAGC_ROW int64_t dagc_graph_row(const dagc_graph_inputs *dagc_in, const dagc_graph_params *dagc_params,
    dagc_graph_state *dagc_state, dagc_graph_outputs *dagc_out, int64_t *dagc_taps)
{"""
#: What every proof of C rests on beside the axioms.
REVIEWED = "each helper that the C calls is the operator that its text, known by a digest, was reviewed and tested as"


class RowReader:
    """Reads the row entry of `kernel.c`, its taps and its initial state."""

    artifact = file = _FILE

    def answers_for(self, files: Files) -> Collection[str]:
        """The text and its header."""
        return [_FILE, HEADER]

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """Every value: the taps hold all of them."""
        return source.graph.shown_values()

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """What the row function computes. Raises Unreadable."""
        structs = read_header(source.graph, files)
        bare = anonymous(without_comments(text_of(files, _FILE)), kernel_prefix(source.graph))
        split = split_at(bare, _ROW)
        before, tables = parted(split.before)
        helpers = require_reviewed(before, ROW, ("prelude",))
        require_helpers(bare, helpers, ROW)
        run = Row(source, structs, Known(helpers, tables))
        run.run(_body(split.function.replace("DAGC_ROW", "", 1), split.line, names_of(split.before)))
        *glue, last = split.after or [Block("", 0)]
        if not last.text.startswith(_INITIAL):
            raise Unreadable("the function that sets the initial state is missing", last.line)
        require_reviewed(glue, ROW_END, ("glue", "glue with state" if source.graph.states else "glue without state"))
        run.set_up(_body(last.text, last.line))
        run.reading.assumed.add(REVIEWED)
        return run.reading


def _body(text: str, line: int, outside: Collection[str] = ()) -> list[Any]:
    return function_body(text, line, _FILE, _STRUCT_TYPES, outside)
