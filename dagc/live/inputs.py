"""The inputs of a bar as users hand them over, checked by name and type."""

from __future__ import annotations

import numbers
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph, Input
from dag.graphs.place_names import place_names
from dag.values.types import Kind, Type, Value
from dag.values.words import Column
from dagc.binding.spreading import DoesNotFit, by_name, in_order, is_record
from dagc.debugging.naming_help import did_you_mean
from dagc.live.values import WrongType, column_as, expected, value_as


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


def spread_inputs(graph: Graph, given: object, columns: bool = False) -> dict[str, Any]:
    """The inputs by name, out of a mapping or a sequence of them, or of the records and tuples that the lane takes.

    Raises InputProblem where they are not exactly those of `graph`.
    """
    names = [port.name for port in graph.inputs]
    try:
        if isinstance(given, Mapping):
            found = by_name(names, given)
            check_names(graph, found)
            return found
        taken = _sequence(names, graph.name, given, columns)
        values = in_order(names, taken, columns)
        if columns and len(values) != len(names):  # then the tuples among them are no columns
            values = in_order(names, taken)
    except DoesNotFit as problem:
        raise InputProblem(f"these inputs do not fit `{graph.name}`\n  {problem}") from None
    if len(values) != len(names):
        raise InputProblem(
            f"`{graph.name}` takes {counted(len(names), 'input')}, got {len(values)}; their order is {', '.join(names)}"
        )
    return dict(zip(names, values, strict=True))


def as_one(inputs: object, more: tuple[Any, ...], named: Mapping[str, Any]) -> object:
    """What a step is given, one thing: a mapping or a sequence, arguments one after the other, or keywords. Raises InputProblem."""
    if inputs is None and not more:
        return named
    if named:
        raise InputProblem("give the inputs either by keyword or as one mapping or sequence, not both")
    return (inputs, *more) if more else inputs


def is_sequence(given: object) -> bool:
    """Whether `given` holds values in an order."""
    return hasattr(given, "__getitem__") and hasattr(given, "__len__") and getattr(given, "ndim", 1) != 0


def _sequence(names: Sequence[str], lane: str, given: Any, columns: bool) -> Iterable[Any]:
    if is_record(given):
        return (given,)
    if is_sequence(given) and not (columns and hasattr(given, "dtype")):  # an array is one column
        values: Iterable[Any] = given
        return values
    shown = repr(given) if len(names) == 1 and isinstance(given, numbers.Number) else "..."
    values = ", ".join(f"{name!r}: {shown}" for name in names)
    one_by_one = f"({shown},)" if len(names) == 1 else f"({', '.join(names)})"
    fix = f"give {one_by_one} or {{{values}}}" if names else "give nothing"
    raise InputProblem(f"`{lane}` takes {counted(len(names), 'input')}, got {given!r}; {fix}")


def input_words(graph: Graph, port: Input, given: Any) -> list[Value]:
    """The values of `port`, one, or along an axis one for each place; raises InputProblem."""
    type_ = graph.types[port.node]
    if type_.axis is None:
        return [input_value(graph, port, given)]
    names = place_names(port.name, type_)
    is_many = is_sequence(given) and not isinstance(given, Mapping | str)
    if not is_many or len(given) != type_.size:
        count = f"{counted(len(given), 'value')}" if is_many else f"{given!r}"
        lacks = f" (`{names[len(given)]}` is missing)" if is_many and len(given) < type_.size else ""
        raise InputProblem(
            f"input `{port.name}` is {count}, expected {type_.size}, a place each of {type_.axis}{lacks}"
        )
    found: list[Value] = []
    for name, each in zip(names, given, strict=True):
        try:
            found.append(value_as(each, type_.element))
        except WrongType:
            raise InputProblem(f"input `{name}` is {each!r}, expected {expected(type_.element)}") from None
    return found


def input_value(graph: Graph, port: Input, given: object) -> Value:
    """One value for `port`; raises InputProblem."""
    try:
        return value_as(given, graph.types[port.node])
    except WrongType:
        raise InputProblem(f"input `{port.name}` is {given!r}, expected {expected(graph.types[port.node])}") from None


def input_column(graph: Graph, port: Input, given: Any, shapes: str, dimensions: tuple[int, ...]) -> Column:
    """A column for `port` with one of these numbers of dimensions, and along an axis its places behind them; raises InputProblem,
    which shows `shapes`."""
    type_ = graph.types[port.node]
    try:
        column = column_as(given, type_.element)
    except (WrongType, ValueError):
        raise InputProblem(f"input `{port.name}` does not hold {expected(type_.element)}") from None
    if type_.length is not None and (column.ndim - 1 not in dimensions or column.shape[-1] != type_.length):
        got = list(column.shape)
        raise InputProblem(
            f"input `{port.name}` has shape {got}, expected {shapes}, and last the {type_.length} places of {type_.axis}"
        )
    if type_.length is None and column.ndim not in dimensions:
        raise InputProblem(f"input `{port.name}` has shape {list(column.shape)}, expected {shapes}")
    return column


def fitted(name: str, column: Column, shape: tuple[int, ...], places: int = 0) -> Column:
    """`column` broadcast to `shape` [..., instances], without copying it; its last `places` dimensions stay behind that. Raises
    InputProblem where it does not fit."""
    try:
        return np.broadcast_to(column, (*shape, *column.shape[column.ndim - places :]))
    except ValueError:
        raise InputProblem(
            f"input `{name}` has shape {list(column.shape)}, which does not fit {counted(shape[-1], 'instance')}"
        ) from None


def picker(names: tuple[str, ...]) -> Callable[[Any], Sequence[Any]]:
    """A function from a mapping to the tuple of its values for `names`; it raises KeyError where one is missing."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda mapping: tuple(mapping[name] for name in names)


def word_format(type_: Type) -> str:
    """What `struct` calls a word of this type. Of an i32's word the kernel reads the low half; one that does not fit is an error."""
    if type_.kind is Kind.I32:
        return "i4x" if sys.byteorder == "little" else "4xi"
    return "d" if type_.is_float else "q"
