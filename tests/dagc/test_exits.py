"""What a command ends with when something is wrong."""

from __future__ import annotations

import importlib

import pytest

from dag.diagnostics.diagnostic import CompileError
from dagc.terminal.exits import _REFUSALS, user_errors


@pytest.mark.parametrize(("module", "name", "code"), _REFUSALS)
def test_every_refusal_is_a_message_and_its_exit_code(
    module: str, name: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = getattr(importlib.import_module(module), name)
    problem = kind([]) if issubclass(kind, CompileError) else kind("what is wrong")
    with pytest.raises(SystemExit) as left, user_errors():
        raise problem
    assert left.value.code == code
    assert "internal error" not in capsys.readouterr().err


def test_anything_else_is_a_defect_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left, user_errors():
        raise ZeroDivisionError("nobody foresaw it")
    assert left.value.code == 70
    assert "internal error: ZeroDivisionError: nobody foresaw it" in capsys.readouterr().err


def test_a_program_that_is_rejected_is_told_with_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left, user_errors():
        raise CompileError([])
    assert left.value.code in (1, 2)
    assert "internal error" not in capsys.readouterr().err
