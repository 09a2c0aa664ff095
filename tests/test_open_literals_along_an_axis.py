"""A place of a value along an axis whose literals have no unit yet: one place, not the place of the loop that reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from compile.backend import Batch
from compile.interpreter.backend import Interpreter
from dag.diagnostics.diagnostic import CompileError
from dagc.building.running import prepared
from dagc.checking.diagnosing import _shown

_HEAD = '''
from typing import Annotated

from dagc import T, Vector, carry, domain, lane, sum_seq, unit

Px = Annotated[float, unit("px"), domain(0.0, 10.0)]


class Books(Vector[T], length=3):
    """Places."""


@lane
def read(x: Books[Px], n: Annotated[int, domain(0, 2)]) -> Books[Annotated[float, unit("px")]]:
'''
_BODIES = {
    "a carried literal": """
    held = carry(initial=Books(fill=0.0))
    first = held[n]
    held = x
    return Books(v + first for v in x)
""",
    "a choice of literals": """
    chosen = Books(1.0 if v > 2.0 else 3.0 for v in x)
    return Books(v * chosen[n] for v in x)
""",
    "a choice of literals, place by place": """
    chosen = Books(1.0 if v > 2.0 else 3.0 for v in x)
    total = 0.0
    for each in chosen:
        total = total + each
    return Books(v * total for v in x)
""",
}


def _lane(tmp_path: Path, body: str) -> str:
    file = tmp_path / "reading.py"
    file.write_text(_HEAD + body, encoding="utf-8")
    return f"{file}:read"


@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
def test_one_place_is_read(tmp_path: Path, body: str) -> None:
    lane = prepared(_lane(tmp_path, body))
    check, interpreter = lane.lane_check(), Interpreter()
    rng = np.random.default_rng(5)
    batch = Batch({"x": rng.uniform(0.0, 10.0, (4, 8, 3)), "n": rng.integers(0, 3, (4, 8))}, {}, None, 4, 8)
    exact = interpreter.load(lane.graph, interpreter.lower(lane.graph)).run(batch, check.nodes)
    found = check.compare(batch, exact)
    assert not found.differences
    assert found.words


@pytest.mark.parametrize(
    "body",
    [
        "held = carry(initial=Books(fill=0.0))\n    found = Books(sum_seq((h + w for w in x), 0.0) for h in held)\n    held = x",
        "z = Books(1.0 if v > 2.0 else 3.0 for v in x)\n    found = Books(sum_seq((h * w for w in x), 0.0) for h in z)",
    ],
)
def test_a_loop_reads_no_open_literal_of_the_loop_around_it(tmp_path: Path, body: str) -> None:
    with pytest.raises(CompileError, match="loop around"):
        prepared(_lane(tmp_path, f"    {body}\n    return found\n"))


def test_what_a_lane_was_given_is_shown_along_an_axis(tmp_path: Path) -> None:
    """The page of a lane that is not its graph, of a finding planted here."""
    graph = prepared(_lane(tmp_path, "    return Books(v for v in x)\n")).graph
    history = {"inputs": {"x": np.array([[1.0, 2.5, 3.0]]), "n": np.array([2])}, "params": {}}
    assert [_shown(graph, port.node, history["inputs"][port.name][0]) for port in graph.inputs] == [
        "[1.0, 2.5, 3.0]",
        "2",
    ]
