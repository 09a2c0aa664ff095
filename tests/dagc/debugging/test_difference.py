"""Where two runs part: inputs, parameters, edits and backends that are wrong, each found at its own value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import dagc
from compile.backend import Batch, Result, Runner
from compile.interpreter.backend import Interpreter
from dag.graphs.builder import GraphBuilder
from dag.graphs.copying import closed, copy_into
from dag.graphs.graph import Graph
from dag.operators.table import NEG
from dagc.cli import main
from dagc.debugging.difference.compare import Difference, Replay, difference
from dagc.debugging.tap_names import TapNames
from dagc.live.run import Run
from examples.market_table import load_days, market_rows, write_table

ROOT = Path(__file__).resolve().parents[3]
LANE = """
from typing import Annotated
from dagc import carry, domain, lane, params

@params
class Trend:
    speed: Annotated[float, domain(0.0, 1.0)] = 0.5
    most: float = 5.0

@lane
def trend(x: float, on: bool, p: Trend) -> float:
    level = carry(initial=1.0)
    gap = x - level
    level = level + p.speed * gap
    size = gap * 2.0 if on else 0.0
    return min(size, p.most)
"""
BARS = "x,on\n1.0,true\n3.0,true\n2.0,false\n9.0,true\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("diff")
    (made / "trend.py").write_text(LANE, encoding="utf-8")
    (made / "bars.csv").write_text(BARS, encoding="utf-8")
    return made


def run_of(folder: Path, text: str = LANE, bars: str = BARS, **params: float) -> Run:
    file, data = folder / "other.py", folder / "other.csv"
    file.write_text(text, encoding="utf-8")
    data.write_text(bars, encoding="utf-8")
    return dagc.compile(f"{file}:trend").run(pd.read_csv(data), params)


def frontier(found: Difference) -> list[tuple[str, int, str]]:
    return [(each.name, each.first, each.cause) for each in found.frontier]


def test_a_run_and_itself_are_the_same(folder: Path) -> None:
    found = run_of(folder).diff(run_of(folder))
    assert not found.differs
    assert repr(found) == "every value that both name is the same on 4 bars"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("gap * 2.0", "gap * 2.5"), [("size", 1, "edited")]),
        (("x - level\n", "x - 2.0 * level\n"), [("gap", 0, "edited")]),
        (("initial=1.0", "initial=1.5"), [("state:level", 0, "initial state")]),
        (("if on else 0.0", "if on else 0.5"), [("size", 2, "edited")]),
        (("min(size, p.most)", "min(size, p.most - 1.0)"), [("result", 3, "edited")]),
    ],
)
def test_an_edit_is_found_at_the_value_that_was_edited(
    folder: Path, edit: tuple[str, str], expected: list[tuple[str, int, str]]
) -> None:
    text = LANE.replace(*edit)
    assert text != LANE
    found = run_of(folder).diff(run_of(folder, text))
    assert frontier(found) == expected
    if expected[0][2] == "edited":
        (edited,) = [each for each in found.frontier if each.name == expected[0][0]]
        assert edited.edit is not None
        assert edited.edit[0] != edited.edit[1]


def test_a_parameter_and_an_input_are_causes(folder: Path) -> None:
    assert frontier(run_of(folder).diff(run_of(folder, speed=0.25))) == [("speed", 0, "parameter")]
    other = BARS.replace("2.0,false", "2.5,false")
    found = run_of(folder).diff(run_of(folder, bars=other))
    assert frontier(found) == [("x", 2, "input")]
    followed = {each.name: (each.first, each.bars) for each in found.followed}
    assert followed == {"gap": (2, 2), "level": (2, 2), "state:level": (3, 1), "size": (3, 1)}


def test_names_and_bars_of_one_run_alone_are_listed(folder: Path) -> None:
    text = LANE.replace("gap = ", "far = ").replace("* gap", "* far").replace("gap * 2.0", "far * 2.0")
    found = run_of(folder).diff(run_of(folder, text, BARS + "1.0,true\n"))
    assert (list(found.gone), list(found.new), found.unmatched) == (["gap"], ["far"], 1)
    assert found.differs
    assert not found.frontier


class Wrong(Runner):
    """A backend that is wrong in one bit of one value on one bar."""

    def __init__(self, graph: Graph) -> None:
        self._runner = Interpreter().load(graph, Interpreter().lower(graph))
        self._node = TapNames(graph).node("gap")

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        found = self._runner.run(batch, nodes)
        if self._node in found.nodes:
            found.nodes[self._node][2, 0] = np.nextafter(found.nodes[self._node][2, 0], 9.0)
        return found


def test_a_backend_that_is_wrong_is_told_from_an_edit(folder: Path) -> None:
    run = run_of(folder)
    right = Replay(run.graph, run.runner, run.batch)
    found = difference(right, replace(right, runner=Wrong(run.graph)))
    assert frontier(found) == [("gap", 2, "backend")]
    assert found.is_defect


def negated(graph: Graph, name: str) -> Graph:
    """The graph with one value of the other sign."""
    node = TapNames(graph).node(name)
    builder = GraphBuilder(graph.name)

    def standing(at: int, copied: int) -> int:
        return builder.op(NEG, (copied,), graph.spans[at], owner=graph.owners[at]) if at == node else copied

    node_of = copy_into(builder, graph, standing)
    return closed(builder, graph, node_of)


def test_a_flipped_sign_is_found_among_hundreds_of_values(tmp_path: Path) -> None:
    """The counts are another program's."""
    file = tmp_path / "market.csv"
    write_table(market_rows(load_days()), file)
    run = dagc.compile(f"{ROOT}/examples/five_factor.py:five_factor").run(pd.read_csv(file))
    other = negated(run.graph, "market_ob_mult.eff")
    runner = dagc.live.kernel.kernel_from_graph(other).run(pd.read_csv(file)).runner
    found = difference(Replay(run.graph, run.runner, run.batch), Replay(other, runner, run.batch))
    assert frontier(found) == [("market_ob_mult.eff", 0, "edited")]
    followed = {each.name: each for each in found.followed}
    factor = followed["market_ob_mult.mult"]
    assert (factor.bars, factor.first, factor.was) == (1035, 3, "0.95")
    assert followed["lev_compose.lev"].bars == 506
    assert (followed["exchange"].bars, followed["exchange"].first) == (20, 530)


def test_the_command_compares_versions_bindings_and_recordings(folder: Path) -> None:
    target, data = f"{folder}/trend.py:trend", str(folder / "bars.csv")
    (folder / "edited.py").write_text(LANE.replace("gap * 2.0", "gap * 2.5"), encoding="utf-8")
    (folder / "later.csv").write_text(BARS.replace("9.0", "8.0"), encoding="utf-8")

    def diff(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["diff", *options, "--data", data])
        return done.exit_code, done.output

    assert diff(target, target) == (0, "every value that both name is the same on 4 bars\n")
    code, text = diff(target, f"{folder}/edited.py:trend")
    assert code == 1
    assert "they part at bar 1" in text
    assert "size: 4.0 -> 5.0  (edited)" in text
    assert "mul(gap, 2.0)" in text
    assert "mul(gap, 2.5)" in text
    code, text = diff(target, target, "--param-of-second", "most=1.0", "--json")
    assert (code, json.loads(text)["frontier"][0]["cause"]) == (1, "parameter")
    code, text = diff(target, target, "--data-of-second", str(folder / "later.csv"))
    assert (code, "x: 9.0 -> 8.0  (input)" in text) == (1, True)
    assert diff(target, f"{folder}/nowhere.py:trend")[0] == 2
