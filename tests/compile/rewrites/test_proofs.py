"""Every rule has a proof of its own text, and a rule that is wrong by a little is refused by its proof, with the words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compile.rewrites.claim import claims
from compile.rewrites.float_rules import x, y
from compile.rewrites.pattern import Literal, PowerOfTwo, Rule, call, holes
from compile.rewrites.proofs import Unproved, check_proof, digest, proved_rules, read_proofs
from compile.rewrites.prove import prove
from compile.rewrites.rules import RULES
from compile.rewrites.solve import Verdict, bitwuzla
from dag.operators import table as ops
from dag.values.types import F64
from tests.mutation.wrong_rules import WRONG_RULES

pytest.importorskip("bitwuzla", reason="missing: bitwuzla (pip install 'dagc-compiler[proof]')")
#: Rules whose proof takes longer than a second on this machine: `python -m compile.rewrites.prove --again` is for them.
SLOW = {"div_self", "div_power_of_two", "idiv_power_of_two", "min_tighter", "max_tighter", "mul_zero"}
WRONG = tuple(WRONG_RULES.values())


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
