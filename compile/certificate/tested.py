"""What a certificate says of its campaign, and what of that follows from the plan alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compile.backend import Missing
from compile.backends import widest
from compile.campaign.run.campaign import Campaign
from compile.campaign.run.plan import Plan
from compile.interpreter.record import REFERENCE

#: Figures that stand in every round's record and are sums from the first unit on.
SUMS = ("units", "rows", "rows_of", "words")


def tested(plan: Plan, campaign: Campaign, missing: Mapping[str, Missing]) -> dict[str, Any]:
    """The campaign as JSON values: its plan, its totals, a record a round, what it exercised and what it never did.

    The lane on numbers stands apart: it is no artifact, and from the bundle alone nobody can run it again.
    """
    report, coverage, tally = campaign.report, campaign.coverage, campaign.tally
    return {
        "plan": plan.as_json(),
        "taps": report.nodes,
        "rows": report.rows,
        "rows_of": dict(sorted(tally.rows_of.items())),
        "words": tally.words,
        "lane": {"rows": tally.lane[0], "words": tally.lane[1]},
        "rejected_rows": report.rejected,
        "recomputed_rows": report.recomputed,
        "differences": report.differences,
        "rounds": campaign.tally.rounds,
        "coverage": {**coverage.figures(), "never": coverage.never()},
        "missing": sorted(missing),
    }


def follows(plan: Plan, taps: int, backends: Sequence[str]) -> list[dict[str, Any]]:
    """What the record of every round must say of units, rows and words when `backends` were run."""
    order = [REFERENCE, *(name for name in backends if name != REFERENCE)]
    leader = widest(backends)
    records: list[dict[str, Any]] = []
    units = rows = words = 0
    rows_of: dict[str, int] = {}
    for each in plan.rounds():
        for number in each:
            bars, instances = plan.shape(number)
            units, rows = units + 1, rows + bars * instances
            limits = {name: plan.limit(name, number) for name in order}
            exact = limits[REFERENCE]
            for name, limit in limits.items():
                if limit:
                    rows_of[name] = rows_of.get(name, 0) + bars * limit
                if name != REFERENCE:
                    compared = min(limit, exact) + (max(0, limit - exact) if name != leader else 0)
                    words += taps * bars * compared
        records.append({"units": units, "rows": rows, "rows_of": dict(sorted(rows_of.items())), "words": words})
    return records


def plan_of(claimed: Mapping[str, Any], has_state: bool) -> Plan:
    """The plan that a certificate states. Raises ValueError where it is none, or one of another graph."""
    stated = claimed.get("plan")
    if not isinstance(stated, Mapping):
        raise ValueError("tested.plan: is missing")
    names = ("rows", "seed", "interpreter_rows", "rtl_rows", "lane_rows")
    values = {name: stated.get(name) for name in names}
    strange = [name for name, value in values.items() if type(value) is not int or value < 0]
    if strange or not values["rows"]:
        raise ValueError(f"tested.plan: {', '.join(strange) or 'rows'} should be a number of rows, or a seed")
    plan = Plan(has_state=has_state, **{name: int(value) for name, value in values.items() if value is not None})
    if dict(stated) != plan.as_json():
        raise ValueError(f"tested.plan: says {dict(stated)}, which is no plan of this graph")
    return plan
