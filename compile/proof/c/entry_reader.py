"""`entry.c` read back: reviewed text but for the counts, sizes and the hash of its graph, which are worked out from the graph.

It computes no value: each entry hands what it is given to a typed function of `kernel.c` or `batch.c`, in the floating-point
environment that these expect, and hands back what they give.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from compile.backend import Files
from compile.proof.c.header import FILE as HEADER
from compile.proof.c.header import anonymous, kernel_prefix, read_header
from compile.proof.c.reviewed import ENTRY
from compile.proof.c.text import Block, blocks, require_reviewed, text_of, without_comments
from compile.proof.core.source import SourceTerms
from compile.proof.core.verdict import Reading
from dag.graphs.graph import Graph

_FILE = "entry.c"
_SAYS = "every entry as it was reviewed; counts, sizes, names and hash are the graph's"


class EntryReader:
    """Reads the flat interface."""

    artifact = file = _FILE

    def answers_for(self, files: Files) -> Collection[str]:
        """The interface, and the header that it includes."""
        return (_FILE, HEADER)

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """No value: it computes none."""
        return ()

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """That it is the interface of the graph. Raises Unreadable."""
        graph = source.graph
        read_header(graph, files)
        bare = anonymous(without_comments(text_of(files, _FILE)), kernel_prefix(graph))
        require_reviewed(list(of_any_graph(graph, bare)), ENTRY, ("entry",))
        reading = Reading()
        reading.says = _SAYS
        return reading


def of_any_graph(graph: Graph, bare: str) -> Iterator[Block]:
    """The blocks of `entry.c`, those that say something of the graph with a word in place of what they say, where that is so."""
    known = {text: f"the graph's {what}" for what, text in _of_graph(graph).items()}
    for block in blocks(bare):
        yield Block(known.get(block.text, block.text), block.line)


def _of_graph(graph: Graph) -> dict[str, str]:
    """What the text says of the graph, block by block."""
    sizes = [graph.types[state.node].size for state in graph.states]
    words = [1 if type_.axis is None else type_.size for type_ in graph.types]
    tables = {
        "dagc_input_sizes": [graph.types[port.node].size for port in graph.inputs],
        "dagc_param_sizes": [graph.types[port.node].size for port in graph.params],
        "dagc_output_sizes": [graph.types[port.node].size for port in graph.outputs],
        "dagc_tap_sizes": words,
    }
    counts = {
        "INPUTS": len(graph.inputs),
        "PARAMS": len(graph.params),
        "STATES": len(sizes),
        "OUTPUTS": len(graph.outputs),
        "NODES": sum(words),
        "TAPPED": len(graph),
        "STATE_BYTES": 8 * sum(sizes),
    }
    said = {
        name: f"static const int {name}[] = {{{', '.join(map(str, table)) or '0'}}};" for name, table in tables.items()
    }
    return {
        **said,
        "counts": "\n".join(f"#define {name} {count}" for name, count in counts.items()),
        "sizes": f"static const int dagc_sizes[] = {{{', '.join(map(str, sizes)) or '0'}}};",
        "hash": f'const char *dagc_graph_hash(void)\n{{\nreturn "{graph.content_hash}";\n}}',
    }
