"""Binding: what a user gives for the parameters of a graph, checked against their types and domains."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dag.graph import Graph, Param
from dag.types import Value
from dag.words import Column, column_dtype, show
from dagc.naming_help import did_you_mean
from dagc.values import WrongType, column_as, expected, inside, value_as


class BindingProblem(ValueError):
    """The parameters do not fit the graph; the message lists every one that does not, and what to give instead."""


def bound_values(graph: Graph, given: object = None) -> dict[str, Value]:
    """One value for every parameter of `graph`: from a @params object, from a mapping of dotted names, else the default.

    Raises BindingProblem for unknown names, missing values, wrong types and values outside their domain, all at once.
    """
    return _checked_values(graph, _named(given))


def is_table(given: object) -> bool:
    """Whether `given` holds many bindings: a structured array, an Arrow table, a list of rows, or a mapping of columns."""
    if isinstance(given, Mapping):
        return any(_is_column(value) for value in given.values())
    if isinstance(given, np.ndarray):
        return True
    return _is_arrow(given) or (isinstance(given, Sequence) and not isinstance(given, str))


def bound_columns(graph: Graph, table: object) -> tuple[dict[str, Column], int]:
    """A column [rows] for every parameter, and how many rows there are.

    A parameter that the table lacks has its default in every row; a single value in a mapping of columns stands for all
    rows. Raises BindingProblem, naming the first bad row of every bad column.
    """
    if isinstance(table, Sequence) and not isinstance(table, str):
        rows = [_row_values(graph, row, index) for index, row in enumerate(table)]
        columns = {
            p.name: np.array([row[p.name] for row in rows], dtype=column_dtype(graph.types[p.node]))
            for p in graph.params
        }
        return columns, len(rows)
    given = _columns_of(table)
    lengths = {name: len(column) for name, column in given.items() if _is_column(column)}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"`{name}` {length}" for name, length in lengths.items())
        raise BindingProblem(f"the columns of the parameter table differ in length: {listed}")
    rows_count = next(iter(lengths.values()))
    problems = _unknown(graph, given)
    columns = {}
    for param in graph.params:
        try:
            columns[param.name] = _column(graph, param, given, rows_count)
        except _Bad as bad:
            problems.append(str(bad))
    _raise_all(graph, problems)
    return columns, rows_count


class _Bad(Exception):
    """One parameter that does not fit."""


def _is_column(value: object) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str) and getattr(value, "ndim", 1) > 0


def _is_arrow(given: object) -> bool:
    return hasattr(given, "column_names") and hasattr(given, "column")


def _named(given: object) -> dict[str, object]:
    """The dotted names of a mapping or of a @params object."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {str(name): value for name, value in given.items()}
    if dataclasses.is_dataclass(given) and not isinstance(given, type):
        from dag.binding import flatten

        return dict(flatten(given))
    raise BindingProblem(
        f"parameters as {type(given).__name__}\n"
        "  expected  a @params object, a mapping of names to values, or a table of them\n"
        "  fix       pass for example {'sizer.threshold': -0.02}, or nothing for the defaults"
    )


def _checked_values(graph: Graph, given: Mapping[str, object], where: str = "") -> dict[str, Value]:
    problems = _unknown(graph, given)
    values: dict[str, Value] = {}
    for param in graph.params:
        try:
            values[param.name] = _value(graph, param, given)
        except _Bad as bad:
            problems.append(str(bad))
    _raise_all(graph, problems, where)
    return values


def _row_values(graph: Graph, row: object, index: int) -> dict[str, Value]:
    return _checked_values(graph, _named(row), f", row {index}")


def _columns_of(table: object) -> dict[str, Any]:
    """The columns of a mapping, a structured array or an Arrow table."""
    if isinstance(table, Mapping):
        return {str(name): column for name, column in table.items()}
    if isinstance(table, np.ndarray):
        if table.dtype.names is None or table.ndim != 1:
            raise BindingProblem(
                f"a parameter table as an array of shape {list(table.shape)} and dtype {table.dtype}\n"
                "  expected  a structured array [rows] with a field for each parameter\n"
                "  fix       give a mapping of columns, {'sizer.threshold': column, ...}"
            )
        return {name: table[name] for name in table.dtype.names}
    arrow: Any = table
    return {name: arrow.column(name).to_numpy() for name in arrow.column_names}


def _unknown(graph: Graph, given: Mapping[str, object]) -> list[str]:
    names = [param.name for param in graph.params]
    return [
        f"parameter `{name}` does not exist\n  fix       {did_you_mean(name, names)}"
        for name in given
        if name not in names
    ]


def _value(graph: Graph, param: Param, given: Mapping[str, object]) -> Value:
    type_ = graph.types[param.node]
    if param.name not in given:
        return _default(graph, param)
    try:
        value = value_as(given[param.name], type_)
    except WrongType:
        raise _Bad(_page(graph, param, repr(given[param.name]))) from None
    if not param.domain.contains(value):
        raise _Bad(_page(graph, param, show(value, type_)))
    return value


def _column(graph: Graph, param: Param, given: Mapping[str, Any], rows: int) -> Column:
    type_ = graph.types[param.node]
    if param.name not in given or not _is_column(given[param.name]):
        return np.full(rows, _value(graph, param, given), dtype=column_dtype(type_))
    try:
        column = column_as(given[param.name], type_)
    except WrongType:
        got = getattr(given[param.name], "dtype", None) or f"a {type(given[param.name]).__name__} of other values"
        raise _Bad(_page(graph, param, f"a column of {got}")) from None
    bad = np.flatnonzero(~inside(column, param.domain))
    if bad.size:
        value = show(column[bad[0]].item(), type_)
        raise _Bad(_page(graph, param, f"{value} in row {bad[0]} ({bad.size} of {rows} rows are outside)"))
    return np.ascontiguousarray(column)


def _default(graph: Graph, param: Param) -> Value:
    if param.default is None:
        raise _Bad(
            f"parameter `{param.name}` has no default and was not given\n"
            f"  expected  {expected(graph.types[param.node], param.domain)}{_unit(graph, param)}\n"
            f"  fix       bind({{{param.name!r}: ...}})"
        )
    return param.default


def _page(graph: Graph, param: Param, got: str) -> str:
    span = graph.spans[param.node]
    declared = f" (declared at {span.at})" if span else ""
    return (
        f"parameter `{param.name}`{declared} cannot hold this value\n"
        f"  expected  {expected(graph.types[param.node], param.domain)}{_unit(graph, param)}\n"
        f"  got       {got}\n"
        "  fix       bind a value inside the domain, or widen the domain where the parameter is declared and build again"
    )


def _unit(graph: Graph, param: Param) -> str:
    return "" if graph.units[param.node] == "1" else f" [{graph.units[param.node]}]"


def _raise_all(graph: Graph, problems: list[str], where: str = "") -> None:
    if problems:
        raise BindingProblem(f"these parameters do not fit `{graph.name}`{where}:\n" + "\n".join(problems))
