"""How backends without a wide product make one, put to a solver at small words: it is the same construction at every width."""

from __future__ import annotations

import pytest

from compile.rewrites.claim import Claim
from compile.rewrites.op_smt import bits
from compile.rewrites.rules import RULES
from compile.rewrites.solve import Verdict, bitwuzla

pytest.importorskip("bitwuzla", reason="missing: bitwuzla (pip install 'dagc-compiler[proof]')")


def ask(text: str) -> Verdict:
    return bitwuzla(Claim(RULES["neg_neg"], "", f"(set-logic QF_BV)\n{text}\n", ()), 60).verdict


def product_by_halves(width: int, middle: str = "(bvadd (bvmul a_low b_high) (bvand cross mask))") -> str:
    """The upper half of a * b from four products of halves, claimed to be that of the product at twice the width."""
    half, mask = bits(width // 2, width), bits((1 << width // 2) - 1, width)
    return f"""
(declare-const a (_ BitVec {width})) (declare-const b (_ BitVec {width}))
(define-fun mask () (_ BitVec {width}) {mask})
(define-fun a_low () (_ BitVec {width}) (bvand a mask)) (define-fun a_high () (_ BitVec {width}) (bvlshr a {half}))
(define-fun b_low () (_ BitVec {width}) (bvand b mask)) (define-fun b_high () (_ BitVec {width}) (bvlshr b {half}))
(define-fun cross () (_ BitVec {width}) (bvadd (bvmul a_high b_low) (bvlshr (bvmul a_low b_low) {half})))
(define-fun other () (_ BitVec {width}) {middle})
(define-fun high () (_ BitVec {width}) (bvadd (bvmul a_high b_high) (bvadd (bvlshr cross {half}) (bvlshr other {half}))))
(define-fun whole () (_ BitVec {2 * width}) (bvmul ((_ zero_extend {width}) a) ((_ zero_extend {width}) b)))
(assert (distinct high ((_ extract {2 * width - 1} {width}) whole)))"""


@pytest.mark.parametrize("width", [4, 6, 8])
def test_the_product_by_halves_is_the_product(width: int) -> None:
    assert ask(product_by_halves(width)) is Verdict.PROVED


def test_a_carry_that_is_forgotten_is_found() -> None:
    assert ask(product_by_halves(8, "(bvmul a_low b_high)")) is Verdict.REFUTED


def test_unsigned_order_is_signed_order_of_words_with_the_top_bit_changed() -> None:
    top = bits(1 << 63, 64)
    assert (
        ask(f"""
(declare-const a (_ BitVec 64)) (declare-const b (_ BitVec 64))
(assert (distinct (bvult a b) (bvslt (bvxor a {top}) (bvxor b {top}))))""")
        is Verdict.PROVED
    )
