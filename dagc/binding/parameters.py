"""Binding: what a user gives for the parameters of a graph, checked against their types and domains."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.diagnostics.wording import counted
from dag.graphs.binding import complete, flatten
from dag.graphs.graph import Graph, Param
from dag.values.types import Value
from dag.values.words import Column, column_dtype, show
from dagc.binding.spreading import DoesNotFit, by_name, is_record
from dagc.data.frames import as_numpy, frame, is_frame
from dagc.live.values import WrongType, column_as, expected, inside, value_as

#: The file of a deployed bundle that says who pinned what (`dagc.binding.pins`).
PINS = "pins.json"


class BindingProblem(CompileError, ValueError):
    """The parameters do not fit the graph; the message lists every one that does not, and what to give instead."""


def bound_values(graph: Graph, given: object = None) -> dict[str, Value]:
    """One value for every parameter of `graph`: from a @params object, from a mapping of dotted names to values (or of
    arguments to @params objects), else the default.

    Raises BindingProblem for unknown names, missing values, wrong types and values outside their domain, all at once.
    """
    try:
        return complete(graph, _converted(graph, _named(graph, given)))
    except CompileError as problem:
        raise BindingProblem(problem.diagnostics) from None


def already_pinned(graph: Graph) -> BindingProblem:
    """That a deployed graph was handed parameters."""
    return BindingProblem(
        [
            Diagnostic(
                "E081",
                CODES["E081"][0],
                None,
                graph.name,
                "one writer of every parameter: the pins that the bundle was built with",
                ("bind(...) with parameters of its own",),
                "bind() without arguments; or build with the other pins, or without --pins to try parameters out",
            )
        ]
    )


def is_table(given: object) -> bool:
    """Whether `given` holds many bindings: a data frame of any kind, a list of rows, or a mapping of columns."""
    if isinstance(given, Mapping):
        return any(is_table(value) if isinstance(value, Mapping) else _is_column(value) for value in given.values())
    if isinstance(given, np.ndarray):
        return True
    return is_frame(given) or (isinstance(given, Sequence) and not isinstance(given, str))


def bound_columns(graph: Graph, table: object) -> tuple[dict[str, Column], int]:
    """A column [rows] for every parameter, and how many rows there are.

    A parameter that the table lacks has its default in every row; a single value in a mapping of columns stands for all
    rows. Raises BindingProblem, naming the first bad row of every bad column.
    """
    if isinstance(table, Sequence) and not isinstance(table, str):
        bindings = [_row(graph, row, index) for index, row in enumerate(table)]
        columns = {
            p.name: np.array([binding[p.name] for binding in bindings], dtype=column_dtype(graph.types[p.node]))
            for p in graph.params
        }
        return columns, len(bindings)
    given = _columns_of(graph, table)
    rows = _rows(given)
    columns, problems = _checked_columns(graph, given, rows)
    # Everything but the columns' own values is judged as one binding, with the first row standing for all of them.
    single = {name: value for name, value in given.items() if not _is_column(value)}
    first = {name: column[0].item() for name, column in columns.items()}
    bad = {problem.node for problem in problems}
    unknown = {name: 0 for name in given if name not in columns and name not in bad and name not in single}
    binding: dict[str, Value] = {}
    try:
        binding = complete(graph, {**_converted(graph, single), **first, **unknown})
    except CompileError as problem:
        problems += [each for each in problem.diagnostics if each.node not in bad]
    if problems:
        raise BindingProblem(problems)
    for param in graph.params:
        if param.name not in columns:
            value = np.full(1, binding[param.name], dtype=column_dtype(graph.types[param.node]))
            columns[param.name] = np.broadcast_to(value, (rows,))  # kept once, however many rows there are
    return columns, rows


def _is_column(value: object) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str) and getattr(value, "ndim", 1) > 0


def _named(graph: Graph, given: object) -> dict[str, object]:
    """The dotted names of a mapping or of a @params object."""
    if given is None:
        return {}
    if is_record(given):
        return _of_argument(graph, flatten(given))
    if isinstance(given, Mapping):
        known = [param.name for param in graph.params]
        try:
            return by_name(known, {str(name): value for name, value in given.items()})
        except DoesNotFit as problem:
            raise BindingProblem(
                [
                    Diagnostic(
                        "E052",
                        "A parameter given twice",
                        None,
                        graph.name,
                        "one value a parameter",
                        (str(problem),),
                        "leave one out",
                    )
                ]
            ) from None
    raise BindingProblem(
        [
            Diagnostic(
                "E052",
                "Parameters of a wrong form",
                None,
                "",
                "a @params object, a mapping of names to values, or a table of them",
                (type(given).__name__,),
                "bind({'sizer.threshold': -0.02}), or bind() for the defaults",
            )
        ]
    )


def _of_argument(graph: Graph, values: Mapping[str, Value]) -> dict[str, object]:
    """The values of one @params object under the names that the graph has for them: with its argument in front, where the graph
    tells arguments apart. Raises BindingProblem where several arguments could be meant.
    """
    known = {param.name for param in graph.params}
    if not values or not known.isdisjoint(values):
        return dict(values)
    first = next(iter(values))
    arguments = [name.removesuffix(f".{first}") for name in sorted(known) if name.endswith(f".{first}")]
    arguments = [argument for argument in arguments if known >= {f"{argument}.{name}" for name in values}]
    if len(arguments) > 1:
        example = ", ".join(f"{argument!r}: ..." for argument in arguments)
        title, got = "Parameters of one of several arguments", "one @params object"
        expected = f"an object for each of {', '.join(f'`{argument}`' for argument in arguments)}"
        raise BindingProblem(
            [Diagnostic("E051", title, None, graph.name, expected, (got,), f"say whose it is: bind({{{example}}})")]
        )
    return {f"{arguments[0]}.{name}": value for name, value in values.items()} if arguments else dict(values)


def _converted(graph: Graph, given: Mapping[str, object]) -> dict[str, Any]:
    """Numpy's numbers and enum members as the graph's values; what is of a wrong type stays as it is, to be reported."""
    types = {param.name: graph.types[param.node] for param in graph.params}
    converted: dict[str, Any] = dict(given)
    for name in given.keys() & types.keys():
        try:
            converted[name] = value_as(given[name], types[name])
        except WrongType:
            # None would read as 'not given'.
            converted[name] = "None" if given[name] is None else given[name]
    return converted


def _row(graph: Graph, row: object, index: int) -> dict[str, Value]:
    try:
        return bound_values(graph, row)
    except BindingProblem as problem:
        note = f"in row {index} of the table"
        raise BindingProblem(
            [dataclasses.replace(each, notes=(*each.notes, note)) for each in problem.diagnostics]
        ) from None


def _columns_of(graph: Graph, table: object) -> dict[str, Any]:
    """The columns of a mapping, a structured array or a data frame."""
    if isinstance(table, Mapping):
        return _named(graph, table)
    if isinstance(table, np.ndarray):
        if table.dtype.names is None or table.ndim != 1:
            raise BindingProblem(
                [
                    _table_problem(
                        "a structured array [rows] with a field for each parameter",
                        f"an array of shape {list(table.shape)} and dtype {table.dtype}",
                        "give a mapping of columns: {'sizer.threshold': column, ...}",
                    )
                ]
            )
        return {name: table[name] for name in table.dtype.names}
    return {name: as_numpy(column) for name, column in frame(table).columns.items()}


def _rows(given: Mapping[str, Any]) -> int:
    lengths = {name: len(column) for name, column in given.items() if _is_column(column)}
    if len(set(lengths.values())) == 1 and min(lengths.values()) > 0:
        return next(iter(lengths.values()))
    listed = ", ".join(f"`{name}` has {length}" for name, length in lengths.items())
    raise BindingProblem(
        [_table_problem("columns of one length, at least 1", listed or "no columns", "give every column the same rows")]
    )


def _checked_columns(graph: Graph, given: Mapping[str, Any], rows: int) -> tuple[dict[str, Column], list[Diagnostic]]:
    """The columns that fit their parameters, and a problem for each that does not."""
    columns: dict[str, Column] = {}
    problems: list[Diagnostic] = []
    for param in graph.params:
        if param.name not in given or not _is_column(given[param.name]):
            continue
        type_ = graph.types[param.node]
        try:
            column = column_as(given[param.name], type_)
        except WrongType:
            got = getattr(given[param.name], "dtype", None) or f"a {type(given[param.name]).__name__}"
            problems.append(
                _column_problem(graph, param, str(got), f"give a column of type {type_}", "Parameter of another type")
            )
            continue
        bad = np.flatnonzero(~inside(column, param.domain))
        if bad.size:
            got = (
                f"{show(column[bad[0]].item(), type_)} in row {bad[0]} ({bad.size:,} of {counted(rows, 'row')} outside)"
            )
            problems.append(_column_problem(graph, param, got, "give values in its domain"))
        else:
            columns[param.name] = np.ascontiguousarray(column)
    return columns, problems


def _column_problem(graph: Graph, param: Param, got: str, fix: str, title: str = CODES["E052"][0]) -> Diagnostic:
    wanted = f"a column of {expected(graph.types[param.node], param.domain)}"
    return Diagnostic("E052", title, None, param.name, wanted, (got,), fix)


def _table_problem(wanted: str, got: str, fix: str) -> Diagnostic:
    return Diagnostic("E052", "A parameter table of a wrong form", None, "", wanted, (got,), fix)
