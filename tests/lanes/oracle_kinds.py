"""What an oracle is, and the two short ways to make one from a reference function without state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dag.values.types import Value

#: Inputs and parameters of a bar by their names in the lane's graph.
Row = Mapping[str, Any]
#: From the bars of one instance to its outputs by name, bar by bar.
Oracle = Callable[[Iterator[Row]], Iterator[dict[str, Value]]]


def pure(function: Callable[[Row], Any]) -> Oracle:
    """An oracle without state: from a row of inputs and parameters by name to its outputs by name."""
    return lambda rows: map(function, rows)


def one(name: str, function: Callable[[Row], Value]) -> Oracle:
    return pure(lambda row: {name: function(row)})


def named(names: str, function: Callable[[Row], tuple[Value, ...]]) -> Oracle:
    return pure(lambda row: dict(zip(names.split(), function(row), strict=True)))
