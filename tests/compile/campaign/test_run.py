"""A campaign: who sees which rows, who is blamed, and results that depend on the plan alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from compile.backend import Batch, Result, Runner
from compile.campaign.run.campaign import campaign
from compile.campaign.run.plan import BARS, INTERPRETER_SHARE, LONG_INSTANCES, Plan
from compile.check.run import check_batch, new_report
from tests.support.tampering import GRAPH, Tampered, batch_of, flip, interpreter, untouched

#: Eight units; the interpreter is asked for as little as it may be.
PLAN = Plan(6_000, 3, has_state=True, interpreter_rows=1)


def test_a_campaign_is_cut_by_its_plan_alone() -> None:
    for rows in (1, 160, 5_000, 70_000, 10_000_000):
        plan = Plan(rows, 0, has_state=True)
        units = [number for each in plan.rounds() for number in each]
        assert units == list(range(plan.units))
        assert rows <= plan.units * plan.unit_rows < rows + plan.unit_rows
        for number in (0, 3, plan.units - 1):
            bars, instances = plan.shape(number)
            assert bars * instances == plan.unit_rows
            assert plan.limit("c", number) == instances


def test_a_campaign_runs_each_backend_on_its_share() -> None:
    runners: dict[str, Runner] = {
        "interpreter": interpreter(),
        "c": Tampered(untouched),
        "rtl": Tampered(untouched),
    }
    report = campaign(GRAPH, runners, 6_000, 3, interpreter_rows=2_000, rtl_rows=1_000).report
    assert report.rows >= 6_000
    assert report.rows_of["c"] == report.rows
    assert 2_000 <= report.rows_of["interpreter"] < 4_000
    assert 1_000 <= report.rows_of["rtl"] < 1_000 + BARS
    beyond = report.rows - report.rows_of["interpreter"]
    assert report.words == (report.rows_of["c"] - beyond + report.rows_of["rtl"]) * report.nodes
    assert report.differences == 0
    assert 0 < report.rejected < report.rows / 4


def test_the_interpreter_gets_its_share_of_rows_and_of_long_histories(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("compile.campaign.run.plan.LONG_FROM", 512)
    lengths: list[int] = []

    class Watched(Tampered):
        def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
            lengths.append(batch.bars)
            return super().run(batch, nodes)

    runners: dict[str, Runner] = {"interpreter": interpreter(), "c": Watched(untouched)}
    report = campaign(GRAPH, runners, PLAN.rows, PLAN.seed, interpreter_rows=1).report
    long = PLAN.unit_rows // LONG_INSTANCES
    assert lengths.count(long) == 2
    assert {*lengths} == {BARS, long}
    assert report.rows_of["interpreter"] == 6 * BARS * -(-PLAN.instances // INTERPRETER_SHARE) + 2 * long


def test_a_bit_that_is_wrong_only_in_company_is_found_and_blamed() -> None:
    """Run alone, the instance is right: what counts is what the backend returned in the campaign."""
    runners: dict[str, Runner] = {
        "interpreter": interpreter(),
        "xla": Tampered(flip("level", 0, 30)),
        "c": Tampered(untouched),
    }
    report = campaign(GRAPH, runners, PLAN.rows, PLAN.seed, interpreter_rows=100, rtl_rows=0).report
    assert (report.differences, report.differences_of["c"]) == (1, 0)
    assert report.first is not None
    assert (report.first.backend, report.first.node.name, report.first.instance) == ("xla", "level", 30)


def test_two_checks_are_one_report() -> None:
    runners: dict[str, Runner] = {"interpreter": interpreter(), "c": Tampered(untouched)}
    data = new_report(GRAPH, "bars.csv")
    check_batch(GRAPH, runners, batch_of(5, 1), data)
    sampled = campaign(GRAPH, {**runners, "c": Tampered(flip("step", 2, 0))}, 160, 9).report
    both = data.joined_with(sampled)
    assert (both.rows, both.seed, both.source) == (5 + sampled.rows, 9, "bars.csv, then sampled universe")
    assert both.rows_of == {"interpreter": both.rows, "c": both.rows}
    assert (both.differences, both.differences_of["c"], both.exit_code) == (1, 1, 1)
