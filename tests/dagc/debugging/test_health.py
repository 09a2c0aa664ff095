"""What a run says about its lanes: planted faults are found, and nothing is said of what is well."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

import dagc
from compile.campaign.drawing.random_graph import random_graph
from compile.campaign.drawing.sample import sample, universe_of
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag.operators.op import Op
from dag.values.floating_point import standard
from dagc import carry, domain, lane, params, unit
from dagc.debugging.health import health as module
from dagc.debugging.health.health import Health, as_text, health
from dagc.debugging.health.mattering import kept, mattered
from dagc.debugging.why.cut import cut_at
from dagc.debugging.why.moment import moment_of
from examples.market_table import load_days, market_rows, write_table
from tests.support.command_line import dagc as run_dagc

ROOT = Path(__file__).resolve().parents[3]


class Mode(Enum):
    OFF = 0
    ON = 1


@params
class Sizer:
    gain: Annotated[float, domain(0.0, 10.0)] = 2.0
    mode: Mode = Mode.ON


@lane
def gamma(noise: float, fresh: bool) -> float:
    """Stays where it was while the source is not fresh."""
    held = carry(initial=1.0)
    held = 1.0 + 0.1 * noise if fresh else held
    return held


@lane
def size(
    price: Annotated[float, unit("px"), domain(0.01, 1e6)],
    noise: Annotated[float, domain(-1.0, 1.0)],
    fresh: bool,
    unused: Annotated[float, domain(-1.0, 1.0)],
    p: Sizer,
) -> float:
    """`unused` is multiplied by nothing; a price above ten thousand never comes."""
    factor = gamma(noise, fresh)
    weight = 0.0 if p.mode == Mode.ON else 1.0
    ahead = price / dagc.as_unit(100.0, "px")
    capped = 5.0 if ahead > 100.0 else ahead
    return p.gain * capped * factor + weight * unused


def table(bars: int = 3_000) -> dict[str, Any]:
    rng = np.random.default_rng(19)
    return {
        "price": rng.uniform(50.0, 150.0, bars),
        "noise": rng.uniform(-1.0, 1.0, bars),
        "fresh": (np.arange(bars) < 2_000) & (rng.random(bars) < 0.7),
        "unused": rng.uniform(-1.0, 1.0, bars),
    }


def health_of(lane_: Any, columns: dict[str, Any], params_: Any = None) -> Health:
    run = dagc.compile(lane_).run(columns, params_)
    return health(run.graph, run.runner, run.batch)


def test_a_stuck_lane_an_input_that_never_mattered_and_a_branch_never_taken_are_found() -> None:
    found = health_of(size, table())
    last = int(np.flatnonzero(table()["fresh"])[-1])
    stuck = {each.name: each for each in found.stuck}
    assert set(stuck) == {"fresh", "gamma.held"}
    assert (stuck["gamma.held"].since, stuck["fresh"].value) == (last, "False")
    assert found.never_mattered == ("unused",)
    assert [(each.source, each.true) for each in found.one_sided] == [("capped = 5.0 if ahead > 100.0 else ahead", 0)]
    assert not found.born
    assert not found.still


def test_with_another_binding_the_input_matters() -> None:
    found = health_of(size, table(), {"mode": Mode.OFF})
    assert found.never_mattered == ()
    assert found.mattered["unused"] == 3_000


def test_a_healthy_run_has_nothing_to_report() -> None:
    columns = table() | {"fresh": np.arange(3_000) % 3 != 0, "price": np.tile([99.0, 1.5e4], 1_500)}
    found = health_of(size, columns, {"mode": Mode.OFF})
    assert as_text(found) == "size: 3,000 bars, 0 rejected\n  nothing to report"


@lane
def ratio(a: Annotated[float, domain(0.0, 10.0)], b: Annotated[float, domain(0.0, 10.0)]) -> float:
    quotient = dagc.ieee_div(a, b)
    return 1.0 if quotient != quotient else quotient * 2.0


def test_nan_is_blamed_where_it_is_born_and_rejected_bars_are_left_aside() -> None:
    found = health_of(ratio, {"a": [1.0, 0.0, 20.0, 0.0, 2.0], "b": [1.0, 0.0, 0.0, 0.0, 1.0]})
    assert [(each.name, each.bars, each.first) for each in found.born] == [("quotient", 2, 1)]
    assert (found.bars, found.rejected) == (5, 1)


@lane
def late(x: Annotated[float, domain(-9.0, 9.0)], y: Annotated[float, domain(-9.0, 9.0)]) -> float:
    """x matters a bar later; y goes into a state that nothing reads."""
    last = carry(initial=0.0)
    other = carry(initial=0.0)
    shown = last
    last = x
    other = other + y
    return shown


def test_what_matters_through_a_state_matters_and_what_ends_in_one_does_not() -> None:
    found = health_of(late, {"x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.0]})
    assert found.never_mattered == ("y",)


@pytest.mark.parametrize("seed", range(12))
def test_the_rules_for_columns_are_those_for_a_bar(seed: int) -> None:
    graph = prepare(random_graph(seed, 60))
    rows = sample(universe_of(graph), 60, 1, np.random.default_rng(seed))
    nodes = [n for n in range(len(graph)) if graph.constants[n] is None and not graph.types[n].is_array]
    runner = Interpreter().load(graph, Interpreter().lower(graph))
    columns = {n: each[:, 0] for n, each in runner.run(rows, nodes).nodes.items()}

    def value(node: int, bar: int) -> Any:
        constant = graph.constants[node]
        return columns[node][bar].item() if constant is None else constant

    for node in nodes:
        args = graph.args[node]
        if not isinstance(graph.ops[node], Op) or any(graph.types[arg].is_array for arg in args):
            continue
        given = [columns[a] if a in columns else np.full(60, graph.constants[a]) for a in args]
        with standard(), np.errstate(all="ignore"):
            masks = kept(graph, node, given, columns[node])
        for bar in range(60):
            cut = cut_at(graph, node, [value(arg, bar) for arg in args], value(node, bar))
            assert {place for place, mask in enumerate(masks) if mask[bar]} == {*cut.kept}, (node, bar)


def test_an_input_matters_on_the_bars_on_which_it_is_in_the_tree(tmp_path: Path) -> None:
    write_table(market_rows(load_days()), tmp_path / "market.csv")
    import pandas

    run = dagc.compile(f"{ROOT}/examples/five_factor.py:five_factor").run(pandas.read_csv(tmp_path / "market.csv"))
    graph, bars = run.graph, [0, 124, 1000, 2390, 4909]
    outputs = [o.node for o in graph.outputs if o.node != graph.status]
    for bar in bars:
        moment = moment_of(graph, run.runner, run.batch, bar)
        expected = set[int]().union(*(moment.slice(graph.passed_on(node)) for node in outputs))
        columns = {node: np.array([value]) for node, value in moment.values.items()}
        found = mattered(graph, columns, np.ones(1, np.bool_))
        inputs = {port.node for port in graph.inputs}
        assert {n for n, mask in found.items() if int(mask[0]) & 1} & inputs == expected & inputs, bar
    assert health(graph, run.runner, run.batch).never_mattered == ("w750",)


def test_the_pieces_that_a_run_is_taken_in_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = health_of(size, table())
    monkeypatch.setattr(module, "AT_ONCE", 1 << 12)
    assert as_text(health_of(size, table())) == as_text(whole)


def test_the_command_says_so(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(
        "from typing import Annotated\nfrom dagc import domain, lane\n\n@lane\n"
        "def half(x: Annotated[float, domain(0.0, 9.0)], y: Annotated[float, domain(0.0, 9.0)]) -> float:\n"
        "    return x / 2.0 + 0.0 * y\n",
        encoding="utf-8",
    )
    (tmp_path / "bars.csv").write_text("x,y\n1.0,2.0\n3.0,4.0\n", encoding="utf-8")
    done = run_dagc("health", "half.py:half", "--data", "bars.csv", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "never mattered  input y: no output depended on it on any bar" in done.stdout
