"""What a replay writes: a column for each output and for each tap asked for, as Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow

from dag.graphs.graph import Graph
from dag.values.types import Kind
from dag.values.words import Column, Words, column_of_words
from dagc.data.problem import DataProblem
from dagc.debugging.tap_names import NameProblem
from dagc.live.run import tapped

_ARROW_TYPES = {
    Kind.F64: pyarrow.float64(),
    Kind.F32: pyarrow.float32(),
    Kind.I64: pyarrow.int64(),
    Kind.I32: pyarrow.int32(),
    Kind.BOOL: pyarrow.bool_(),
    Kind.ENUM: pyarrow.int64(),
}


def columns_of(graph: Graph, taps: Sequence[str]) -> dict[str, int]:
    """As `dagc.live.run.tapped`, for names from the command line. Raises DataProblem for a name that no value or more than one has."""
    try:
        return tapped(graph, taps)
    except NameProblem as problem:
        raise DataProblem(f"--taps: {problem}") from None


def schema_of(graph: Graph, columns: Mapping[str, int], metadata: Mapping[str, str]) -> pyarrow.Schema:
    """The Arrow schema: enums as their codes, with the members in the field's metadata, as the unit is."""
    fields = []
    for name, node in columns.items():
        type_ = graph.types[node]
        about = {"dagc.type": str(type_), "dagc.unit": graph.units[node]}
        if type_.members is not None:
            about["dagc.members"] = ", ".join(f"{member}={code}" for member, code in type_.members.codes)
        each = _ARROW_TYPES[type_.kind]
        if type_.axis is not None:
            about["dagc.places"] = ", ".join(type_.axis.labels)
            each = pyarrow.list_(pyarrow.field("item", each, nullable=False), type_.size)
        fields.append(pyarrow.field(name, each, nullable=False, metadata=about))
    return pyarrow.schema(fields, metadata=dict(metadata))


def table_of(
    graph: Graph, columns: Mapping[str, int], schema: pyarrow.Schema, words: Mapping[int, Words]
) -> pyarrow.Table:
    """Words [bars] of the nodes as a table: one NaN only, so that equal words are equal bytes."""
    arrays = [column_of_words(words[node], graph.types[node]) for node in columns.values()]
    return pyarrow.Table.from_arrays(
        [_column(array, field.type) for array, field in zip(arrays, schema, strict=True)], schema=schema
    )


def _column(array: Column, type_: pyarrow.DataType) -> pyarrow.Array:
    """A column; of a value along an axis lists, a place each."""
    if array.ndim == 1:
        return pyarrow.array(array, type_)
    return pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(array.reshape(-1), type_.value_type), type=type_)
