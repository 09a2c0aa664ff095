"""Every op in hardware, at binary64, against its meaning: special pairs and 100,000 rows of directed and random operands.

`python -m rtl.evidence.core_campaign` is the same with more rows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dag.operators.table import FOLDS, INDEXES, OPS, ROTATE, SPREAD
from rtl.core_table import TABLE, core_sources
from rtl.evidence import core_campaign
from rtl.evidence.core_campaign import CoreResult, CoreUnderTest, campaign, main, subjects
from rtl.evidence.core_oracles import outside
from rtl.evidence.core_vectors import BINARY32, BINARY64, Format, float_pairs
from rtl.plan.lowering import Core
from tests.support.simulator import needs_verilator
from tests.support.tiers import count, few_rows

ROWS = count(20_000, 100_000)


@cache
def _outcomes() -> dict[str, CoreResult]:
    return campaign(ROWS, seed=3, outsiders=False)


@cache
def _against_outsiders() -> dict[str, CoreResult]:
    return campaign(20_000, seed=4)


def test_every_op_has_a_row() -> None:
    assert set(TABLE) == set(OPS.values()) - {*FOLDS, ROTATE, SPREAD, INDEXES}  # those are refused


@needs_verilator
@pytest.mark.parametrize("subject", subjects(), ids=lambda subject: subject.name)
def test_core_equals_its_meaning_at_the_latency_of_the_table(subject: CoreUnderTest) -> None:
    outcome = _outcomes()[subject.name]
    assert outcome.compared == {"meaning": ROWS}
    assert outcome.latency == subject.latency
    assert outcome.wrong == 0, outcome.first


@needs_verilator
@pytest.mark.parametrize("name", ["host", "SoftFloat"])
def test_arithmetic_that_is_not_ours_agrees(name: str) -> None:
    if name not in outside():
        pytest.skip("no softfloatpy: pip install softfloatpy")
    outcomes = [outcome for outcome in _against_outsiders().values() if name in outcome.compared]
    known = {outcome.name for outcome in outcomes}
    assert {"add", "fma", "sqrt_f32", "flush_mul", "f64_to_f32", "i64_to_f32"} <= known
    assert [(outcome.name, outcome.first) for outcome in outcomes if outcome.wrong] == []


@needs_verilator
@pytest.mark.parametrize(
    ("op", "file", "right", "wrong"),
    few_rows(
        [
            ("fma", "f_fma.v", "|sum_15[TOTAL-SIG-3:0]", "1'b0 & |sum_15[TOTAL-SIG-3:0]"),
            ("f64_to_f32", "f_narrow.v", "|x[FROM_FRAC-FRAC-3:0]", "1'b0 & |x[FROM_FRAC-FRAC-3:0]"),
            ("f32_to_f64", "f_widen.v", "(fraction_0 << zeros_0) << 1", "(fraction_0 << zeros_0)"),
            ("idiv", "i_div.v", "{{(WIDTH - 1) {1'b0}}, exact}", "{{(WIDTH - 1) {1'b0}}, !exact}"),
            ("imod", "i_div.v", "opposite && !exact ?", "opposite || !exact ?"),
            ("add", "shift_right_sticky.v", "lost = |(", "lost = 1'b0 & |("),
            ("div", "f_finish.v", "digits[0] || sticky", "digits[0] || (1'b0 & sticky)"),
            ("f64_to_i64", "f_to_i.v", ">= LIMIT", "> LIMIT"),
            ("i64_to_f64", "i_to_f.v", "|normal_3[INT-FRAC-3:0]", "1'b0 & |normal_3[INT-FRAC-3:0]"),
            ("imul", "i_mul.v", "cross_0 + cross_other_0", "cross_0 | cross_other_0"),
        ],
        3,
    ),
)
def test_a_planted_fault_is_found(op: str, file: str, right: str, wrong: str) -> None:
    row = TABLE[OPS[op]]
    assert isinstance(row, Core)
    text = core_sources(row.module)[file]
    assert text.count(right) == 1, f"{file} has changed: plant this fault anew"
    outcomes = campaign(20_000, 3, [CoreUnderTest(OPS[op], row)], {file: text.replace(right, wrong)}, outsiders=False)
    assert outcomes[op].wrong


@pytest.mark.parametrize("form", [BINARY64, BINARY32], ids=["binary64", "binary32"])
def test_operands_include_special_pairs_and_hard_cases_of_each_operator(form: Format) -> None:
    dtype: Any = np.float64 if form is BINARY64 else np.float32
    pairs = float_pairs(np.random.default_rng(0), ROWS, form)
    a, b = (np.asarray(form.as_floats(words), dtype) for words in pairs)
    assert len(form.special) ** 2 > ROWS // 4, "special pairs are many of the rows"
    with np.errstate(all="ignore"):
        tiny = np.finfo(dtype).tiny
        for result in (a * b, a / b):
            subnormal = (np.abs(result) < tiny) & (result != 0)
            assert subnormal.mean() > 0.01
            assert (np.isinf(result) & np.isfinite(a) & np.isfinite(b)).mean() > 0.01
        assert ((a + b == 0) & (a != 0)).mean() > 0.005
        assert (np.isnan(a) | np.isnan(b)).mean() > 0.01


@needs_verilator
def test_the_command_prints_a_line_a_core_and_remembers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    built = core_campaign.campaign(1000, 5)
    monkeypatch.setattr(core_campaign, "campaign", lambda rows, seed: built)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["--rows", "1000", "--seed", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(subjects())
    assert lines[0].startswith("add               10 cycles  0 differ  of 1000 meaning, 1000 host")
    monkeypatch.setattr(core_campaign, "campaign", None)
    assert main(["--rows", "1000", "--seed", "5"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == lines


def test_a_difference_is_reported_and_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = CoreResult("add", 10, {"meaning": 5}, 1, ("host", (1, 2), 4, 3))
    monkeypatch.setattr(core_campaign, "campaign", lambda rows, seed: {"add": wrong})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        assert main(["--rows", "5"]) == 1
        assert "-> 0x0000000000000004, by host 0x0000000000000003" in capsys.readouterr().out
