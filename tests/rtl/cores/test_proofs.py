"""Claims about the cores, proved for all operands by a SAT solver; and a core with a slip refutes its claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from rtl.core_table import core_sources
from rtl.evidence import core_proofs
from rtl.evidence.core_proofs import Claim, Verdict, claims, find_yosys, judge, main

pytestmark = pytest.mark.skipif(find_yosys() is None, reason="no yosys: pip install 'dagc-compiler[proof]'")

#: These take longer than all the others together.
_LONG = ("f_add with FLUSH", "fma(a, 1, b)", "f_mul with FLUSH")
_QUICK = [claim for claim in claims() if not claim.name.startswith(_LONG)]


@pytest.mark.parametrize("claim", _QUICK, ids=lambda claim: claim.name)
def test_the_claim_is_proved(claim: Claim) -> None:
    assert judge(claim, 120) is Verdict.PROVED


@pytest.mark.parametrize(
    ("start", "file", "right", "wrong"),
    [
        ("compare less", "f_compare.v", "zeros_0 ||", "(zeros_0 & 1'b0) ||"),
        ("max", "f_choose.v", "takes_b_0 ? b_0 : a_0", "takes_b_0 ? a_0 : b_0"),
        ("narrow", "f_widen.v", "(fraction_0 << zeros_0) << 1", "fraction_0 << zeros_0"),
        ("f_sqrt with FLUSH", "f_sqrt.v", "assign twice = exponent_1;", "assign twice = exponent_1 + 1'b1;"),
    ],
)
def test_a_slip_refutes_its_claim(start: str, file: str, right: str, wrong: str) -> None:
    claim = next(claim for claim in claims() if claim.name.startswith(start))
    text = {name: source for core in claim.cores for name, source in core_sources(core).items()}[file]
    assert text.count(right) == 1, f"{file} has changed: plant this fault anew"
    assert judge(claim, 120, {file: text.replace(right, wrong)}) is Verdict.REFUTED


def test_a_solver_that_does_not_finish_proves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert judge(claims()[0], 0.01) is Verdict.UNDECIDED


def test_the_command_fails_unless_all_is_proved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for verdict, status in ((Verdict.PROVED, 0), (Verdict.REFUTED, 1), (Verdict.UNDECIDED, 1)):
        monkeypatch.setattr(core_proofs, "judge", lambda claim, seconds, verdict=verdict: verdict)
        assert main([]) == status
        assert capsys.readouterr().out.count(verdict.value) == len(claims())
