"""The graph shows the order of ports, which is positional, and of nothing else that is independent."""

from __future__ import annotations

from pathlib import Path

from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace

HEADER = """\
from typing import Annotated
from dag import carry, lane, params, unit

"""
PARAMS = """\
@params
class Band:
    {0}: float = {1}
    {2}: float = {3}

"""
INNER = """\
@lane
def average(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.25 * (x - level)
    return level

"""
OUTER = """\
@lane
def spread({0}: float, {1}: float, p: Band) -> float:
    {2}
    {3}
    return min(max(fast - slow, p.low), p.high)

"""
FAST, SLOW = "fast = average(a)", "slow = average(b)"


def graph(folder: Path, text: str) -> Graph:
    file = folder / "lanes_in_some_order.py"
    file.write_text(HEADER + text)
    return trace(load_lane(f"{file}:spread"))


def test_definitions_and_independent_statements_may_stand_in_any_order(tmp_path: Path) -> None:
    one = graph(tmp_path, PARAMS.format("low", -1.0, "high", 1.0) + INNER + OUTER.format("a", "b", FAST, SLOW))
    other = graph(tmp_path, INNER + PARAMS.format("low", -1.0, "high", 1.0) + OUTER.format("a", "b", SLOW, FAST))
    assert one.content_hash == other.content_hash
    assert one.ops == other.ops
    assert one.names == other.names


def test_arguments_and_fields_keep_their_order(tmp_path: Path) -> None:
    text = PARAMS.format("low", -1.0, "high", 1.0) + INNER + OUTER.format("a", "b", FAST, SLOW)
    exchanged = PARAMS.format("high", 1.0, "low", -1.0) + INNER + OUTER.format("b", "a", FAST, SLOW)
    one, other = graph(tmp_path, text), graph(tmp_path, exchanged)
    assert [port.name for port in one.ports()] == ["a", "b", "low", "high"]
    assert [port.name for port in other.ports()] == ["b", "a", "high", "low"]
    assert one.content_hash != other.content_hash


def test_what_is_computed_does_show(tmp_path: Path) -> None:
    texts = [
        PARAMS.format("low", -1.0, "high", 1.0) + INNER + OUTER.format("a", "b", FAST, SLOW),
        PARAMS.format("low", -1.0, "high", 1.0) + INNER + OUTER.format("a", "b", FAST, "slow = average(a)"),
        PARAMS.format("low", -1.0, "high", 1.5) + INNER + OUTER.format("a", "b", FAST, SLOW),
        PARAMS.format("low", -1.0, "high", 1.0) + INNER.replace("0.25", "0.5") + OUTER.format("a", "b", FAST, SLOW),
    ]
    assert len({graph(tmp_path, text).content_hash for text in texts}) == len(texts)


def test_comments_and_docstrings_do_not_show(tmp_path: Path) -> None:
    text = PARAMS.format("low", -1.0, "high", 1.0) + INNER + OUTER.format("a", "b", FAST, SLOW)
    commented = text.replace("    level = carry", '    """Documented."""\n    # a comment\n    level = carry')
    assert graph(tmp_path, text).content_hash == graph(tmp_path, commented).content_hash
