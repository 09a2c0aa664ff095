"""W006: an input whose declaration has a default, which no bar uses."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator

from compile.lint.finding import finding
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.annotations import shape_of
from dag.language.lane import AnyLane, Lane
from dag.language.lift import lifted_from
from dag.language.shapes import RecordShape, Shape
from dag.trace.functions import function_source


def lost_defaults(graph: Graph, lane: AnyLane) -> Iterator[Diagnostic]:
    """Inputs come with every row: the default of an argument, or of a field of a record, counts on numbers only.

    Not where another lane of the file calls this one: it may leave the argument out.
    """
    if _is_called(lane):
        return
    inputs = {port.name: port.node for port in graph.inputs}
    for argument, shape, default in _arguments(lane):
        for path, value in _defaults(shape, default):
            name = next((each for each in (f"{argument}.{path}".strip("."), path) if each in inputs), None)
            if name is not None:
                yield finding(
                    "W006",
                    graph,
                    inputs[name],
                    name,
                    "an input without a default: it comes with every row",
                    (f"{value!r}, which no row of a bundle takes",),
                    "leave the default out; or, to tune the value, make it a field of a @params class",
                )


def _is_called(lane: AnyLane) -> bool:
    """Whether another lane of the same module names this one."""
    names = lane.function.__globals__
    others = [each.function for each in names.values() if isinstance(each, Lane) and each is not lane]
    return any(names.get(name) is lane for other in others for name in other.__code__.co_names)


def _arguments(lane: AnyLane) -> Iterator[tuple[str, Shape, object]]:
    """The arguments of a lane that are inputs, with what each is declared to be, and its default."""
    if lifted_from(lane.function) is not None:
        return  # whose defaults make parameters
    names = function_source(lane.function).outer_names()
    annotations = lane.function.__annotations__
    for name, parameter in inspect.signature(lane.function).parameters.items():
        shape = shape_of(annotations[name], names)
        if not (isinstance(shape, RecordShape) and shape.tunable):
            yield name, shape, parameter.default


def _defaults(shape: Shape, default: object, path: str = "") -> Iterator[tuple[str, object]]:
    """The values that have a default, by path; that of the argument, or of a record around them, goes before their own."""
    if isinstance(shape, RecordShape):
        declared = {each.name: each for each in dataclasses.fields(shape.cls)}
        for name, inner in shape.fields:
            own = declared[name].default
            given = inspect.Parameter.empty if own is dataclasses.MISSING else own
            held = getattr(default, name, given) if isinstance(default, shape.cls) else given
            yield from _defaults(inner, held, f"{path}.{name}".strip("."))
    elif default is not inspect.Parameter.empty:
        yield path, default
