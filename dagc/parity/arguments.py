"""From the ports of a lane's graph to the arguments that the user's code takes, by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dag.graphs.graph import Graph
from dag.language.annotations import shape_of
from dag.language.lane import AnyLane
from dag.language.leaves import code_of
from dag.language.lift import plain_function
from dag.language.shapes import EnumClass, Leaf, RecordShape, Shape, TupleShape, VectorShape, leaves
from dag.values.types import Kind
from dagc.data.problem import DataProblem

#: The value of every port of a bar, as Python has it: floats, ints, bools, members of Enum classes.
Row = Mapping[str, Any]
#: What one argument is on a row.
Reader = Callable[[Row], Any]
#: The port that says whether the value of another is there: `temp_present` beside `temp`.
PRESENT = "_present"


@dataclass(frozen=True)
class Ports:
    """A lane's ports: in the order in which the lane takes them, with the shapes of its arguments."""

    lane: AnyLane
    inputs: tuple[str, ...]
    params: tuple[str, ...]
    shapes: Mapping[str, Shape]
    members: Mapping[str, Mapping[int, Enum]]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.inputs, *self.params)


def ports_of(lane: AnyLane, graph: Graph) -> Ports:
    """The ports of the lane's graph. The lane was traced, so its annotations mean something."""
    function = lane.function
    shapes: dict[str, Shape] = {}
    for name, annotation in function.__annotations__.items():
        if name != "return":
            shapes[name] = shape_of(annotation, function.__globals__)
    order = [name for argument, shape in shapes.items() for name in _ports(graph, argument, shape).values()]
    inputs = {port.name for port in graph.inputs}
    classes: dict[str, EnumClass] = {}
    for argument, shape in shapes.items():
        named = _ports(graph, argument, shape)
        classes |= {named[path]: leaf.enum for path, leaf in leaves(shape) if leaf.enum is not None and path in named}
    members = {name: {code_of(each): each for each in cls} for name, cls in classes.items()}
    taken = list(dict.fromkeys(order))
    return Ports(
        lane, tuple(n for n in taken if n in inputs), tuple(n for n in taken if n not in inputs), shapes, members
    )


def readers_of(
    function: Any, ports: Ports, mapping: Mapping[str, str], what: str, among: tuple[str, ...] | None = None
) -> tuple[list[Reader], dict[str, Reader], set[str]]:
    """How each argument of `function` is read from a row: by position, by keyword; and the ports that are read.

    An argument is the port of its name, dots as underscores, or the only port whose last part is its name; an argument of the
    lane's own name that is a dataclass or tuple is that. `mapping` says otherwise, argument -> port. Arguments with a default
    that no port answers to keep it. `among` are the ports that may be read. Raises DataProblem.
    """
    names = ports.names if among is None else among
    try:
        signature = inspect.signature(plain_function(function) or function)
    except (TypeError, ValueError):
        return [_port(name) for name in ports.inputs if name in names], {}, set(names)
    positional: list[Reader] = []
    keyword: dict[str, Reader] = {}
    read: set[str] = set()
    lacking: list[str] = []
    arguments = signature.parameters.values()
    taken = {each.name for each in arguments}
    if any(each.kind is each.VAR_POSITIONAL for each in arguments):
        return [_port(name) for name in ports.inputs if name in names], {}, set(names)
    by_keyword = False
    for each in arguments:
        if each.kind is each.VAR_KEYWORD:
            continue
        found = _reader(each.name, ports, mapping, names, taken)
        if found is None:
            if each.default is each.empty:
                lacking.append(each.name)
            by_keyword = True  # what follows is no longer at its position
            continue
        reader, ports_read = found
        read |= ports_read
        if by_keyword or each.kind is each.KEYWORD_ONLY:
            keyword[each.name] = reader
        else:
            positional.append(reader)
    if lacking:
        raise DataProblem(
            f"{what} takes `{'`, `'.join(lacking)}`, which `{ports.lane.name}` has no input or parameter for\n"
            f"  ports  {', '.join(names)}\n"
            f"  fix    --map {lacking[0]}=PORT, or give the argument a default"
        )
    return positional, keyword, read


def _reader(
    argument: str, ports: Ports, mapping: Mapping[str, str], names: tuple[str, ...], taken: set[str]
) -> tuple[Reader, set[str]] | None:
    wanted = mapping.get(argument, argument)
    ends = [name for name in names if name.rpartition(".")[2] == wanted]
    for name in (wanted, next((n for n in names if n.replace(".", "_") == wanted), None)):
        if name in names:
            return _optional(name, names, taken)
    shape = ports.shapes.get(wanted)
    if isinstance(shape, RecordShape | TupleShape):
        found = _named(names, wanted, shape)
        if len(found) == len(list(leaves(shape))):
            return _built(shape, "", found), set(found.values())
    return _optional(ends[0], names, taken) if len(ends) == 1 else None


def _optional(name: str, names: tuple[str, ...], taken: set[str]) -> tuple[Reader, set[str]]:
    """The port; None where another port says that it is absent, and the user's code does not take that one."""
    present = name + PRESENT
    if present not in names or present.replace(".", "_") in taken:
        return _port(name), {name}
    return (lambda row: row[name] if row[present] else None), {name, present}


def _port(name: str) -> Reader:
    return lambda row: row[name]


def _built(shape: Shape, path: str, ports: Mapping[str, str]) -> Reader:
    """A dataclass or tuple of the lane, built from its ports."""

    def inner(name: str) -> str:
        return f"{path}.{name}" if path else name

    match shape:
        case Leaf():
            return _port(ports[path])
        case VectorShape(_, item):
            return _built(item, path, ports)
        case TupleShape(items):
            parts = [_built(item, inner(str(index)), ports) for index, item in enumerate(items)]
            return lambda row: tuple(part(row) for part in parts)
        case RecordShape(cls, fields, _):
            built = {name: _built(field, inner(name), ports) for name, field in fields}
            return lambda row: cls(**{name: part(row) for name, part in built.items()})


def _ports(graph: Graph, argument: str, shape: Shape) -> dict[str, str]:
    return _named(tuple(port.name for port in graph.ports()), argument, shape)


def _named(names: tuple[str, ...], argument: str, shape: Shape) -> dict[str, str]:
    """The port of each leaf of an argument: its path, led by the argument where that is what the graph says."""
    found: dict[str, str] = {}
    for path, _ in leaves(shape):
        led = f"{argument}.{path}" if path else argument
        port = next((name for name in (led, path) if name and name in names), None)
        if port is not None:
            found[path] = port
    return found


def python_value(kind: Kind, members: Mapping[int, Enum] | None, value: Any) -> Any:
    """A cell of a column as Python code expects it. A code that no member has stays a number."""
    if kind is Kind.ENUM and members is not None:
        return members.get(int(value), int(value))
    return value.item()
