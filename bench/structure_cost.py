"""What proving a build costs beside emitting it, from small graphs to 20,000 nodes.

    python bench/structure_cost.py [--nodes 1000,2000,5000,10000,20000] [--arrays]

One random graph of about so many nodes each (`compile.campaign.drawing.random_graph`: every row of the op table, carried values,
every value named). For each lowering: seconds to emit its text, seconds to read the text back and prove it, and what the
proof took a node. A lowering that is not proved ends the run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import TypeVar

from compile.backends import records
from compile.campaign.drawing.random_graph import random_graph
from compile.proof.core.judge import judge
from compile.proof.core.source import source_terms
from compile.proof.core.verdict import Proved

#: Nodes of a random graph a row of the op table, about.
_NODES_A_ROW = 1.11
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` returns and the CPU seconds that it took."""
    begin = time.process_time()
    result = work()
    return result, time.process_time() - begin


def main() -> None:
    """Print a line for each size and lowering."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", default="1000,2000,5000,10000,20000")
    parser.add_argument("--arrays", action="store_true", help="carry arrays too")
    chosen = parser.parse_args()
    print(f"{'nodes':>7} {'lowering':<17} {'emit s':>7} {'prove s':>8} {'us/node':>8}  ({'CPU seconds'})")
    for nodes in map(int, chosen.nodes.split(",")):
        operators = round(nodes / _NODES_A_ROW)
        graph, building = timed(lambda operators=operators: random_graph(1, operators, arrays=chosen.arrays))  # type: ignore[misc]
        _, terms = timed(lambda graph=graph: source_terms(graph))  # type: ignore[misc]
        print(f"{len(graph):>7} {'(graph, terms)':<17} {building:>7.2f} {terms:>8.2f} {terms / len(graph) * 1e6:>8.0f}")
        for record in records():
            if not record.emits or record.is_simulated:
                continue
            emitter = record.make(None)
            files, emitting = timed(lambda emitter=emitter, graph=graph: emitter.lower(graph))  # type: ignore[misc]
            for reader in record.readers(files):
                verdict, proving = timed(lambda graph=graph, reader=reader, files=files: judge(graph, reader, files))  # type: ignore[misc]
                if not isinstance(verdict, Proved):
                    raise SystemExit(verdict.page())
                print(
                    f"{len(graph):>7} {reader.artifact:<17} {emitting:>7.2f} {proving:>8.2f} {proving / len(graph) * 1e6:>8.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
