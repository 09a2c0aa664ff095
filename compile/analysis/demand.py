"""Under which conditions the value of a node matters: as Python would compute it only on the path that uses it.

Both alternatives of a choice are computed on every bar, but only one of them counts. A node counts on some path of
conditions (`dag.graphs.paths`), and a node that several others read has several.
"""

from __future__ import annotations

from dag.graphs.graph import Graph
from dag.graphs.paths import ALWAYS, Path, Paths, either
from dag.operators import table as ops


def demand(graph: Graph) -> list[Paths]:
    """For each node the paths on which it counts. What nothing reads counts wherever Python would compute it."""
    found: list[list[Path]] = [[] for _ in graph.ops]
    for node in [output.node for output in graph.outputs] + [state.next for state in graph.states]:
        found[node].append(())
    paths: list[Paths] = [ALWAYS] * len(graph)
    for node in reversed(range(len(graph))):
        paths[node] = either(found[node]) or graph.paths_to(node)
        args = graph.args[node]
        for place, arg in enumerate(args):
            condition = _condition(graph, node, place)
            for path in paths[node]:
                extended = path if condition is None or condition in path else (*path, condition)
                if extended not in found[arg]:
                    found[arg].append(extended)
    return paths


def _condition(graph: Graph, node: int, place: int) -> tuple[int, bool] | None:
    """What must hold for the operand at `place` to count, where `node` does."""
    op, args = graph.ops[node], graph.args[node]
    if op is ops.SELECT and place > 0:
        return args[0], place == 1
    if op is ops.PUT and place in (1, 2):
        return args[3], True
    if op in (ops.AND, ops.OR) and place == 1 and args[0] != args[1]:
        return args[0], op is ops.AND  # Python looks at the right side only where the left one leaves it open
    return None
