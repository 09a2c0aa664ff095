"""Lanes beside somebody's own code: what agrees is said to agree, what differs is found and explained."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from compile.backend import Batch
from compile.pipeline import prepare
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.trace import trace
from dagc.building.lifting import lift
from dagc.building.running import runners_of
from dagc.data.problem import DataProblem
from dagc.parity.report import as_json, as_text
from dagc.parity.run import Parity, ParityRequest, parity
from lanes.anchor import basis_baseline
from lanes.size import BaseCubicSizer, base_cubic_sizer, lev_compose
from tests.support import legacy_sizer, legacy_streams, parity_lanes

ROWS = 4000


@cache
def prepared(lane: AnyLane) -> Graph:
    return prepare(trace(lane))


def compared(lane: AnyLane, code: Any, **asked: Any) -> Parity:
    graph = prepared(lane)
    runner = runners_of(graph, [asked.pop("backend", "interpreter")])[0]
    question: dict[str, Any] = {
        "method": None,
        "called": "legacy:code",
        "mapping": {},
        "output": None,
        "universe": None,
        "rows": ROWS,
        "seed": 7,
        "recorded": None,
        "columns": {},
        "settings": (),
    }
    ((name, each),) = runner.items()
    return parity(lane, graph, each, name, ParityRequest(code, **(question | asked)))


@pytest.fixture
def production(tmp_path: Path) -> Path:
    """The sizer as it is used: a cubic."""
    file = tmp_path / "universe.toml"
    file.write_text(
        "convexity = 3.0\nhi = [6.0, 9.0]\nthr = [-0.03, -0.01]\next = [-0.08, -0.04]\n"
        "vel_div = { from = -0.06, to = 0.0, values = [-0.0337, -0.02, -0.05] }\n"
    )
    return file


@pytest.mark.parametrize(
    ("code", "call"), [(legacy_sizer.cubic, "strength ** 3.0"), (legacy_sizer.cubic_by_pow, "math.pow(strength, 3.0)")]
)
def test_a_power_of_libm_is_found_and_said_to_be_the_cause(code: Any, call: str, production: Path) -> None:
    found = compared(base_cubic_sizer, code, universe=production)
    (part,) = found.parts
    assert found.differs
    assert 0 < part.tally.matched < part.tally.rows
    assert part.why is not None
    assert part.why.libm is not None
    assert part.why.libm.explained == part.why.examined > 0
    (blamed,) = part.why.libm.sites
    assert (blamed.site.text, blamed.site.called) == (call, "pow")
    assert "legacy_sizer.py:4" in blamed.site.at
    text = as_text(found)
    assert "DIFFERS" in text
    assert "cause     libm" in text
    assert f"`{call}` is libm's pow" in text
    assert part.tally.furthest["lev"] >= 1


def test_the_same_arithmetic_matches_and_says_on_how_many_rows(production: Path) -> None:
    found = compared(base_cubic_sizer, legacy_sizer.cubic_by_product, universe=production)
    (part,) = found.parts
    assert not found.differs
    assert part.tally.matched == part.tally.rows > 0.9 * ROWS
    assert part.tally.rows + part.tally.rejected >= ROWS
    assert f"match     {part.tally.rows:,} of {part.tally.rows:,} rows, 100.0000 %" in as_text(found)
    assert "sampled universe" in as_text(found)
    assert "seed 7" in as_text(found)


def test_a_parameter_that_the_code_does_not_know_is_named_beside_libm(tmp_path: Path) -> None:
    file = tmp_path / "apart.json"
    file.write_text('{"thr": [-0.03, -0.01], "ext": [-0.08, -0.04], "vel_div": [-0.06, 0.0], "convexity": [0.5, 5.0]}')
    found = compared(base_cubic_sizer, legacy_sizer.cubic, universe=file)
    why = found.parts[0].why
    assert why is not None
    assert (why.removed[0].name, why.removed[0].instead) == ("convexity", "its default 3.0")
    assert why.removed[0].explained < why.examined
    assert why.together == why.examined
    assert found.unread == ("convexity", "fraction")
    assert found.unanswered == ("fraction", "s", "c")


def test_several_calls_of_libm_are_told_apart() -> None:
    found = compared(parity_lanes.decayed, legacy_streams.decayed)
    why = found.parts[0].why
    assert why is not None
    assert why.libm is not None
    assert why.libm.explained == why.examined
    assert [each.site.called for each in why.libm.sites] == ["exp", "log1p"]
    text = as_text(found)
    for each in why.libm.sites:
        assert (f"`{each.site.text}` is libm's {each.site.called}; alone it explains {each.alone:,}" in text) == (
            each.alone > 0
        )
    assert 0 < why.libm.sites[1].alone <= why.examined


@pytest.mark.parametrize(
    ("code", "form"),
    [
        (legacy_streams.Baseline, "class, a bar is `update`"),
        (legacy_streams.make_baseline, "factory"),
        (legacy_streams.baseline_generator, "generator"),
    ],
)
def test_code_with_state_may_have_any_of_three_forms(code: Any, form: str) -> None:
    found = compared(basis_baseline, code)
    assert found.form == form
    assert not found.differs, as_text(found)
    assert set(found.compared) == {"baseline", "count"}


def test_state_that_goes_wrong_is_found_at_its_first_bar() -> None:
    found = compared(basis_baseline, legacy_streams.ForgetfulBaseline)
    first = found.parts[0].first
    assert first is not None
    assert first.outputs["count"][1] != first.outputs["count"][3]
    assert first.outputs["count"][3] == "1"


def test_a_missing_factor_is_named() -> None:
    found = compared(lev_compose, legacy_streams.composed)
    why = found.parts[0].why
    assert found.differs
    assert why is not None
    assert (why.removed[0].name, why.removed[0].instead) == ("ob", "1")
    assert why.removed[0].explained == why.examined
    source = Path(lev_compose.function.__code__.co_filename).read_text(encoding="utf-8").splitlines()
    line = source.index("    ob: Mult,") + 1
    assert (
        f"1 instead of `ob` (lanes/size/lev_compose.py:{line}) explains all {why.examined:,} examined rows"
        in as_text(found)
    )


def test_a_lane_that_the_record_did_not_go_through_is_named(tmp_path: Path) -> None:
    def doubled(x: float) -> float:
        return x

    xs = [1.5, -2.25, 3.0, 0.1, 7.75, -0.3]
    boosts = [1.0, 2.0, 0.5, 3.0, 1.5, 2.5]
    total, recorded = 0.0, []
    for x, boost in zip(xs, boosts, strict=True):
        total = total * 0.5 + x * boost
        recorded.append(total)
    file = tmp_path / "record.parquet"
    parquet.write_table(pyarrow.table({"x": xs, "boost": boosts, "boosted": recorded}), file)
    found = compared(parity_lanes.boosted, doubled, recorded=file, rows=64)
    record = found.parts[1]
    assert (record.against, record.tally.rows, record.tally.matched) == ("record", 6, 0)
    assert record.why is not None
    assert [(each.name, each.instead, each.explained) for each in record.why.removed][:1] == [("gain", "boost", 6)]
    assert found.parts[2].against == "oracle against record"


def test_recorded_rows_of_a_lane_without_state_bring_their_own_parameters(tmp_path: Path) -> None:
    rows = [(-0.0337, 9.0, 3.0), (-0.05, 8.0, 2.0), (-0.03, 8.5, 1.0)]
    answers = [base_cubic_sizer(v, h, BaseCubicSizer(convexity=c)) for v, h, c in rows]
    columns: Mapping[str, Any] = {
        "vel_div": [row[0] for row in rows],
        "ceiling": [row[1] for row in rows],
        "convexity": [row[2] for row in rows],
        "conviction": [each.lev for each in answers],
    }
    file = tmp_path / "record.parquet"
    parquet.write_table(pyarrow.table(columns), file)
    named = {"hi": "ceiling", "lev": "conviction"}
    found = compared(base_cubic_sizer, legacy_sizer.cubic_by_product, recorded=file, columns=named, rows=64)
    assert [(part.against, part.tally.matched, part.tally.rows) for part in found.parts[1:]] == [
        ("record", 3, 3),
        ("oracle against record", 2, 3),
    ]


def test_what_the_code_cannot_answer_differs() -> None:
    found = compared(parity_lanes.inverse, legacy_streams.inverse)
    first = found.parts[0].first
    assert found.parts[0].tally.odd > 0
    assert first is not None
    assert "ZeroDivisionError" in str(first.odd)
    assert "no value" in as_text(found)
    assert "the first: raises ZeroDivisionError" in as_text(found)


def test_an_absent_optional_input_is_none() -> None:
    assert not compared(parity_lanes.shifted, legacy_streams.shifted).differs


def test_a_lifted_function_is_itself() -> None:
    found = compared(lift(legacy_sizer.weighted, fixed=("n",)), legacy_sizer.weighted)
    assert not found.differs
    assert found.parts[0].why is None


def test_one_wrong_bit_is_one_wrong_bit() -> None:
    """The comparison itself, broken on purpose: the lane's runner changes the last bit of one word."""
    lane, graph = parity_lanes.halved, prepared(parity_lanes.halved)
    (runner,) = runners_of(graph, ["interpreter"])[0].values()

    class Faulty:
        done = False

        def run(self, batch: Batch, nodes: Any) -> Any:
            result = runner.run(batch, nodes)
            if not self.done:
                self.done = True
                result.nodes[nodes[0]].view("u8")[3, 5] ^= 1
            return result

    asked = ParityRequest(legacy_streams.halved, None, "halved", {}, None, None, 2000, 1, None, {}, ())
    found = parity(lane, graph, Faulty(), "faulty", asked)
    assert found.parts[0].tally.matched == found.parts[0].tally.rows - 1
    assert found.parts[0].first is not None
    assert (found.parts[0].first.bar, found.parts[0].first.instance) == (3, 5)


def test_the_report_is_json_too(production: Path) -> None:
    found = as_json(compared(base_cubic_sizer, legacy_sizer.cubic, universe=production))
    part = found["parts"][0]
    assert found["differs"] is True
    assert part["libm"]["calls"][0]["function"] == "pow"
    assert part["first"]["outputs"]["lev"]["lane"].startswith("0x")
    assert set(part["ratio"]["lev"]) == {"0.0", "0.01", "0.25", "0.5", "0.75", "0.99", "1.0"}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"output": "leverage"}, "there is no such output"),
        ({"mapping": {"span": "width"}}, "there is no port `width`"),
    ],
)
def test_what_was_asked_wrongly_is_said(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(DataProblem, match=message):
        compared(basis_baseline, legacy_streams.Baseline, **asked)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("speed = 1.0", "`speed` is no input or parameter"),
        ("vel_div = [0.0, -1.0]", "reaches outside"),
        ("hi = [-1.0, 2.0]", "reaches outside"),
        ("hi = 'much'", "expected"),
        ("hi = [", "universe.toml"),
    ],
)
def test_a_universe_that_means_nothing_is_refused(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "universe.toml"
    file.write_text(text)
    with pytest.raises(DataProblem, match=message):
        compared(base_cubic_sizer, legacy_sizer.cubic, universe=file)


def test_an_argument_without_a_port_is_named_with_the_ports() -> None:
    def sizer(velocity: float, hi: float) -> float:
        return velocity * hi

    with pytest.raises(DataProblem, match=r"takes `velocity`.*\n.*vel_div, hi.*\n.*--map velocity=PORT"):
        compared(base_cubic_sizer, sizer)
    assert compared(base_cubic_sizer, sizer, mapping={"velocity": "vel_div"}, rows=64).differs
