"""The columns of a file that hold an input: of one along an axis a column of lists, or a column a place."""

from __future__ import annotations

from collections.abc import Collection

from dag.graphs.place_names import place_names
from dag.values.types import Type


def columns_read(name: str, type_: Type, known: Collection[str]) -> list[str]:
    """The columns that the input `name` is read from, in a file that has the columns `known`."""
    return [name] if name in known else place_names(name, type_)
