"""Operators as the lines of a function: which values get a variable, and the expression of each.

A value that the user did not name, that is read once, and in the same function, is written where it is read. Everything
else has a variable. No value is ever computed twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from compile.interpreter.layout import Function, Layout
from compile.interpreter.names import ELEMENTS
from compile.interpreter.table import DIVISION_BY_CONSTANT, TABLE, Binding, Lowering
from compile.interpreter.tables import table_name
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source
from dag.operators.table import DIV, ON_ARRAYS
from dag.values.types import Kind, Type, Value

#: Expressions longer than this are split: the longest operand gets a variable of its own.
WIDEST = 88


@dataclass(frozen=True, slots=True)
class Expression:
    """Python text, how tightly it holds together, and the constants written in it."""

    text: str
    binding: int
    constants: tuple[int, ...] = ()


@dataclass(slots=True)
class Expressions:
    """The expression of every operator that has a variable, and the set of those that are written where they are read."""

    variables: dict[int, Expression] = field(default_factory=dict[int, Expression])
    inlined: dict[int, Expression] = field(default_factory=dict[int, Expression])


def expressions_of(graph: Graph, layout: Layout) -> Expressions:
    """The expressions of `graph` under `layout`."""
    found = Expressions()
    reads = Counter(arg for args in graph.args for arg in args)
    users = graph.users()
    named = {tap.node for tap in graph.taps} | {o.node for o in graph.outputs} | {s.next for s in graph.states}
    for node in graph.operators():
        function = layout.functions[graph.owners[node]]
        expression = _expression(graph, node, function, found)
        single = reads[node] == 1 and node not in named and not graph.types[node].is_array
        alone = single and graph.owners[users[node][0]] == function.scope
        place = found.inlined if alone and _stands_once(graph, users[node][0], node) else found.variables
        place[node] = expression
    return found


def _stands_once(graph: Graph, user: int, node: int) -> bool:
    """Whether the user's text names this operand once; a conditional for `min` names its operands twice."""
    op = graph.ops[user]
    assert isinstance(op, Op)
    operand = op.operands[graph.args[user].index(node)]
    return _row(graph, user, op).text.count(f"{{{operand}}}") == 1


def _row(graph: Graph, node: int, op: Op) -> Lowering:
    if op is DIV:
        divisor = graph.constants[graph.args[node][1]]
        if divisor is not None and divisor == divisor and divisor != 0.0:
            return DIVISION_BY_CONSTANT
    return TABLE[op.row]


def _expression(graph: Graph, node: int, function: Function, found: Expressions) -> Expression:
    """The text of one operator; where it would grow too wide, inlined operands are given variables instead."""
    op = graph.ops[node]
    assert isinstance(op, Op)
    while True:
        expression = _substituted(graph, node, _row(graph, node, op), function, found)
        written = [arg for arg in graph.args[node] if arg in found.inlined]
        nested = [arg for arg in written if _is_nested_choice(graph, node, arg, found)]
        if not nested and (len(expression.text) <= WIDEST or not written):
            return expression
        longest = max(nested or written, key=lambda arg: (len(found.inlined[arg].text), arg))
        found.variables[longest] = found.inlined.pop(longest)


def _is_nested_choice(graph: Graph, node: int, arg: int, found: Expressions) -> bool:
    """Whether `arg` is a conditional that would stand in parentheses: nobody likes to read those."""
    op = graph.ops[node]
    assert isinstance(op, Op)
    need = _row(graph, node, op).needs[graph.args[node].index(arg)]
    return found.inlined[arg].binding == Binding.CONDITIONAL < need


def _substituted(graph: Graph, node: int, row: Lowering, function: Function, found: Expressions) -> Expression:
    op = graph.ops[node]
    assert isinstance(op, Op)
    texts: dict[str, str] = {}
    constants: list[int] = []
    binding = int(Binding.ATOM) if row.binding is None else int(row.binding)
    swept = _swept(graph, node)
    for operand, arg, need in zip(op.operands, graph.args[node], row.needs, strict=True):
        inner = operand_expression(graph, arg, function, found)
        if arg in swept:
            inner = Expression(swept[arg], Binding.ATOM)
        constants += inner.constants
        texts[operand] = inner.text if inner.binding >= need else f"({inner.text})"
        if row.binding is None:
            binding = inner.binding
    if op.table:
        texts["table"] = table_name(op)
    text = row.text.format(**texts)
    if swept:
        arrays = [operand_expression(graph, arg, function, found).text for arg in swept]
        several = len(swept) > 1
        over = f"zip({', '.join(arrays)}, strict=True)" if several else arrays[0]
        text, binding = f"tuple([{text} for {', '.join(swept.values())} in {over}])", int(Binding.ATOM)
    return Expression(text, binding, tuple(constants))


def _swept(graph: Graph, node: int) -> dict[int, str]:
    """The arrays that an op on single values goes over, and what one element of each is called there."""
    if graph.ops[node] in ON_ARRAYS or not graph.types[node].is_array:
        return {}
    arrays = dict.fromkeys(arg for arg in graph.args[node] if graph.types[arg].is_array)
    return dict(zip(arrays, ELEMENTS, strict=False))


def operand_expression(graph: Graph, node: int, function: Function, found: Expressions) -> Expression:
    """A value where it is read: a literal, a variable, or the whole expression."""
    constant = graph.constants[node]
    if graph.ops[node] is Source.CONST:
        assert constant is not None
        text = literal(constant, graph.types[node])
        return Expression(text, Binding.SIGN if text.startswith("-") else Binding.ATOM, (node,))
    if node in found.inlined:
        return found.inlined[node]
    return Expression(function.local_names[node], Binding.ATOM)


def literal(value: Value, type_: Type) -> str:
    """A constant as Python text that gives back its bits: shortest round-trip decimal for f64, `inf`, `nan`."""
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return repr(float(value)) if value == value else "nan"
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return str(int(value))
        case Kind.BOOL:
            return str(bool(value))
