"""Under which conditions the value of a node matters: as Python would compute it only on the path that uses it.

Both alternatives of a choice are computed on every bar, but only one of them counts. A node counts on some path of
conditions; a path is a set of (bool node, its value), and a node that several others read has several paths.
"""

from __future__ import annotations

from dag import ops
from dag.graph import Graph

#: Conditions that all hold, outermost first.
Path = tuple[tuple[int, bool], ...]
#: So many paths are told apart; beyond, only what they have in common is kept.
PATHS = 8


def demand(graph: Graph) -> list[tuple[Path, ...]]:
    """For each node the paths on which it counts. What nothing reads counts always: Python would compute it too."""
    found: list[list[Path]] = [[] for _ in graph.ops]
    for node in [output.node for output in graph.outputs] + [state.next for state in graph.states]:
        found[node].append(())
    paths: list[tuple[Path, ...]] = [()] * len(graph)
    for node in reversed(range(len(graph))):
        paths[node] = _merged(found[node]) or ((),)
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


def _merged(paths: list[Path]) -> tuple[Path, ...]:
    """The paths without those that say more than another; where there are too many, what all have in common."""
    shortest: list[Path] = []
    for path in sorted(paths, key=len):
        if not any(set(kept) <= set(path) for kept in shortest):
            shortest.append(path)
    if len(shortest) <= PATHS:
        return tuple(shortest)
    common = set(shortest[0]).intersection(*map(set, shortest[1:]))
    return (tuple(each for each in shortest[0] if each in common),)
