"""Where the value was assigned that an `if` chose.

A variable that the branches of an `if` assign is one select, built where it is read; so are the `return`s of a lane, and what a
rejected row leaves of an output. Of these the line that counts is the one in the branch that was taken.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from compile.operand_text import as_written, whole_text
from dag.diagnostics.span import Span
from dag.graphs.graph import Graph
from dag.operators.op import Family, Op


def deciding(graph: Graph, node: int) -> Iterator[int]:
    """The conditions that say where the value of `node` was assigned."""
    pending, seen = [node], {node}
    while pending:
        each = as_written(graph, pending.pop())
        if _is_merge(graph, each):
            condition, *arms = graph.args[each]
            yield condition
            pending += [arm for arm in arms if arm not in seen]
            seen.update(arms)


def assigned_at(graph: Graph, node: int, holds: Callable[[int], bool]) -> Span | None:
    """Where `node` got its value on a row; `holds` says which of the deciding conditions are true there.

    The choice keeps the places of both (`Span.arms`). Where it has none, as after a rewrite, an arm that is no operation (a literal,
    an input, a state) has no place of its own in the branch: then the `if` that chose it.
    """
    chosen_by: int | None = None
    at = as_written(graph, node)
    while _is_merge(graph, at):
        chosen_by, *arms = graph.args[at]
        which, span = not holds(chosen_by), graph.spans[at]
        if span is not None and span.arms is not None and (place := span.arms[which]) is not None:
            return place
        at = as_written(graph, arms[which])
    if chosen_by is None or isinstance(graph.ops[at], Op):
        return graph.spans[at]
    return graph.spans[chosen_by] or graph.spans[node]


def _is_merge(graph: Graph, node: int) -> bool:
    """Whether `node` chooses between what branches assigned: no `a if c else b`, no update that is held."""
    if graph.family(node) is not Family.CHOICE:
        return False
    span = graph.spans[node]
    if span is None or span.arms is not None:
        return True
    try:
        written = ast.parse(whole_text(graph, node), mode="eval").body
    except SyntaxError:
        return False
    chooses_itself = isinstance(written, ast.Call) or any(isinstance(each, ast.IfExp) for each in ast.walk(written))
    return not chooses_itself or _is_branch(graph.spans[graph.args[node][0]])


def _is_branch(span: Span | None) -> bool:
    return span is not None and span.text.lstrip().startswith(("if ", "if(", "elif ", "elif("))
