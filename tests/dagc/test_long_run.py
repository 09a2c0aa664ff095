"""A graph that is wrong only after many bars is found by calling the lane on numbers for that long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from compile.campaign.run.long_run import BARS
from compile.pipeline import PipelineOptions, Stage, stages
from dag.graphs.graph import Graph
from dag.values.types import Value
from dagc.building import running
from dagc.building.build import build
from dagc.building.request import BuildRequest
from dagc.checking.check import check
from dagc.checking.request import CheckRequest
from dagc.terminal.exits import OK, REJECTED
from dagc.terminal.progress import Stages

LANE = """
from enum import Enum
from typing import Annotated

from dagc import carry, domain, lane


class Side(Enum):
    LONG = 1
    SHORT = 2


@lane
def filled(size: Annotated[int, domain(0, 1000)], price: float, side: Side, on: bool) -> tuple[int, float]:
    total = carry(initial=0)
    gone = carry(initial=0.0)
    total = min(total + size, 100000)
    gone = max(gone + (min(price, 0.0) if side == Side.SHORT and not on else 0.0), -123456.0)
    return total, gone
"""


@pytest.fixture
def target(tmp_path: Path) -> str:
    (tmp_path / "filled.py").write_text(LANE)
    return f"{tmp_path / 'filled.py'}:filled"


def _traced_wrongly(old: Value, new: Value) -> Callable[[Graph, PipelineOptions], tuple[Stage, ...]]:
    """A tracer that takes the one constant for the other."""

    def wrong(graph: Graph, wanted: PipelineOptions) -> tuple[Stage, ...]:
        assert old in graph.constants
        constants = tuple(new if each == old else each for each in graph.constants)
        return stages(replace(graph, constants=constants), wanted)

    return wrong


def test_what_only_many_bars_in_a_row_show_is_found(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for old, new, output in ((100000, 100001, "result.0"), (-123456.0, -123457.0, "result.1")):
        monkeypatch.setattr(running, "prepared_stages", _traced_wrongly(old, new))
        summary = build(BuildRequest(target, tmp_path / "out", ("interpreter",), 64, 0), Stages(quiet=True))
        assert summary.exit_code == REJECTED
        assert summary.report.firsts["lane"].node.name == output
        assert not (tmp_path / "out").exists()
        report = check(CheckRequest(target, ("lane",), rows=64), Stages(quiet=True))
        assert report.exit_code == REJECTED


def test_a_right_graph_passes_and_says_so(target: str, tmp_path: Path) -> None:
    summary = build(BuildRequest(target, tmp_path / "out", ("interpreter",), 64, 0), Stages(quiet=True))
    assert summary.exit_code == OK
    assert any(line.startswith(f"lane: {BARS} bars in a row on ") for line in summary.examined)
    report = check(CheckRequest(target, ("lane",), rows=64), Stages(quiet=True))
    assert report.exit_code == OK
    assert any(line.startswith(f"lane: {BARS} bars in a row on ") for line in report.compiled)
