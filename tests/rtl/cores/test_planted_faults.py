"""The slips that circuits of floating point are known for, planted one at a time: the tiny formats find each of them."""

from __future__ import annotations

import pytest

from rtl.core_table import core_sources
from rtl.evidence.tiny_cores import CASES, differing_rows, simulated
from rtl.evidence.tiny_floats import TinyFormat
from tests.support.simulator import needs_verilator
from tests.support.tiers import few

pytestmark = needs_verilator

_SMALL = TinyFormat(3, 2)
#: At 3 + 2 bits no product has a last digit that decides a rounding.
_FORMS = {"mul": TinyFormat(3, 3)}
FAULTS = {
    "a sticky bit dropped while aligning": ("add", "shift_right_sticky.v", "lost = |(", "lost = 1'b0 & |("),
    "ties away from zero": ("add", "round_to_even.v", "guard && (sticky || odd)", "guard && (sticky || odd || 1'b1)"),
    "an exact difference keeps its sign": ("sub", "f_add.v", "control_4[3] && !cancelled_4", "control_4[3] && !(cancelled_4 & 1'b0)"),
    "normalised below the smallest exponent": ("add", "f_add.v", "wire stops_6 = ", "wire stops_6 = 1'b0 & "),
    "no sticky bit below the product": ("mul", "f_mul.v", "|product_6[SIG-3:0]", "1'b0 & |product_6[SIG-3:0]"),
    "zero times infinity is an infinity": ("mul", "f_product.v", "(is_special && (a_zero || b_zero))", "1'b0 & a_zero & b_zero"),
    "a subnormal factor not normalised": ("mul", "f_product.v", "x_2 << zeros_2", "x_2 << (zeros_2 & 0)"),
    "no sticky bit below the quotient": ("div", "f_finish.v", "digits[0] || sticky", "digits[0] || (1'b0 & sticky)"),
    "an overflow keeps its fraction": ("div", "round_to_even.v", "is_infinite || overflow", "is_infinite || (1'b0 & overflow)"),
    "the root of an odd exponent": ("sqrt", "f_sqrt.v", "twice[0] ?", "!twice[0] ?"),
    "the remainder of the root ignored": ("sqrt", "f_sqrt.v", "|stage[STAGES-1].remainder", "1'b0 & |stage[STAGES-1].remainder"),
    "the least normal number not flushed": ("flushed_mul", "round_to_even.v", "wire least = ", "wire least = 1'b0 & "),
    "flushed though it is rounded up": ("flushed_div", "round_to_even.v", "&& !up;", ";"),
    "a difference below the least exponent kept": ("flushed_sub", "f_add.v", "normal_7[SUM-1] && !gone_7", "normal_7[SUM-1] && !(gone_7 & 1'b0)"),
    "minus zero below zero": ("less", "f_compare.v", "zeros_0 ||", "(zeros_0 & 1'b0) ||"),
    "max as min with its operands swapped": ("max", "f_choose.v", "takes_b_0 ? b_0 : a_0", "takes_b_0 ? a_0 : b_0"),
    "rint away from zero": ("rint", "f_round.v", "half && (rest || odd)", "half && (rest || odd || 1'b1)"),
    "a register too many": ("equal", "f_compare.v", "pipeline_cut #(1, CUTS[1])", "pipeline_cut #(1, !CUTS[1])"),
}  # fmt: skip


@pytest.mark.parametrize("fault", few(FAULTS, 3))
def test_a_planted_fault_of_a_core_is_found(fault: str) -> None:
    name, file, right, wrong = FAULTS[fault]
    case = next(case for case in CASES if case.name == name)
    form = _FORMS.get(name, _SMALL)
    text = core_sources(case.module)[file]
    assert text.count(right) == 1, f"{file} has changed: plant this fault anew"
    got = simulated(form, [case], lambda k: False, {file: text.replace(right, wrong)})[name]
    assert differing_rows(form, case, got)
