"""The text around the emitted C functions, block by block, as `compile/proof/c/reviewed.py` lists it.

python -m tests.support.review_c_helpers            what is emitted now and was not reviewed
python -m tests.support.review_c_helpers --update   list it: for who has read it, and run the operator tests on it
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from compile.c.helpers.row_helpers import ROW_HELPERS
from compile.c.helpers.vector_helpers import VECTOR_HELPERS
from compile.c.text import batch, kernel
from compile.c.text.entry import emit_entry
from compile.c.text.header import emit_header
from compile.proof.c import header as c_header
from compile.proof.c import reviewed as reviewed_c
from compile.proof.c.entry_reader import of_any_graph
from compile.proof.c.text import Block, blocks, without_comments
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.values.domain import whole_domain
from dag.values.types import F64, Axis, along

#: List -> its blocks: (what a block belongs to, the block).
Listed = dict[str, list[tuple[str, Block]]]
_NAME = "kernel_under_review"


def listed() -> Listed:
    """Every block that the emitters put around a graph's function, in the order in which they may stand."""
    stateless, stateful = _graph(carries=False), _graph(carries=True)
    row_ends = [_after(kernel.emit_kernel(graph)) for graph in (stateless, stateful)]
    return {
        "HEADER": [("header", each) for each in _header(stateless)],
        "ROW": [*_named("prelude", kernel._PRELUDE), *_helpers(ROW_HELPERS)],
        "ROW_END": list(_glue(*row_ends)),
        "BATCH": [*_named("prelude", batch._PRELUDE), *_helpers(VECTOR_HELPERS)],
        "BATCH_END": [("loops", each) for each in _after(batch.emit_batch(stateless), "int64_t dagc_graph_batch(")],
        "BATCH_END_ANY": [
            ("loops", each) for each in _after(batch.emit_batch(_graph_along_an_axis()), "int64_t dagc_graph_batch(")
        ],
        "ENTRY": [("entry", each) for each in of_any_graph(stateful, _anonymous(emit_entry(stateful)))],
    }


def _glue(stateless: list[Block], stateful: list[Block]) -> Iterator[tuple[str, Block]]:
    """What stands behind the row function: some of it is another text where there is state."""
    for without, with_ in zip(stateless, stateful, strict=True):
        if without == with_:
            yield "glue", without
        else:
            yield "glue without state", without
            yield "glue with state", with_


def _graph(carries: bool) -> Graph:
    builder = GraphBuilder(_NAME)
    value = builder.input("value", F64, "1", whole_domain(F64))
    if carries:
        value = builder.state("level", F64, "1", 0.0)
        builder.set_next("level", value)
    builder.output("result", value, 0.0)
    return builder.freeze()


def _graph_along_an_axis() -> Graph:
    builder = GraphBuilder(_NAME)
    each = builder.input("value", along(Axis("Pair", ("0", "1")), F64), "1", whole_domain(F64))
    builder.output("result", each, 0.0)
    return builder.freeze()


def _named(name: str, text: str) -> list[tuple[str, Block]]:
    return [(name, block) for block in blocks(_anonymous(text))]


def _helpers(helpers: Mapping[str, str]) -> Iterator[tuple[str, Block]]:
    for name, text in helpers.items():
        yield from _named(name, text)


def _anonymous(text: str) -> str:
    return c_header.anonymous(without_comments(text), _NAME)


def _header(graph: Graph) -> list[Block]:
    found = blocks(_anonymous(emit_header(graph)))
    return [
        each for each in found if not each.text.startswith(("typedef struct dagc_graph_", "#define dagc_graph_NODES"))
    ]


def _after(text: str, first: str = "int64_t dagc_graph_step(") -> list[Block]:
    """The blocks from the one that begins so on; without the function that sets the initial state, which is read."""
    found = list(blocks(_anonymous(text)))
    start = next(place for place, each in enumerate(found) if each.text.startswith(first))
    return [Block(each.text, 0) for each in found[start:] if not each.text.startswith("void dagc_graph_init(")]


def table() -> str:
    """The text of `reviewed_c.py`."""
    lists = []
    for name, each in listed().items():
        rows = [f'    ("{of}", "{block.digest}"),' for of, block in each]
        lists.append("\n".join([f"{name}: Reviewed = (", *rows, ")  # fmt: skip"]))
    head = Path(reviewed_c.__file__).read_text(encoding="utf-8").split("\nHEADER: Reviewed")[0]
    return "\n".join([head, *lists, ""])


def main() -> None:
    """Say what was not reviewed, or list it."""
    path = Path(reviewed_c.__file__)
    if "--update" in sys.argv:
        path.write_text(table(), encoding="utf-8")
        return
    known = {digest for name in listed() for _, digest in getattr(reviewed_c, name, ())}
    for name, each in listed().items():
        for of, block in each:
            if block.digest not in known:
                print(f"--- {name} {of} {block.digest}\n{block.text}\n")


if __name__ == "__main__":
    main()
