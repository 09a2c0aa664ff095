"""`batch.c` read back: the function that computes one vector of instances, run once on terms, lane for lane.

The types are GCC's vectors, which the parser takes for plain ones: what the operators mean on them is the reader's business.
The loops over blocks, bars and instances are reviewed text.
"""

from __future__ import annotations

from collections.abc import Collection

from compile.backend import Files
from compile.proof.c.batch import Lanes
from compile.proof.c.header import FILE as HEADER
from compile.proof.c.header import anonymous, kernel_prefix, read_header
from compile.proof.c.parsing import function_body
from compile.proof.c.reviewed import BATCH, BATCH_END
from compile.proof.c.row_reader import REVIEWED
from compile.proof.c.text import require_helpers, require_reviewed, split_at, text_of, without_comments
from compile.proof.core.source import SourceTerms
from compile.proof.core.verdict import Read, Reading

_FILE = "batch.c"
_LANES = """\
DAGC_INLINE dagc_i64s dagc_graph_lanes(dagc_place dagc_at, const dagc_column *dagc_inputs, const dagc_column *dagc_params,
    int64_t *const *dagc_state, int64_t *const *dagc_outputs,
    dagc_i64s *dagc_taps)
{"""
_CALLER = "the caller of the batch entry hands in the graph's initial states, as kernel.c's init sets them"


class BatchReader:
    """Reads the vector entry of `batch.c` and its taps."""

    artifact = file = _FILE

    def answers_for(self, files: Files) -> Collection[str]:
        """The text and its header."""
        return [_FILE, HEADER]

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """Every value: the taps hold all of them."""
        return source.graph.single_values()

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """What each lane of the vector function computes. Raises Unreadable."""
        graph = source.graph
        read_header(graph, files)
        bare = anonymous(without_comments(text_of(files, _FILE)), kernel_prefix(graph))
        split = split_at(bare, _LANES)
        helpers = require_reviewed(split.before, BATCH, ("prelude",))
        require_helpers(bare, helpers, BATCH)
        run = Lanes(source, helpers)
        require_reviewed(split.after, BATCH_END, ("loops",))
        run.run(function_body(split.function.replace("DAGC_INLINE", "", 1), split.line, _FILE))
        for state in graph.states:
            run.reading.initial_states[state.name] = Read(source.initial(state.initial, graph.types[state.node]), 0)
        run.reading.assumed |= {REVIEWED, _CALLER} if graph.states else {REVIEWED}
        return run.reading
