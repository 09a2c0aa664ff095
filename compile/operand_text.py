"""The operands of a node as the user wrote them."""

from __future__ import annotations

import ast

from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import I64_TO_I32


def operand_texts(graph: Graph, node: int) -> tuple[str, ...]:
    """The source of each operand of `node`; its name in the graph where the source does not show it."""
    args = graph.args[node]
    names = tuple(graph.names[arg] for arg in args)
    written = _written(graph, node)
    return tuple(_operand(each) for each in written) if len(written) == len(args) else names


def as_written(graph: Graph, node: int) -> int:
    """The operation that the user wrote: the sum itself where `node` only wraps it to 32 bits."""
    inner = graph.args[node][0] if graph.args[node] else node
    wraps = graph.ops[node] is I64_TO_I32 and graph.spans[inner] == graph.spans[node]
    return inner if wraps and isinstance(graph.ops[inner], Op) else node


def assigned_name(graph: Graph, node: int) -> str | None:
    """`x`, where `node` is what `x /= d` computes; None where it is an expression."""
    try:
        statement = ast.parse(whole_text(graph, node)).body
    except SyntaxError:
        return None
    match statement:
        case [ast.AugAssign(target=ast.Name(name))]:
            return name
        case _:
            return None


def window_place(graph: Graph, node: int) -> tuple[str, int] | None:
    """`past` and -1, where `node` is `past[-1]` of a window: the place is written, but where that is depends on what there is."""
    written = _written(graph, node)
    if len(written) != 2 or graph.constants[graph.args[node][1]] is not None:
        return None
    try:
        place = ast.literal_eval(written[1])
    except ValueError:
        return None
    return (ast.unparse(written[0]), place) if type(place) is int else None


def whole_text(graph: Graph, node: int) -> str:
    """The source of `node`; its name in the graph where there is none."""
    span = graph.spans[node]
    return span.text[span.column - 1 : span.end_column - 1].strip() if span else graph.names[node]


def bare(operand: str) -> str:
    """An operand without the parentheses around the whole of it: those of `(a + b)`, and neither of `(1, 2)[i]` nor of `(a, b)`."""
    if not (operand.startswith("(") and operand.endswith(")")):
        return operand
    try:
        inside = ast.parse(operand[1:-1], mode="eval").body
    except SyntaxError:
        return operand
    return operand if isinstance(inside, ast.Tuple) else operand[1:-1]


def _operand(written: ast.expr) -> str:
    """In parentheses where it is an operation, so that it can be put beside another operator."""
    text = ast.unparse(written)
    return (
        text if isinstance(written, ast.Name | ast.Attribute | ast.Call | ast.Constant | ast.Subscript) else f"({text})"
    )


def _written(graph: Graph, node: int) -> list[ast.expr]:
    span = graph.spans[node]
    if span is None:
        return []
    try:
        statement = ast.parse(whole_text(graph, node)).body
    except SyntaxError:
        return []
    match statement:
        case [ast.Expr(value=ast.BinOp(left=left, right=right))]:
            return [left, right]
        case [ast.Expr(value=ast.Compare(left=left, comparators=[right]))]:
            return [left, right]
        case [ast.AugAssign(target=ast.Name() as target, value=value)]:
            return [target, value]
        case [ast.Expr(value=ast.UnaryOp(operand=operand))]:
            return [operand]
        case [ast.Expr(value=ast.Subscript(value=array, slice=index))]:
            return [array, index]
        case [ast.Expr(value=ast.Call(args=arguments, keywords=[]))]:
            return arguments
        case _:
            return []
