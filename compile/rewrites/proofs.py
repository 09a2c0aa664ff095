"""The proofs that the compiler was shipped with: a rule is used only if its very text was proved.

`proofs.json` holds, by rule, the hash of the claims that a solver answered, at which formats, and which solver that was. Loading
builds the claims anew from the rules, so a rule that was changed since has no proof any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compile.rewrites.claim import Claim, claims
from compile.rewrites.pattern import Rule
from compile.rewrites.rules import RULES

FILE = Path(__file__).with_name("proofs.json")


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a rule: the hash of its claims, where they were proved, by whom, and why not at full width."""

    claims: str
    at: str
    by: tuple[str, ...]
    reason: str = ""


class Unproved(Exception):
    """A rule has no proof; the message names it, what was expected, what came, and what to do."""


def digest(asked: tuple[Claim, ...]) -> str:
    """The hash of the claims' texts."""
    return hashlib.sha256("\0".join(claim.text for claim in asked).encode()).hexdigest()


def read_proofs(file: Path = FILE) -> dict[str, Proof]:
    """The proofs in the file, by rule."""
    found = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: Proof(each["claims"], each["at"], tuple(each["by"]), each.get("reason", ""))
        for name, each in found.items()
    }


def write_proofs(proofs: Mapping[str, Proof], file: Path = FILE) -> None:
    """Put the proofs into the file, in order of their names."""
    shown = {
        name: {"claims": each.claims, "at": each.at, "by": list(each.by)}
        | ({"reason": each.reason} if each.reason else {})
        for name, each in sorted(proofs.items())
    }
    file.write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")


def check_proof(rule: Rule, proof: Proof | None) -> None:
    """Raises Unproved where `proof` is none of this rule as it stands."""
    if proof is None:
        raise Unproved(_said(rule, "nobody has proved it"))
    asked = claims(rule)
    if proof.claims != digest(asked):
        raise Unproved(
            _said(rule, f"its proof {proof.claims[:16]} is of another text; this one is {digest(asked)[:16]}")
        )
    if (proof.at, proof.reason) != (", ".join(claim.form for claim in asked), rule.small):
        raise Unproved(_said(rule, f"its proof says {proof.at} ({proof.reason or 'full width'})"))


def _said(rule: Rule, got: str) -> str:
    return (
        f"the rewrite rule `{rule.name}` is refused\n"
        f"  expected  a proof of the rule as it stands in {FILE.name}\n"
        f"  got       {got}\n"
        f"  fix       python -m compile.rewrites.prove {rule.name}"
    )


@cache
def proved_rules() -> Mapping[str, Rule]:
    """Every rule, each with a proof of its own text. Raises Unproved for the first that has none."""
    proofs = read_proofs()
    for rule in RULES.values():
        check_proof(rule, proofs.get(rule.name))
    return RULES
