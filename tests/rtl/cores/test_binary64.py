"""Every op in hardware, at binary64, against its meaning: special pairs and 200,000 rows of directed and random operands.

`python -m rtl.core_campaign` is the same with more rows.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from compile.backend import Refusal
from dag.ops import OPS, Op
from rtl.core_campaign import Outcome, campaign, lowered_ops, main
from rtl.core_vectors import BINARY32, BINARY64, Format, float_pairs
from rtl.cores import TABLE, core_sources
from rtl.lowering import Core
from tests.support.simulator import needs_verilator

ROWS = 200_000


@cache
def _outcomes() -> dict[Op, Outcome]:
    return {outcome.op: outcome for outcome in campaign(ROWS, seed=3)}


def test_every_op_has_a_row() -> None:
    assert set(TABLE) == set(OPS.values())
    assert all(row.reason for row in TABLE.values() if isinstance(row, Refusal))


@needs_verilator
@pytest.mark.parametrize("op", lowered_ops(), ids=str)
def test_op_equals_its_meaning_at_the_latency_of_the_table(op: Op) -> None:
    outcome = _outcomes()[op]
    assert outcome.rows == ROWS
    assert outcome.wrong == 0, outcome.first


@needs_verilator
@pytest.mark.parametrize(
    ("op", "file", "right", "wrong"),
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
)
def test_a_planted_fault_is_found(op: str, file: str, right: str, wrong: str) -> None:
    row = TABLE[OPS[op]]
    assert isinstance(row, Core)
    text = core_sources(row.module)[file]
    assert text.count(right) == 1, f"{file} has changed: plant this fault anew"
    outcomes = campaign(20_000, 3, {file: text.replace(right, wrong)})
    assert any(outcome.wrong for outcome in outcomes if outcome.op.name == op)


@pytest.mark.parametrize("form", [BINARY64, BINARY32], ids=["binary64", "binary32"])
def test_operands_hold_pairs_of_specials_and_what_breaks_sums_products_and_quotients(form: Format) -> None:
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
def test_the_command_prints_a_line_an_op(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rows", "1000", "--seed", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(lowered_ops())
    assert "add           10 cycles  1000 rows  0 differ" in lines
