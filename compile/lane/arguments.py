"""From a row of the graph's ports to the arguments of the lane's own function, and from its result to the outputs.

Names are worked out from the lane's annotations by the rules that docs/language.md states, not asked of the tracer.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dag.graphs.graph import STATUS, Graph
from dag.graphs.port_names import led_by_argument
from dag.language.annotations import shape_of
from dag.language.declared_types import constructor
from dag.language.lane import AnyLane
from dag.language.leaves import code_of
from dag.language.lift import lifted_from
from dag.language.shapes import Leaf, RecordShape, Shape, TupleShape, VectorShape, result_name
from dag.language.slot import PluggedLane
from dag.numbers.rewriting import outer_names
from dag.values.binary32 import as_number
from dag.values.types import along

#: The values of all ports on one row, as words mean them: floats, ints, bools, Enum codes; along an axis a sequence of them.
Row = Mapping[str, Any]
#: An argument, or a part of one, made of a row.
Maker = Callable[[Row], Any]


@dataclass(frozen=True, slots=True)
class Port:
    """One value of an argument: its name in the graph and what its annotation says."""

    name: str
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Arguments:
    """How a row becomes arguments: `inputs` anew on every bar, `params` once; `own` are those of lanes in slots, by slot."""

    inputs: Mapping[str, Maker]
    params: Mapping[str, Maker]
    own: Mapping[str, Mapping[str, Maker]]
    ports: tuple[Port, ...]
    outputs: tuple[Port, ...]
    #: The parts of a result, in the order of `outputs`.
    parts: Callable[[Any], list[Any]]
    #: In what the ports and outputs are not those of the graph; empty where they are.
    misfit: str


def arguments_of(lane: AnyLane, graph: Graph) -> Arguments:
    """The arguments of `lane` for the ports of `graph`."""
    shapes = _shapes(lane)
    tunable = [name for name, shape in shapes.items() if isinstance(shape, RecordShape) and shape.tunable]
    led = led_by_argument(shapes)
    inputs: dict[str, Maker] = {}
    params: dict[str, Maker] = {}
    ports: list[Port] = []
    lifted = lifted_from(lane.function)
    for name, shape in shapes.items():
        if name in tunable:
            params[name] = _maker(shape, name if name in led else "", ports)
        elif lifted is not None and name in lifted.tunable and isinstance(shape, Leaf):
            params[name] = _maker(shape, name, ports)
        else:
            inputs[name] = _maker(shape, name if name in led else "", ports)
    own = _own(lane, graph, ports)
    outputs: list[Port] = []
    result = _shape(lane, "return")
    parts = _parts(result, result_name(lane.function.__name__, result), outputs)
    misfits = (
        _misfit("ports", {port.name for port in ports}, {port.name for port in graph.ports()}),
        _misfit(
            "outputs",
            {port.name for port in outputs} | {graph.status_output() or STATUS},
            {output.name for output in graph.outputs},
        ),
    )
    unique = {port.name: port for port in ports}
    found = ", ".join(filter(None, misfits))
    return Arguments(inputs, params, own, tuple(unique.values()), tuple(outputs), parts, found)


def _misfit(what: str, lane: set[str], graph: set[str]) -> str:
    if lane == graph:
        return ""
    ours, others = (", ".join(f"`{name}`" for name in sorted(each)) or "none" for each in (lane - graph, graph - lane))
    return f"has other {what} than the graph: {ours} only in the lane, {others} only in the graph"


def _shapes(lane: AnyLane) -> dict[str, Shape]:
    lifted = lifted_from(lane.function)
    names = inspect.signature(lane.function).parameters
    return {name: _shape(lane, name) for name in names if lifted is None or name not in lifted.fixed}


def _shape(lane: AnyLane, name: str) -> Shape:
    return shape_of(lane.function.__annotations__[name], outer_names(lane.function))


def _own(lane: AnyLane, graph: Graph, ports: list[Port]) -> dict[str, dict[str, Maker]]:
    """What plugged lanes may take beside what their slots hand over: every argument for which there are ports."""
    own: dict[str, dict[str, Maker]] = {}
    inputs = {port.name for port in graph.inputs}
    known = inputs | {port.name for port in graph.params}
    for slot, each in (lane.plugged if isinstance(lane, PluggedLane) else {}).items():
        own[slot] = {}
        for name, shape in _shapes(each).items():
            is_tunable = isinstance(shape, RecordShape) and shape.tunable
            found: list[Port] = []
            maker = _maker(shape, slot if is_tunable else f"{slot}.{name}", found)
            if {port.name for port in found} <= known:
                own[slot][name] = maker
                ports += found
            elif name in inputs and isinstance(shape, Leaf):
                own[slot][name] = _maker(shape, name, [])
    return own


def _maker(shape: Shape, name: str, ports: list[Port]) -> Maker:
    """What makes a value of `shape` of a row; its ports, called by the path that begins with `name`, are added to `ports`."""
    match shape:
        case Leaf():
            ports.append(Port(name, shape))
            return _leaf_maker(shape, name)
        case TupleShape(items):
            makers = [_maker(item, _join(name, str(i)), ports) for i, item in enumerate(items)]
            return lambda row: tuple(make(row) for make in makers)
        case VectorShape(cls, item):
            found: list[Port] = []
            make_one, axis = _maker(item, name, found), shape.axis
            ports += [Port(port.name, replace(port.leaf, type=along(axis, port.leaf.type))) for port in found]
            names, size = [port.name for port in found], len(axis.labels)
            return lambda row: cls([make_one({each: row[each][k] for each in names}) for k in range(size)])
        case RecordShape(cls, fields, tunable):
            made = {field: _maker(inner, _join(name, field), ports) for field, inner in fields}
            build = functools.partial(_parameters, cls) if tunable else constructor(cls)
            return lambda row: build(**{field: make(row) for field, make in made.items()})


def _parameters(cls: type, /, **fields: Any) -> Any:
    """Parameters of `cls`; where a check of the author's refuses them, unchecked: the graph is compared for those too."""
    try:
        return cls(**fields)
    except (ValueError, ArithmeticError):
        bare: Any = object.__new__(cls)
        for name, value in fields.items():
            object.__setattr__(bare, name, value)
        return bare


def _leaf_maker(leaf: Leaf, name: str) -> Maker:
    if leaf.enum is None:
        return lambda row: as_number(row[name], leaf.type)
    members = {code_of(member): member for member in leaf.enum}
    return lambda row: members[int(row[name])]


def _parts(shape: Shape, name: str, ports: list[Port]) -> Callable[[Any], list[Any]]:
    """What takes a result of `shape` apart, in the order in which its outputs are added to `ports`."""
    match shape:
        case Leaf():
            ports.append(Port(name, shape))
            return lambda value: [value]
        case TupleShape(items):
            inner = [_parts(item, _join(name, str(i)), ports) for i, item in enumerate(items)]
            return lambda value: [each for part, take in zip(value, inner, strict=True) for each in take(part)]
        case VectorShape(_, item):
            of_each: list[Port] = []
            take_one, axis = _parts(item, name, of_each), shape.axis
            ports += [Port(port.name, replace(port.leaf, type=along(axis, port.leaf.type))) for port in of_each]
            return lambda value: [tuple(each) for each in zip(*map(take_one, value), strict=True)]
        case RecordShape(_, fields, _):
            named = {field: _parts(part, _join(name, field), ports) for field, part in fields}
            return lambda value: [each for field, take in named.items() for each in take(getattr(value, field))]


def _join(name: str, part: str) -> str:
    return f"{name}.{part}" if name else part
