"""A graph as a self-contained Python module, written to be read: one function per lane call, the user's names and units."""

from __future__ import annotations

import json
from collections.abc import Iterable
from inspect import cleandoc
from textwrap import indent

from compile.interpreter.expressions import Expressions, expressions_of, literal, operand_expression
from compile.interpreter.helpers import helper_text
from compile.interpreter.layout import Call, Function, Layout, layout_of
from compile.interpreter.names import STEP
from compile.interpreter.table import TABLE
from compile.interpreter.tables import tables_text
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.values.domain import Domain
from dag.values.types import Kind, Type, Value

_PYTHON_TYPES = {
    Kind.F64: "float",
    Kind.F32: "float",
    Kind.I64: "int",
    Kind.I32: "int",
    Kind.ENUM: "int",
    Kind.BOOL: "bool",
}

#: A line with its comment; where they are longer, the comment stands above.
_WIDEST_LINE = 120

_HEADER = '''"""`{name}`, made by dagc from graph {hash}. Do not edit.

One call is one bar of one instance; nothing is kept between calls:

    state = dict(INITIAL_STATE)
    outputs, state = step(inputs, params, state)

`inputs`, `params` and `state` are dicts by name; enums are their integer codes. `status` is 0, or 1 + the index of the
first input or parameter outside its domain (inputs, then parameters, in the order in which `step` reads them). Given a
dict as `tap`, every function puts its variables there under its own name.
"""'''


def emit_interpreter(graph: Graph) -> str:
    """The text of `interpreter.py`; standard library only. The same graph gives the same text."""
    layout = layout_of(graph)
    expressions = expressions_of(graph, layout)
    functions = [
        _step_text(graph, function, layout, expressions)
        if function.scope == 0
        else _lane_text(graph, function, layout, expressions)
        for function in layout.callees_first()
    ]
    initial = [f"    {json.dumps(s.name)}: {_initial(s.initial, graph.types[s.node])}," for s in graph.states]
    initial_state = "\n".join(["INITIAL_STATE = {", *initial, "}"]) if initial else "INITIAL_STATE = {}"
    body = "\n\n\n".join([initial_state, *functions])
    called = {helper for op in graph.ops if isinstance(op, Op) for helper in TABLE[op.row].helpers}
    helpers = {each for each in called if f"{each.__name__}(" in body}
    imports, constants, sources = helper_text(helpers, _literals(graph))
    head = [
        _HEADER.format(name=graph.name, hash=graph.content_hash),
        "from __future__ import annotations",
        *(["\n".join(imports)] if imports else []),
        "\n".join([f'GRAPH = "{graph.content_hash}"', *constants]),
        *tables_text(graph),
    ]
    return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join([*sources, body]) + "\n"


def _initial(value: Value, type_: Type) -> str:
    return literal(value, type_) if type_.length is None else f"({literal(value, type_)},) * {type_.length}"


def _literals(graph: Graph) -> list[str]:
    constants = ((value, graph.types[node]) for node, value in enumerate(graph.constants) if value is not None)
    initial = ((state.initial, graph.types[state.node]) for state in graph.states)
    return [literal(value, type_) for value, type_ in (*constants, *initial)]


def _lane_text(graph: Graph, function: Function, layout: Layout, expressions: Expressions) -> str:
    names = function.local_names
    takes = [
        f"    {names[node]}: {_python_type(graph, node)},{_comment(_unit(graph, node))}" for node in function.takes
    ]
    results = ", ".join(_python_type(graph, node) for node in function.returns)
    returned = "None" if not function.returns else results if len(function.returns) == 1 else f"tuple[{results}]"
    lines = [f"def {function.name}(", *takes, "    tap: dict | None = None,", f") -> {returned}:"]
    lines += _docstring(graph, function.scope)
    lines += _body(graph, function, layout, expressions)
    lines += _tapped(function.name)
    if function.returns:
        lines.append(f"    return {', '.join(names[node] for node in function.returns)}")
    return "\n".join(lines)


def _step_text(graph: Graph, function: Function, layout: Layout, expressions: Expressions) -> str:
    lines = [f"def {STEP}(inputs: dict, params: dict, state: dict, tap: dict | None = None) -> tuple[dict, dict]:"]
    lines += _docstring(graph, 0)
    for source, ports in (("inputs", graph.inputs), ("params", graph.params)):
        for port in ports:
            about = f"{graph.types[port.node]}{_unit(graph, port.node)}{_allowed(graph.types[port.node], port.domain)}"
            lines.append(f"    {function.local_names[port.node]} = {source}[{json.dumps(port.name)}]{_comment(about)}")
    for state in graph.states:
        about = f"{graph.types[state.node]}{_unit(graph, state.node)}, from the previous bar"
        lines.append(f"    {function.local_names[state.node]} = state[{json.dumps(state.name)}]{_comment(about)}")
    lines += _body(graph, function, layout, expressions)
    lines += _tapped(STEP)
    outputs = ((output.name, output.node) for output in graph.outputs)
    following = ((state.name, state.next) for state in graph.states)
    lines += _dict_text("outputs", outputs, graph, function, expressions)
    lines += _dict_text("state", following, graph, function, expressions)
    return "\n".join([*lines, "    return outputs, state"])


def _dict_text(
    name: str, entries: Iterable[tuple[str, int]], graph: Graph, function: Function, expressions: Expressions
) -> list[str]:
    items = [
        f"        {json.dumps(key)}: {operand_expression(graph, node, function, expressions).text},"
        for key, node in entries
    ]
    return [f"    {name} = {{", *items, "    }"] if items else [f"    {name} = {{}}"]


def _body(graph: Graph, function: Function, layout: Layout, expressions: Expressions) -> list[str]:
    lines: list[str] = []
    for item in function.body:
        if isinstance(item, Call):
            lines.append(_call_text(layout.functions[item.scope], function))
        elif item in expressions.variables:
            expression = expressions.variables[item]
            about = _comment(_origin(graph, item), _enum_members(graph, expression.constants))
            line = f"    {function.local_names[item]} = {expression.text}"
            lines += [line + about] if len(line + about) <= _WIDEST_LINE else [f"    {about.strip()}", line]
    return lines


def _call_text(called: Function, caller: Function) -> str:
    """`a, b = lane(x, y, tap)`, an argument a line where one line is too short for it."""
    results = ", ".join(caller.local_names[node] for node in called.returns)
    arguments = [*(caller.local_names[node] for node in called.takes), "tap"]
    assigned = f"{results} = " if results else ""
    line = f"    {assigned}{called.name}({', '.join(arguments)})"
    if len(line) <= 100:
        return line
    if len(assigned) > 80:
        parts = "".join(f"        {caller.local_names[node]},\n" for node in called.returns)
        assigned = f"(\n{parts}    ) = "
    parts = "".join(f"        {argument},\n" for argument in arguments)
    return f"    {assigned}{called.name}(\n{parts}    )"


def _tapped(name: str) -> list[str]:
    return ["    if tap is not None:", f'        tap["{name}"] = locals()']


def _docstring(graph: Graph, scope: int) -> list[str]:
    """What the lane says of itself, and where it stands."""
    lane = graph.scopes[scope]
    at = f", {lane.span.at}" if lane.span else ""
    text = "\n\n".join(part for part in (cleandoc(lane.doc), f"Lane `{lane.lane or graph.name}`{at}.") if part)
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    quoted = f'"""{escaped}\n"""' if "\n" in escaped else f'"""{escaped}"""'
    return indent(quoted, "    ", lambda line: bool(line.strip())).splitlines()


def _origin(graph: Graph, node: int) -> str:
    span = graph.spans[node]
    return f"{span.at if span else ''}{_unit(graph, node)}".strip()


def _unit(graph: Graph, node: int) -> str:
    return "" if graph.units[node] == "1" else f" [{graph.units[node]}]"


def _allowed(type_: Type, domain: Domain) -> str:
    if type_.members is not None:
        return ": " + ", ".join(f"{code} is {name}" for name, code in type_.members.codes)
    if domain.codes is not None:
        return ""
    return f", {domain}" if str(domain).startswith("any") else f" in {domain}"


def _enum_members(graph: Graph, constants: tuple[int, ...]) -> str:
    """`-1 is Side.SELL` for each enum code in a line."""
    return ", ".join(dict.fromkeys(each for each in (_enum_member(graph, node) for node in constants) if each))


def _enum_member(graph: Graph, node: int) -> str:
    type_, constant = graph.types[node], graph.constants[node]
    if type_.members is None or constant is None:
        return ""
    return f"{int(constant)} is {type_.members.name}.{type_.members.name_of(int(constant)) or '?'}"


def _python_type(graph: Graph, node: int) -> str:
    type_ = graph.types[node]
    name = _PYTHON_TYPES[type_.kind]
    return f"tuple[{name}, ...]" if type_.is_array else name


def _comment(*parts: str) -> str:
    text = "; ".join(part.strip() for part in parts if part.strip())
    return f"  # {' '.join(text.split())}" if text else ""
