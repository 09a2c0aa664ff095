"""Tables in memory: pandas, polars and Arrow tables, structured arrays and mappings of columns, as columns by name."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from compile.backend import column_shape
from dag.graphs.graph import Graph
from dag.values.types import Type
from dag.values.words import Column
from dagc.binding.spreading import port_called
from dagc.data.columns_read import columns_read
from dagc.data.problem import DataProblem
from dagc.data.tables import Table
from dagc.debugging.naming_help import did_you_mean
from dagc.live.values import WrongType, column_as, expected


@dataclass(frozen=True, slots=True)
class Frame:
    """A table as it came. `columns` are by name; `times` those among them that hold timestamps; `index` is that of pandas."""

    columns: Mapping[str, Any]
    times: Mapping[str, Any] = field(default_factory=dict[str, Any])
    index: Any = None


def is_frame(data: object) -> bool:
    """Whether `data` is a table of one of the kinds that `frame` knows by their class; a mapping is not."""
    return _is_structured(data) or _is_pandas(data) or hasattr(data, "__arrow_c_stream__")


def frame(data: Any) -> Frame:
    """The columns of a table. Raises DataProblem for what is none, for missing values, and where pyarrow is needed and missing.

    A NaN is a value: it rejects its row. Arrow's and polars' nulls are missing values, as in a file.
    """
    if isinstance(data, Mapping):
        return _timed({str(name): column for name, column in data.items()})
    if _is_structured(data):
        return _timed({name: data[name] for name in data.dtype.names})
    if _is_pandas(data):
        return _timed({str(name): data[name].to_numpy() for name in data.columns}, data.index)
    if hasattr(data, "__arrow_c_stream__"):
        return _of_arrow(data)
    raise DataProblem(
        f"{type(data).__name__} is no table of bars: give a pandas, polars or Arrow table, a structured array, or a mapping of "
        "names to columns"
    )


def table_in_memory(data: object, graph: Graph) -> Table:
    """The inputs of `graph` from a table in memory, all bars of it, and the names of the columns it does not read.

    Raises DataProblem.
    """
    return inputs_of(frame(data), graph, called(data))


def inputs_of(found: Frame, graph: Graph, what: str) -> Table:
    """As `table_in_memory`, of a frame that messages call `what`."""
    ports = {port.name: graph.types[port.node] for port in graph.inputs}
    names = {name: columns_read(name, type_, found.columns) for name, type_ in ports.items()}
    columns = matched(found.columns, [each for several in names.values() for each in several], what, graph.name)
    taken = {
        name: _port(what, name, type_, {each: columns[each] for each in names[name]}) for name, type_ in ports.items()
    }
    lengths = {name: len(column) for name, column in taken.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"`{name}` has {length:,}" for name, length in lengths.items())
        raise DataProblem(f"the columns of {what} differ in length: {listed}")
    read = set(map(id, columns.values()))
    return Table(taken, tuple(name for name, column in found.columns.items() if id(column) not in read))


def _port(what: str, name: str, type_: Type, columns: Mapping[str, Any]) -> Column:
    """An input; of one along an axis a column with all its places, or a column a place."""
    if name in columns:
        return _column(what, name, type_, columns[name])
    return np.stack([_column(what, each, type_.element, column) for each, column in columns.items()], axis=1)


def _column(what: str, name: str, type_: Type, given: Any) -> Column:
    if _is_arrow(given):
        from dagc.data.arrow_bars import port_column

        return port_column(what, name, type_, {name: given})
    try:
        column = column_as(given, type_.element)
    except WrongType:
        has = getattr(given, "dtype", None) or _kind(given)
        raise DataProblem(f"{what}, column `{name}` holds {has}, expected {expected(type_)}") from None
    if column.shape[1:] != column_shape(type_):
        expects = "[bars]" if type_.axis is None else f"[bars, {type_.length}], a place each of {type_.axis}"
        raise DataProblem(f"{what}, column `{name}` has shape {list(column.shape)}, expected {expects}")
    return column


def _kind(given: object) -> str:
    """`a list of float and str`, `a str`."""
    inner = sorted({type(each).__name__ for each in given}) if isinstance(given, list | tuple) else []
    return f"a {type(given).__name__}" + (f" of {' and '.join(inner)}" if inner else "")


def matched(columns: Mapping[str, Any], names: list[str], what: str, lane: str) -> dict[str, Any]:
    """The columns that inputs are called like, `book.bid` or `bid` alike. Raises DataProblem, naming every input without one."""
    known = frozenset(names)
    found: dict[str, Any] = {}
    for name, column in columns.items():
        argument, _, path = name.partition(".")
        port = port_called(known, argument, path)
        if port in known and (port not in found or name == port):
            found[port] = column
    if missing := [name for name in names if name not in found]:
        hints = "\n".join(f"  missing  `{name}`: {did_you_mean(name, tuple(columns))}" for name in missing)
        raise DataProblem(f"{what} lacks columns that `{lane}` reads\n{hints}")
    return found


def as_numpy(column: Any) -> Any:
    """A column of a frame as numpy has it; anything else as it is."""
    return column.to_numpy() if _is_arrow(column) else column


def _is_arrow(column: object) -> bool:
    return hasattr(column, "null_count") and hasattr(column, "combine_chunks")


def called(data: object) -> str:
    """What messages call a table: the path of a file, or what kind it is."""
    if isinstance(data, Path):
        return str(data)
    if isinstance(data, Mapping):
        return "the data"
    return f"the {type(data).__name__}"


def _is_structured(data: object) -> bool:
    return isinstance(data, np.ndarray) and data.dtype.names is not None


def _is_pandas(data: object) -> bool:
    pandas = sys.modules.get("pandas")  # who has a DataFrame has imported it
    return pandas is not None and isinstance(data, pandas.DataFrame)


def _timed(columns: dict[str, Any], index: Any = None) -> Frame:
    times = {name: each for name, each in columns.items() if getattr(getattr(each, "dtype", None), "kind", "") == "M"}
    return Frame(columns, times, index)


def _of_arrow(data: Any) -> Frame:
    try:
        import pyarrow
    except ImportError:
        raise DataProblem(
            f"{called(data)} needs pyarrow to be read\n  fix  pip install 'dagc-compiler[data]', or give a mapping of columns"
        ) from None
    table = pyarrow.table(data)
    columns = {name: table.column(name) for name in dict.fromkeys(table.column_names)}
    times = {name: column for name, column in columns.items() if pyarrow.types.is_temporal(column.type)}
    return Frame(columns, times)
