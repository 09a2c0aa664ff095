"""The anchor's guard against the wiring of its references: over ticks from a seed, over its universe, and across sessions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

from dag.graphs.binding import flatten
from dag.values.types import Value
from dagc.live.kernel import Kernel, kernel_from_graph
from examples.anchor_ticks import anchor_ticks
from lanes import presets
from lanes.anchor import Stored, baseline_restore
from lanes.enums import GuardEvent, GuardState
from tests.lanes.oracle_kinds import Row
from tests.oracle import anchor, distrack
from tests.support.backends import BACKENDS
from tests.support.systems import assert_on_rows, assert_on_universe, graph_of_example
from tests.support.tiers import count, only

NAME = "anchor_guard"
PARAMS = flatten(presets.ANCHOR_FLAG048)
TICKS, SEED, UNIVERSE_ROWS = 1_500, 24, count(4_000, 20_000)
DAY = 86_400.0


class Session:
    """The system of references, tick by tick; begun cold or with what `baseline_restore` says."""

    def __init__(self, slow: anchor.State = anchor.COLD, warm: anchor.WarmUp = anchor.WARMING) -> None:
        self.slow, self.warm, self.guard, self.legacy = slow, warm, anchor.QUIET, anchor.QUIET
        self.seen: list[tuple[float, float, bool]] = []
        self.markers: distrack.Markers = distrack.MARKERS

    def tick(self, r: Row) -> dict[str, Value]:
        g = "control.guard."
        tuning = [r[g + n] for n in ("lookback", "entry_bps", "sample_bps", "prevalence", "exit_bps", "exit_hold")]
        w = [r["control.warmup." + n] for n in ("warmup_ticks", "stable_bps", "stable_n")]
        o = "control.observed."
        placed = anchor.quote_anchor_cap(r["clob_mid"], r["amm"], r["cap.cap_bps"])
        basis = anchor.structural_basis_bps(r["clob_mid"], r["amm"], r[o + "basis.sign"])
        self.slow, level = anchor.basis_baseline(self.slow, basis, r[o + "baseline.span"], r[o + "baseline.form"])
        residual = anchor.residual_distortion_bps(basis, level)
        self.warm, warming = anchor.anchor_warmup(self.warm, residual, *w)
        self.guard, guard = anchor.residual_guard(self.guard, residual, warming, *tuning)
        self.legacy, legacy = anchor.residual_guard(self.legacy, placed[2], False, *tuning)
        self.seen.append((basis, residual, warming))
        self.markers, middle = distrack.p2_quantile(self.markers, basis, 0.5)
        found: dict[str, Value] = {
            "anchor_error_bps": placed[2],
            "quote_anchor": placed[0],
            "is_capped": placed[1],
            "basis": basis,
            "baseline": level,
        }
        found |= {"residual": residual, "warming": warming}
        for name, out in (("guard", guard), ("legacy", legacy)):
            found |= {f"{name}.{f}": v for f, v in zip(("mode", "event", "mean", "prev"), out, strict=True)}
        summed = anchor.session_summary(self.seen, r["summary.floor_bps"])
        names = ("b_mean", "b_range", "r_mean", "r_above", "r_max")
        found |= {f"session.{name}": value for name, value in zip(names, summed, strict=True)}
        warmed = sum(warming for *_, warming in self.seen)
        return found | {
            "session.samples": len(self.seen), "session.warmup_ticks": warmed, "session.baseline": level,
            "session.b_median": middle,
        }  # fmt: skip


def reference(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    return map(Session().tick, rows)


@pytest.mark.parametrize("which", only(BACKENDS, lambda name: name != "rtl"))
def test_every_backend_is_the_reference_over_the_seeded_ticks(which: str) -> None:
    assert_on_rows(NAME, reference, anchor_ticks(TICKS, SEED), PARAMS, which)


@pytest.mark.parametrize("which", only([name for name in BACKENDS if name != "rtl"], lambda name: name != "xla"))
def test_every_backend_is_the_reference_over_the_universe(which: str) -> None:
    assert_on_universe(NAME, reference, UNIVERSE_ROWS, which)


def test_the_seeded_ticks_see_everything() -> None:
    said = list(reference(iter([row | PARAMS for row in anchor_ticks(TICKS, SEED)])))
    assert {row["guard.event"] for row in said} == {0, 1, 2, 3}
    assert {row["legacy.mode"] for row in said} == {row["guard.mode"] for row in said} == {0, 1}
    assert {row["is_capped"] for row in said} == {row["warming"] for row in said} == {True, False}


def kernel() -> Kernel:
    return kernel_from_graph(graph_of_example(NAME))


def test_locked_at_the_cap_the_old_guard_idles_and_the_new_one_does_not() -> None:
    engine = kernel().bind(presets.ANCHOR_FLAG048)
    for _ in range(38):
        said = engine.step(clob_mid=1.4321, amm=1.4400).as_dict()
    assert (said["is_capped"], said["basis"], said["residual"]) == (True, -55.16374554849534, 0.0)
    assert GuardState(said["legacy.mode"]) is GuardState.IDLE
    assert (GuardState(said["guard.mode"]), said["guard.mean"], said["guard.prev"]) == (
        GuardState.ACTIVE,
        0.0,
        0.0,
    )
    for _ in range(2_000):
        said = engine.step(clob_mid=1.4321, amm=1.4400).as_dict()
    assert GuardState(said["legacy.mode"]) is GuardState.IDLE, "it cannot leave"


def test_a_lasting_shift_is_absorbed() -> None:
    """A basis of 2 bps that becomes 16: in at tick 69, out by itself at tick 189."""
    engine = kernel().bind(presets.ANCHOR_FLAG048)
    log: list[tuple[int, GuardEvent, float, float, float]] = []
    for tick in range(400):
        said = engine.step(clob_mid=10_000.0, amm=9_998.0 if tick < 60 else 9_984.0).as_dict()
        if (event := GuardEvent(said["guard.event"])) is not GuardEvent.NONE:
            log.append((tick, event, said["guard.mean"], said["guard.prev"], said["baseline"]))
    assert log == [
        (69, GuardEvent.ENTER, 6.509801567881889, 0.5, 3.747597736344131),
        (189, GuardEvent.EXIT, 2.8160093230477456, 0.0, 13.526341283029955),
    ]


@pytest.mark.parametrize("age", [0.0, 4.0, DAY, math.nextafter(DAY, math.inf), -1.0])
def test_a_session_begins_as_the_reference_restores_it(age: float) -> None:
    """A snapshot, restored into a new session: the baseline is kept for a day and does not warm up again; the guard starts again."""
    ticks: list[dict[str, Any]] = [row | PARAMS for row in anchor_ticks(400, 7)]
    before = Session()
    engine = kernel().bind(presets.ANCHOR_FLAG048)
    for row in ticks[:30]:  # still warming when it closes
        before.tick(row)
        engine.step(clob_mid=row["clob_mid"], amm=row["amm"])
    restored = engine.restore(engine.snapshot(at=1000.0), at=1000.0 + age, session="new")
    level, count, _ = before.slow
    slow, warm, mode, warn = anchor.baseline_restore(level, count, 1000.0, 1000.0 + age)
    assert restored.warn is warn
    assert mode == (0.0 <= age <= DAY)
    begun = baseline_restore(
        Stored(level, True, count, True, 1000.0, True), 1000.0 + age, presets.ANCHOR_FLAG048_RESTORE
    )
    assert ((begun.baseline, begun.updates, begun.seeded), begun.warming, begun.mode, begun.warn) == (
        slow, warm[0], mode, warn,
    )  # fmt: skip
    after = Session(slow, warm)
    for row in ticks[30:]:
        said = engine.step(clob_mid=row["clob_mid"], amm=row["amm"]).as_dict()
        want = after.tick(row)
        assert (said["baseline"], said["residual"], said["warming"]) == (
            want["baseline"],
            want["residual"],
            want["warming"],
        )
        assert (int(said["guard.mode"]), int(said["guard.event"])) == (
            want["guard.mode"],
            want["guard.event"],
        )


def test_a_new_session_is_summed_up_from_nothing_and_its_baseline_is_yesterdays() -> None:
    """Whatever came before, the summary covers the session: as many samples as it had ticks, and none that warmed up."""
    engine = kernel().bind(presets.ANCHOR_FLAG048)
    rows = anchor_ticks(300, 9)
    for row in rows[:200]:
        said = engine.step(**row).as_dict()
    assert (said["session.samples"], said["session.baseline"]) == (200, said["baseline"])
    assert 0 < said["session.warmup_ticks"] <= 50
    engine.restore(engine.snapshot(at=0.0), at=3_600.0, session="new")
    seen = []
    for row in rows[200:]:
        said = engine.step(**row).as_dict()
        seen.append((said["basis"], said["residual"]))
    assert (said["session.samples"], said["session.warmup_ticks"]) == (100, 0)
    assert said["session.b_range"] == max(basis for basis, _ in seen) - min(basis for basis, _ in seen)
    assert said["session.r_above"] == sum(abs(residual) >= 5.0 for _, residual in seen) / 100 * 100.0
    middle = sorted(basis for basis, _ in seen)[50]
    assert abs(said["session.b_median"] - middle) < 2.0, "an estimate, of a basis that moves by tens of basis points"


def test_the_old_column_stays_what_it_was() -> None:
    """`anchor_error_bps` is the capped basis in the old sign, beside basis, baseline and residual."""
    engine = kernel().bind(presets.ANCHOR_FLAG048)
    for row in anchor_ticks(300, 10):
        said = engine.step(**row).as_dict()
        assert said["anchor_error_bps"] == anchor.quote_anchor_cap(row["clob_mid"], row["amm"])[2]
        assert abs(said["anchor_error_bps"]) <= 10.0 + 1e-9
        assert said["is_capped"] or abs(said["anchor_error_bps"] + said["basis"]) < 1e-6
