"""A sample of the mutants, planted; and the whole matrix as it was last run. All of them: `python -m tests.mutation`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

import tests.mutation.__main__ as command
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved
from dag.operators.op import Op
from dag.operators.table import AS_UNIT, ON_ARRAYS, OPS, PLACES
from tests.mutation.__main__ import read
from tests.mutation.matrix import (
    ALIVE,
    GRAPH,
    KILLED,
    LATENCY,
    OPERATOR,
    PASS,
    READERS,
    Mutant,
    Outcome,
    mutants,
    plant,
)
from tests.mutation.report import DUTY, gaps, page
from tests.mutation.subject import subject
from tests.support.backends import backend_or_skip

MATRIX = Path(__file__).with_name("matrix.json")
ALL = list(mutants())
STRUCTURAL = [each for each in ALL if each.label in (GRAPH, LATENCY) and each.lowering in READERS]
OPERATORS = [each for each in ALL if each.label == OPERATOR]
PASSES = [each for each in ALL if each.label == PASS and not each.name.startswith("rule: ")]


def test_the_subject_has_every_operator_on_single_values() -> None:
    used = {op.row for op in subject().ops if isinstance(op, Op)}
    assert {op for op in OPS.values() if op not in ON_ARRAYS - PLACES and op is not AS_UNIT} <= used


@pytest.mark.parametrize("lowering", READERS)
def test_the_subject_itself_is_proved(lowering: str) -> None:
    files = backend_or_skip(lowering).lower(subject())
    verdict = judge(subject(), READERS[lowering](files), files)
    assert isinstance(verdict, Proved), verdict.page()


@pytest.mark.parametrize("mutant", STRUCTURAL[::11], ids=lambda each: f"{each.lowering}-{each.name}")
def test_structure_finds_every_mutant_of_the_graph(mutant: Mutant) -> None:
    backend_or_skip(mutant.lowering)
    assert plant(mutant, with_campaign=False).structure != ALIVE


@pytest.mark.parametrize(
    "mutant", [each for each in OPERATORS if each.lowering == "interpreter"][::7], ids=lambda each: each.name
)
def test_the_campaign_finds_mutants_of_operators(mutant: Mutant) -> None:
    assert plant(mutant).campaign == KILLED


@pytest.mark.parametrize("mutant", PASSES[::2], ids=lambda each: each.name)
def test_mutants_of_passes_are_refused(mutant: Mutant) -> None:
    assert plant(mutant).structure == KILLED


def test_the_matrix_on_file_has_every_mutant_and_no_gap() -> None:
    outcomes = read(MATRIX)
    assert [each.mutant for each in outcomes] == ALL
    assert not gaps(outcomes), page(outcomes)
    assert len(ALL) >= 400
    for each in outcomes:
        if DUTY[each.mutant.label] == "campaign":
            assert each.campaign == KILLED, each
        elif each.mutant.lowering in READERS or each.mutant.label == PASS:
            assert each.structure != ALIVE, each


def test_resuming_for_one_lowering_keeps_what_is_known_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = list(mutants())
    first = next(each for each in every if each.lowering == "c")
    file = tmp_path / "matrix.json"
    known = [Outcome(each, KILLED, KILLED) for each in every if each != first]
    file.write_text(json.dumps([asdict(each) for each in known]))
    monkeypatch.setattr(command, "plant", lambda mutant, *_: Outcome(mutant, KILLED, KILLED))
    command.main(["--json", str(file), "--resume", "--lowerings", "c"])
    assert [each.mutant for each in command.read(file)] == every
