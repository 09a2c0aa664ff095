"""Operators of the Verilog: its cores streamed at full width, tried on everything at tiny formats, and proved where claimed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from compile.backend import Backend
from dag.operators import table as ops
from dag.operators.op import Op
from dagc.operators.evidence import OperatorTrial
from dagc.operators.keys import text_key, tools_of
from dagc.operators.software import WrongRow
from rtl.core_table import TABLE
from rtl.evidence.core_campaign import campaign, subjects
from rtl.evidence.core_proofs import Verdict, claims, find_yosys, judge
from rtl.evidence.tiny_cores import CASES, differing_rows, simulated
from rtl.evidence.tiny_floats import TinyFormat
from rtl.plan.lowering import Core

#: At these every pair of operands is tried, with a register at every cut.
TINY = (TinyFormat(3, 2), TinyFormat(4, 3))
PROOF_SECONDS = 120.0
#: The claims that are the whole meaning of an op, for all operands at full width; other claims relate two cores.
PROVES = {
    ops.LT: "compare less, binary64",
    ops.GT: "compare greater, binary64",
    ops.EQ: "compare equal, binary64",
    ops.MIN: "min, binary64",
    ops.MAX: "max, binary64",
    ops.TRUNC: "trunc, binary64",
    ops.CLZ: "leading zeros, 64 bits",
}


def try_hardware(
    backend: Backend, chosen: Sequence[Op], rows: int, seed: int
) -> tuple[dict[str, OperatorTrial], list[WrongRow]]:
    """Stream the `chosen` ops' cores, and say what else is known of them."""
    wanted = [subject for subject in subjects() if subject.op in chosen and not subject.flushes]
    outcomes = campaign(rows, seed, wanted)
    tried: dict[str, OperatorTrial] = {}
    wrong: list[WrongRow] = []
    for subject in wanted:
        op, outcome = subject.op, outcomes[subject.name]
        if outcome.first is not None:
            oracle, operands, got, expected = outcome.first
            wrong.append(WrongRow(backend.name, op.name, oracle, operands, got, expected))
            continue
        row = TABLE[op]
        exhaustive = exhaustive_formats(row.module) if isinstance(row, Core) else ()
        shown = _shown(row.module) if isinstance(row, Core) else ()
        proved = tuple(claim for claim in shown if claim == PROVES.get(op))
        related = tuple(claim for claim in shown if claim not in PROVES.values())
        tried[op.name] = OperatorTrial(
            text_key(backend, op), tools_of(backend), rows, seed, outcome.compared, exhaustive, proved, related
        )
    return tried, wrong


@cache
def exhaustive_formats(module: str) -> tuple[str, ...]:
    """The tiny formats at which all cases of a core are right for every pair of operands."""
    found: list[str] = []
    for form in TINY:
        cases = [case for case in CASES if case.module == module and case.suits(form)]
        if not cases:
            continue
        got = simulated(form, cases, lambda cut: True)
        if not any(differing_rows(form, case, got[case.name]) for case in cases):
            found.append(f"{form.exponent}+{form.fraction} bits")
    return tuple(found)


@cache
def _shown(module: str) -> tuple[str, ...]:
    """The claims about a core that a SAT solver has shown."""
    if find_yosys() is None:
        return ()
    return tuple(
        claim.name
        for claim in claims()
        if module in claim.cores and "FLUSH" not in claim.name and judge(claim, PROOF_SECONDS) is Verdict.PROVED
    )
