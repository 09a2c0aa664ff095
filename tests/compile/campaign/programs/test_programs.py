"""Random programs: drawn from a seed, right as they stand, and a fault of the tracer or of the numbers does not get past them."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from compile.campaign.fuzz.programs import run
from compile.campaign.fuzz.programs.constructs import CONSTRUCTS, constructs_of
from compile.campaign.fuzz.programs.program import write_program
from compile.campaign.fuzz.programs.refusals import is_expected
from compile.campaign.fuzz.programs.run import ProgramPack, case_of, smallest, try_text
from compile.campaign.fuzz.programs.saved import DamagedCase, from_text, written
from compile.campaign.fuzz.programs.trial import ProgramFinding
from compile.interpreter.backend import Interpreter
from compile.proof.core.prove import prove
from dag.numbers import running as numeric
from dag.operators import table as ops
from dag.trace import selection
from dag.trace.builtins import table as builtins
from dag.trace.calls import inlining
from dag.trace.expressions import evaluation
from dag.trace.operators import applying
from dag.trace.states import carrying, rings
from dagc.cli import main
from tests.support.tiers import count

INTERPRETER = {"interpreter": Interpreter()}
SEED = 0


def tried(number: int, folder: Path) -> ProgramFinding | None:
    program = write_program(SEED, number)
    case = case_of(program, ProgramPack(0, SEED, 0, 1, 24, 0.0), INTERPRETER)
    return try_text(program.text, case, INTERPRETER, prove, folder).finding


def test_a_seed_and_a_number_are_a_text() -> None:
    texts = [write_program(SEED, number).text for number in range(8)]
    assert texts == [write_program(SEED, number).text for number in range(8)]
    assert len({*texts, write_program(SEED + 1, 0).text}) == 9


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_a_text_does_not_depend_on_the_process(hash_seed: str) -> None:
    code = f"from compile.campaign.fuzz.programs.program import write_program as w; print([w({SEED}, n).text for n in range(25)])"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    shown = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
    assert ast.literal_eval(shown.stdout) == [write_program(SEED, number).text for number in range(25)]


def test_every_construct_is_written() -> None:
    found: Counter[str] = Counter()
    for number in range(80):
        program = write_program(SEED, number)
        assert isinstance(ast.parse(program.text).body[-1], ast.FunctionDef)
        found.update(constructs_of(program.text))
    expected = {
        *CONSTRUCTS,
        "a loop calls",
        "a comprehension calls",
        "a choice calls",
        "a variable named as a function",
    }
    assert {name for name in expected if not found[name]} == set()


def test_a_few_programs_agree_and_are_proved(tmp_path: Path) -> None:
    findings = [finding for number in range(count(8, 48)) if (finding := tried(number, tmp_path)) is not None]
    assert [each for each in findings if not is_expected(each.sort)] == []
    assert len(findings) < count(4, 18)


def _other_arm(frame: Any, at: Any, condition: int, chosen: Any, otherwise: Any, *arms: Any) -> Any:
    return selection.select(frame, at, condition, otherwise, chosen, *arms)


def _value_of_this_bar(frame: Any, inner: Any, held: Any, shape: Any, value: Any) -> Any:
    return value


def _always_moving(frame: Any, when: Any) -> None:
    return None


def _forgets(result: Any, /, **values: Any) -> Any:
    return result


_KEEPING = next(name for name, helper in numeric._HELPERS.items() if helper is numeric._keeping)
#: What is planted: the module, the name in it, and what stands there instead.
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "a conditional expression takes its other arm": (evaluation, "select", _other_arm),
    "a carried value is updated on every bar": (carrying, "moving_when", _always_moving),
    "a held call gives the value of every bar": (inlining, "held_result", _value_of_this_bar),
    "a window keeps the values of all bars": (rings, "moving_when", _always_moving),
    "numbers forget what is carried": (numeric, "_HELPERS", {_KEEPING: _forgets}),
    "a difference is a sum": (
        applying,
        "ARITHMETIC",
        {ast.Sub: (*applying.ARITHMETIC[ast.Sub][:2], ops.ADD, ops.IADD)},
    ),
    "`max` is `min`": (
        builtins,
        "FUNCTIONS",
        {max: builtins.FUNCTIONS[min]},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, wrong = FAULTS[fault]
    if isinstance(wrong, dict):
        for key, value in wrong.items():
            monkeypatch.setitem(getattr(module, name), key, value)
    else:
        monkeypatch.setattr(module, name, wrong)
    for number in range(60):
        finding = tried(number, tmp_path)
        if finding is not None and not finding.in_front:
            assert finding.sort == "numbers differ" or finding.sort.endswith(" on numbers")
            return
    pytest.fail("60 programs did not show it")


def test_what_is_found_is_made_small_and_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(builtins.FUNCTIONS, max, builtins.FUNCTIONS[min])
    number, finding = next(
        (number, finding)
        for number in range(60)
        if (finding := tried(number, tmp_path)) is not None and finding.sort == "numbers differ"
    )
    program = write_program(SEED, number)
    case = case_of(program, ProgramPack(0, SEED, 0, 1, 24, 0.0), INTERPRETER)
    small = smallest(program, case, finding, INTERPRETER, prove, tmp_path, seconds=20.0)
    assert small.case == case
    assert "max(" in small.text
    assert len(small.text) < len(program.text) / 2
    path = written(tmp_path / "found", small.text, case, finding, "a test")
    assert from_text(path.read_text()) == case
    replayed = CliRunner().invoke(main, ["fuzz", "--replay", str(path)])
    assert (replayed.exit_code, replayed.output.splitlines()[0]) == (1, f"{case.root}: numbers differ")
    monkeypatch.undo()
    replayed = CliRunner().invoke(main, ["fuzz", "--replay", str(path)])
    assert (replayed.exit_code, replayed.output) == (0, f"{case.root}: nothing is wrong\n")


def _fails(frame: Any, at: Any, *operands: Any) -> Any:
    raise LookupError("planted")


#: Of `max` that is `min`, no guard is seen any more. Without its guard, a program is refused for a good reason.
IN_FRONT = {
    "refused": builtins.FUNCTIONS[min],
    "crash: LookupError": (*builtins.FUNCTIONS[min][:2], _fails),
}


@pytest.mark.parametrize("sort", IN_FRONT)
def test_what_the_front_finds_is_made_small_and_stays_right(
    sort: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(builtins.FUNCTIONS, max, IN_FRONT[sort])
    monkeypatch.setattr(run, "shrink", lambda *_: pytest.fail("its text was cut: what is left may be wrong in itself"))
    number, finding = next(
        (number, finding)
        for number in range(60)
        if len(write_program(SEED, number).text) < 2000
        and (finding := tried(number, tmp_path)) is not None
        and finding.sort.startswith(sort)
        and not is_expected(finding.sort)
    )
    program = write_program(SEED, number)
    case = case_of(program, ProgramPack(0, SEED, 0, 1, 24, 0.0), INTERPRETER)
    small = smallest(program, case, finding, INTERPRETER, prove, tmp_path, seconds=6.0)
    assert finding.in_front
    assert "max(" in small.text
    assert len(small.text) < len(program.text)
    again = try_text(small.text, small.case, INTERPRETER, prove, tmp_path).finding
    assert again is not None
    assert again.sort == finding.sort
    monkeypatch.undo()
    assert try_text(small.text, small.case, INTERPRETER, prove, tmp_path).finding is None


@pytest.mark.parametrize("text", ["", "# replay {}\n", '# replay {"root": 1\n'])
def test_another_file_is_no_saved_program(text: str, tmp_path: Path) -> None:
    with pytest.raises(DamagedCase):
        from_text(text)
    (tmp_path / "other.py").write_text(text)
    assert CliRunner().invoke(main, ["fuzz", "--replay", str(tmp_path / "other.py")]).exit_code == 2


def test_the_command_counts_what_it_did(tmp_path: Path) -> None:
    arguments = [
        "fuzz",
        "--programs",
        "4",
        "--backends",
        "interpreter",
        "--jobs",
        "1",
        "--json",
        "--out",
        str(tmp_path),
    ]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    document = json.loads(result.output[result.output.index("{") :])
    assert document["programs"] == 4
    assert document["agreed"] + sum(document["refused"].values()) == 4
    assert document["rows_of"]["numbers"] > 0
    assert document["constructs"]["+ -"] > 0


def test_a_run_that_compared_nothing_is_no_success(tmp_path: Path) -> None:
    arguments = ["fuzz", "--programs", "4", "--backends", "interpreter", "--time-limit", "0", "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 3, result.output
    assert "nothing was compared" in result.output
