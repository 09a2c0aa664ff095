"""The inputs of a bar as users hand them over, checked by name and type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dag.graph import Graph, Input
from dag.types import Value
from dag.words import Column
from dagc.naming_help import did_you_mean
from dagc.values import WrongType, column_as, expected, value_as


class InputProblem(ValueError):
    """The inputs do not fit the graph: a name is unknown or missing, or a value is not of the input's type or shape."""


def check_names(graph: Graph, given: Iterable[str]) -> None:
    """Raise InputProblem unless `given` names every input of `graph` and nothing else; all wrong names at once."""
    names = [port.name for port in graph.inputs]
    present = set(given)
    problems = [f"  unknown  `{name}`: {did_you_mean(name, names)}" for name in sorted(present - set(names))]
    problems += [f"  missing  `{name}`" for name in names if name not in present]
    if problems:
        raise InputProblem(f"these inputs do not fit `{graph.name}`\n" + "\n".join(problems))


def input_value(graph: Graph, port: Input, given: object) -> Value:
    """One value for `port`; raises InputProblem."""
    try:
        return value_as(given, graph.types[port.node])
    except WrongType:
        raise InputProblem(f"input `{port.name}` is {given!r}, expected {expected(graph.types[port.node])}") from None


def input_column(graph: Graph, port: Input, given: Any, shapes: str, dimensions: tuple[int, ...]) -> Column:
    """A column for `port` with one of these numbers of dimensions; raises InputProblem, which shows `shapes`."""
    try:
        column = column_as(given, graph.types[port.node])
    except WrongType:
        raise InputProblem(f"input `{port.name}` does not hold {expected(graph.types[port.node])}") from None
    if column.ndim not in dimensions:
        raise InputProblem(f"input `{port.name}` has shape {list(column.shape)}, expected {shapes}")
    return column
