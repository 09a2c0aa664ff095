"""Putting a claim to a solver: Bitwuzla first, cvc5 as a second opinion."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from enum import Enum
from typing import Any

from compile.rewrites.claim import Claim


class Verdict(Enum):
    """What became of a claim."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, who gave it, and where it is REFUTED a word for each name of the claim."""

    verdict: Verdict
    solver: str
    words: dict[str, int]


class SolverMissing(Exception):
    """No solver is installed; the message says how to get one."""


def bitwuzla(claim: Claim, seconds: float) -> Answer:
    """Ask Bitwuzla. Raises SolverMissing."""
    solver = _module("bitwuzla")
    options = solver.Options()
    options.set(solver.Option.PRODUCE_MODELS, True)
    options.set(solver.Option.TIME_LIMIT_PER, int(seconds * 1000))
    parser = solver.Parser(solver.TermManager(), options)
    parser.parse(claim.text, True, False)
    asked = parser.bitwuzla()
    said = asked.check_sat()
    words: dict[str, int] = {}
    if said == solver.Result.SAT:
        for name in claim.words:
            value = asked.get_value(parser.parse_term(name)).value()
            words[name] = int(value) if isinstance(value, bool) else int(str(value), 2)
    verdicts = {solver.Result.UNSAT: Verdict.PROVED, solver.Result.SAT: Verdict.REFUTED}
    return Answer(verdicts.get(said, Verdict.UNDECIDED), f"bitwuzla {solver.version()}", words)


def cvc5(claim: Claim, seconds: float) -> Answer:
    """Ask cvc5; it gives no words. Raises SolverMissing."""
    module = _module("cvc5")
    solver = module.Solver(module.TermManager())
    solver.setOption("tlimit-per", str(int(seconds * 1000)))
    solver.setOption("fp-exp", "true")  # formats other than binary32 and binary64
    parser = module.InputParser(solver)
    parser.setStringInput(module.InputLanguage.SMT_LIB_2_6, claim.text, claim.rule.name)
    while not (command := parser.nextCommand()).isNull():
        command.invoke(solver, parser.getSymbolManager())
    said = solver.checkSat()
    verdict = Verdict.PROVED if said.isUnsat() else Verdict.REFUTED if said.isSat() else Verdict.UNDECIDED
    return Answer(verdict, f"cvc5 {solver.getVersion().decode()}", {})


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise SolverMissing(f"{name} is missing\n  fix  pip install 'dagc-compiler[proof]'") from missing
