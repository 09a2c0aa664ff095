"""Putting rewrite rules to an SMT solver.

    python -m compile.rewrites.prove [--again] [--seconds 30] [RULE ...]

proves the rules whose text has no proof yet (`--again`: all of them; or those named), prints a line for each, and writes what
was proved to `proofs.json`. A rule that is refuted is shown with its counterexample in hex and what the ops' own meanings make of it;
it loses its entry, and the compiler will not load it. Exits with 1 where a rule is not proved.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from compile.rewrites.claim import claims
from compile.rewrites.counterexample import counterexample
from compile.rewrites.pattern import Rule
from compile.rewrites.proofs import Proof, Unproved, check_proof, digest, read_proofs, write_proofs
from compile.rewrites.rules import RULES
from compile.rewrites.solve import Answer, Verdict, bitwuzla, cvc5

SECONDS = 30.0


def prove(rule: Rule, seconds: float = SECONDS) -> tuple[Proof | None, str]:
    """A proof of the rule, or None; and what to tell a reader. Raises SolverMissing."""
    asked = claims(rule)
    solvers: dict[str, None] = {}
    for claim in asked:
        answer = bitwuzla(claim, seconds)
        if answer.verdict is Verdict.UNDECIDED:
            answer = cvc5(claim, seconds)
        if answer.verdict is not Verdict.PROVED:
            return None, _told(rule, claim.form, answer)
        solvers[answer.solver] = None
    at = ", ".join(claim.form for claim in asked)
    return Proof(digest(asked), at, tuple(solvers), rule.small), f"proved at {at} by {', '.join(solvers)}"


def _told(rule: Rule, form: str, answer: Answer) -> str:
    if answer.verdict is Verdict.UNDECIDED:
        return f"UNDECIDED at {form}"
    if not answer.words:
        return f"REFUTED at {form} by {answer.solver}"
    return f"REFUTED at {form} by {answer.solver}\n{counterexample(rule, form, answer.words)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the module docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="RULE")
    parser.add_argument("--again", action="store_true", help="prove what is proved already once more")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if name not in RULES]
    if unknown:
        parser.error(f"there is no rule {', '.join(unknown)}")
    proofs = {name: proof for name, proof in read_proofs().items() if name in RULES}
    failed = 0
    for name in chosen.names or RULES:
        if not chosen.again and not chosen.names and _is_proved(RULES[name], proofs.get(name)):
            continue
        began = time.monotonic()
        proof, told = prove(RULES[name], chosen.seconds)
        print(f"{time.monotonic() - began:6.1f} s  {name}: {told}", flush=True)
        proofs.pop(name, None)
        if proof is not None:
            proofs[name] = proof
        failed += proof is None
    write_proofs(proofs)
    print(f"{len(RULES)} rules, {len(RULES) - failed} proved" if not failed else f"{failed} rules are NOT proved")
    return 1 if failed else 0


def _is_proved(rule: Rule, proof: Proof | None) -> bool:
    try:
        check_proof(rule, proof)
    except Unproved:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
