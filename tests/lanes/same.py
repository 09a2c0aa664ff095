"""Whether a lane called with numbers says what its reference says: the same words, or both raise."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dag.graphs.graph import Graph
from dag.values.types import Value
from dag.values.words import show, word_of
from tests.lanes.oracle_kinds import Row


def outcome(run: Callable[[Row], dict[str, Value]], row: Row) -> dict[str, Value] | type[Exception]:
    """What a call gives, or the class of what it raises."""
    try:
        return run(row)
    except (ZeroDivisionError, ValueError, OverflowError) as raised:
        return type(raised)


def assert_same(
    graph: Graph, row: Row, got: dict[str, Value] | type[Exception], wanted: dict[str, Value] | type[Exception]
) -> None:
    """Fail, with the row, where an output differs in one bit or only one side raises."""
    if not isinstance(got, dict) or not isinstance(wanted, dict):
        assert got is wanted, row
        return
    assert set(got) == set(wanted) == {output.name for output in graph.outputs}
    for output in graph.outputs:
        type_ = graph.types[output.node]
        mine, theirs = got[output.name], wanted[output.name]
        if word_of(mine, type_) != word_of(theirs, type_):
            pytest.fail(f"{output.name}: {show(mine, type_)} instead of {show(theirs, type_)} for {row}")
