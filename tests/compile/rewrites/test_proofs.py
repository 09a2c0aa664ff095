"""Every rule has a proof of its own text, and a rule that is wrong by a little is refused by its proof, with the words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compile.rewrites.claim import claims
from compile.rewrites.float_rules import both, never, x, y
from compile.rewrites.integer_rules import c as integer
from compile.rewrites.integer_rules import n
from compile.rewrites.pattern import Apply, Folded, Hole, Literal, Log2, PowerOfTwo, Rule, call, holes
from compile.rewrites.proofs import Unproved, check_proof, digest, proved_rules, read_proofs
from compile.rewrites.prove import prove
from compile.rewrites.rules import RULES
from compile.rewrites.solve import Verdict, bitwuzla
from dag import ops
from dag.types import BOOL, F64

pytest.importorskip("bitwuzla")
#: Rules whose proof takes longer than a second on this machine: `python -m compile.rewrites.prove --again` is for them.
SLOW = {"div_self", "div_power_of_two", "idiv_power_of_two", "min_tighter", "max_tighter", "mul_zero"}
c = Hole("c", F64, constant=True)
low, high = (Hole(name, F64, constant=True) for name in ("low", "high"))
TRUE = Literal(True, BOOL)

#: Rules that somebody might write.
WRONG = (
    Rule("add_zero", call(ops.ADD, x, 0.0), x),
    Rule("add_zero_of_numbers", call(ops.ADD, x, 0.0), x, never(x.nan)),
    Rule("zero_add", call(ops.ADD, 0.0, x), x, never(x.plus_zero)),
    Rule("sub_minus_zero", call(ops.SUB, x, -0.0), x),
    Rule("zero_sub", call(ops.SUB, 0.0, x), call(ops.NEG, x)),
    Rule("mul_zero", call(ops.MUL, x, 0.0), Literal(0.0, F64), never(x.nan)),
    Rule("div_self", call(ops.DIV, x, x), Literal(1.0, F64), never(x.nan)),
    Rule("div_constant", call(ops.DIV, x, c), call(ops.MUL, x, Folded(call(ops.DIV, 1.0, c)))),
    Rule("sub_self", call(ops.SUB, x, x), Literal(0.0, F64), never(x.nan)),
    Rule("neg_sub", call(ops.NEG, call(ops.SUB, x, y)), call(ops.SUB, y, x), both(never(x.nan), never(y.nan))),
    Rule("abs_of_positive", call(ops.ABS, x), x, call(ops.GE, x.lo, 0.0)),
    Rule("min_commutes", call(ops.MIN, x, y), call(ops.MIN, y, x), both(never(x.nan), never(y.nan))),
    Rule("min_is_second", call(ops.MIN, x, y), y, call(ops.GE, x.lo, y.hi)),
    Rule("min_tighter", call(ops.MIN, call(ops.MIN, x, low), high), call(ops.MIN, x, high), call(ops.LE, high.hi, low.lo)),
    Rule("not_lt", Apply(ops.NOT, (call(ops.LT, x, y),)), call(ops.GE, x, y)),
    Rule("lt_always", call(ops.LT, x, y), TRUE, call(ops.LT, x.hi, y.lo)),
    Rule("le_self", call(ops.LE, x, x), TRUE),
    Rule("select_is_min_weakly", Apply(ops.SELECT, (call(ops.LE, y, x), y, x)), call(ops.MIN, x, y)),
    Rule("select_is_max", Apply(ops.SELECT, (call(ops.GT, x, y), x, y)), call(ops.MAX, x, y)),
    Rule("known_zero", x, Literal(0.0, F64), both(never(x.nan), call(ops.EQ, x.lo, x.hi), call(ops.EQ, x.lo, 0.0))),
    Rule("fma_is_mul_add", call(ops.FMA, x, x, y), call(ops.ADD, call(ops.MUL, x, x), y)),
    Rule("rint_of_floor", call(ops.RINT, x), call(ops.FLOOR, x)),
    Rule("idiv_towards_zero", call(ops.IDIV, n, call(ops.INEG, n)), Literal(-1, n.type)),  # type: ignore[arg-type]
    Rule("shift_of_any", call(ops.IMOD, n, integer), call(ops.IAND, n, Folded(call(ops.ISUB, integer, 1)))),
    Rule("iabs_of_most", call(ops.IGE, call(ops.IABS, n), 0), TRUE),
    Rule("whole_there_and_back", call(ops.F64_TO_I64, call(ops.I64_TO_F64, n)), n),
    Rule("imul_power", call(ops.IMUL, n, integer), call(ops.SHR, n, Log2(integer))),
)  # fmt: skip


def test_every_rule_has_a_proof_of_its_own_text() -> None:
    assert proved_rules() == RULES
    assert set(read_proofs()) == set(RULES)
    for proof in read_proofs().values():
        assert bool(proof.reason) == (proof.at not in ("binary64", "binary32", "full width"))


@pytest.mark.parametrize("name", [name for name in RULES if not RULES[name].small and name not in SLOW][::6])
def test_what_the_file_says_is_proved_anew(name: str) -> None:
    (claim,) = claims(RULES[name])
    assert bitwuzla(claim, 60).verdict is Verdict.PROVED


@pytest.mark.parametrize("rule", WRONG, ids=lambda rule: rule.name)
def test_a_rule_that_is_wrong_by_a_little_is_refuted(rule: Rule) -> None:
    proof, told = prove(rule, 60)
    assert proof is None
    assert told.startswith("REFUTED at ")
    assert " left  = 0x" in told
    left, right = (line.split(" = ")[1].split(" ")[0] for line in told.splitlines()[-2:])
    assert left != right, told


def test_the_counterexample_of_x_plus_zero_is_minus_zero_in_hex() -> None:
    _, told = prove(WRONG[0])
    assert told == (
        "REFUTED at binary64 by " + told.split(" by ")[1].split("\n")[0] + "\n"
        "    x = 0x8000000000000000 (-0.0)\n"
        "    left  = 0x0000000000000000 (0.0)\n"
        "    right = 0x8000000000000000 (-0.0)"
    )


def test_a_changed_rule_has_lost_its_proof() -> None:
    rule, proof = RULES["add_zero"], read_proofs()["add_zero"]
    check_proof(rule, proof)
    for changed in (
        replace(rule, when=None),
        replace(rule, replacement=Literal(0.0, F64)),
        replace(rule, small="slow"),
    ):
        with pytest.raises(Unproved, match=r"python -m compile\.rewrites\.prove add_zero"):
            check_proof(changed, proof)
    with pytest.raises(Unproved, match="nobody has proved it"):
        check_proof(rule, None)
    with pytest.raises(Unproved, match="binary16"):
        check_proof(rule, replace(proof, at="binary16"))


def test_the_text_of_a_claim_holds_everything_the_rule_says() -> None:
    texts = {digest(claims(rule)) for rule in RULES.values()}
    assert len(texts) > 0.97 * len(RULES)  # `add_zero` and `zero_add` of symmetric ops differ, twins do not
    with pytest.raises(ValueError, match="which its pattern does not bind"):
        holes(Rule("loose", call(ops.NEG, x), y))
    assert isinstance(RULES["div_power_of_two"].when, PowerOfTwo)
