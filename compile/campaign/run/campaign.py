"""Running a campaign: rounds of units, handed to whoever runs them, merged in the order of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from compile.backend import Runner, fewer_rows
from compile.campaign.events.catalogue import Catalogue
from compile.campaign.events.coverage import Coverage
from compile.campaign.events.steering import Steering
from compile.campaign.run.checkpoint import CampaignCheckpoint
from compile.campaign.run.plan import INTERPRETER_ROWS, LANE_CHECK_ROWS, LEAST_LANE_ROWS, RTL_ROWS, Plan
from compile.campaign.run.tally import CampaignTally
from compile.campaign.run.unit import CampaignContext, UnitResult, run_unit
from compile.check.compare import LANE, Divergence
from compile.check.report import Report
from compile.check.run import new_report
from compile.interpreter.record import REFERENCE
from compile.lane.check import LaneCheck
from dag.graphs.graph import Graph

Progress = Callable[[int], None]


class Workers(Protocol):
    """Whoever runs units."""

    def run(self, numbers: Sequence[int], steering: Steering) -> Iterator[tuple[int, UnitResult]]:
        """The outcomes of these units, as they get done, in any order; nobody may ask for the rest."""
        ...


@dataclass(frozen=True, slots=True)
class InProcess:
    """This process, unit by unit."""

    context: CampaignContext

    def run(self, numbers: Sequence[int], steering: Steering) -> Iterator[tuple[int, UnitResult]]:
        """See Workers."""
        for number in numbers:
            yield number, run_unit(self.context, number, steering)


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a campaign gave."""

    report: Report
    coverage: Coverage
    tally: CampaignTally


def run_campaign(
    graph: Graph,
    plan: Plan,
    catalogue: Catalogue,
    workers: Workers,
    checkpoint: CampaignCheckpoint | None = None,
    progress: Progress = lambda rows: None,
    most_rounds: int | None = None,
) -> Campaign:
    """Run `plan` to its end, to the first unit that differs, or through `most_rounds`; resumes from `checkpoint`."""
    loaded = None if checkpoint is None else checkpoint.load(graph)
    first, steering, tally = (0, Steering.of(catalogue), CampaignTally()) if loaded is None else loaded
    rounds = plan.rounds()[:most_rounds]
    for number in range(first, len(rounds)):
        outcomes = _round(plan, rounds[number], steering, workers, checkpoint, number, progress)
        for unit in sorted(outcomes):
            tally.add(outcomes[unit])
            steering.merge(graph, outcomes[unit])
        steering.settle()
        tally.close_round(outcomes, steering)
        if tally.findings:
            break
        if checkpoint is not None:
            checkpoint.close_round(graph, number + 1, steering, tally)
    report, coverage = report_of(graph, plan, tally), Coverage(catalogue, steering.counts)
    report.coverage, report.coverage_lines = coverage.figures(), coverage.short()
    return Campaign(report, coverage, tally)


def _round(
    plan: Plan,
    units: range,
    steering: Steering,
    workers: Workers,
    checkpoint: CampaignCheckpoint | None,
    number: int,
    progress: Progress,
) -> dict[int, UnitResult]:
    """The outcomes of a round, up to the first unit that differs."""
    done: dict[int, UnitResult] = {} if checkpoint is None else dict(checkpoint.units(number))

    def wanted() -> list[int]:
        differs = [unit for unit, outcome in done.items() if outcome["findings"]]
        return [unit for unit in units if unit not in done and unit < min(differs, default=units.stop)]

    progress(units.start * plan.unit_rows + len(done) * plan.unit_rows)
    if missing := wanted():
        for unit, outcome in workers.run(missing, steering):
            done[unit] = outcome
            if checkpoint is not None:
                checkpoint.add(unit, outcome)
            progress(units.start * plan.unit_rows + len(done) * plan.unit_rows)
            if not wanted():
                break
    last = min((unit for unit, outcome in done.items() if outcome["findings"]), default=units.stop)
    return {unit: outcome for unit, outcome in done.items() if unit <= last}


def report_of(graph: Graph, plan: Plan, tally: CampaignTally) -> Report:
    """The tally as a report of a check."""
    report = new_report(graph, "sampled universe", plan.seed)
    lane_rows, lane_words = tally.lane
    report.rows, report.words = tally.rows, tally.words + lane_words
    report.rows_of = {**({LANE: lane_rows} if lane_rows else {}), **tally.rows_of}
    report.rejected, report.recomputed = tally.rejected, tally.recomputed
    for finding in tally.findings:
        name, count = finding["backend"], finding["differences"]
        report.differences += count
        report.differences_of[name] = report.differences_of.get(name, 0) + count
        if "divergence" in finding:
            report.firsts.setdefault(name, Divergence.from_json(finding["divergence"]))
    for name in report.rows_of:
        if name != REFERENCE:
            report.differences_of.setdefault(name, 0)
    return report


def campaign(
    graph: Graph,
    runners: Mapping[str, Runner],
    rows: int,
    seed: int,
    progress: Progress = lambda rows: None,
    interpreter_rows: int = INTERPRETER_ROWS,
    rtl_rows: int = RTL_ROWS,
    lane: LaneCheck | None = None,
) -> Campaign:
    """A campaign of `rows` rows in this process.

    XLA and C see every row. The interpreter sees at least `interpreter_rows` of them and one in INTERPRETER_SHARE, spread
    over the whole campaign, the Verilog the first `rtl_rows`; where the interpreter did not go, the others are compared
    with C, and should they differ the interpreter is run on that very instance to say who is wrong. Stops after the first
    unit that differs. `lane` is what the graph was made of: about LANE_CHECK_ROWS rows run it on numbers.
    """
    lane_rows = 0 if lane is None else fewer_rows(graph, LANE_CHECK_ROWS, LEAST_LANE_ROWS)
    plan = Plan(rows, seed, bool(graph.states), interpreter_rows, rtl_rows, lane_rows)
    context = CampaignContext.of(graph, plan, runners, lane)
    return run_campaign(graph, plan, context.catalogue, InProcess(context), progress=progress)
