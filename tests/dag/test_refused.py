"""Programs that must be refused, each with the whole page that its author gets to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import CompileError, explain
from dag.files.loading import lanes_in_file
from dag.trace import trace_all

REFUSED = Path(__file__).parent / "refused"
PROGRAMS = sorted(path for path in REFUSED.glob("*.py") if path.stem != "helper_lanes")
#: Codes that belong to no program text; tests/dag/test_loading.py and tests/dag/test_binding.py provoke them,
#: tests/compile/test_hazards.py those of computed values, tests/compile/lint those of claims, and tests/dag/trace/test_slots.py those of slots.
ELSEWHERE = {"E003", "E050", "E051", "E052", "E060", "E061", "E062", "E063", "E064", "E065", "E067", "E068"} | {
    f"E{number:03}" for number in range(70, 100)
}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_refused_program_has_the_golden_message(
    program: Path, golden: Callable[[str, Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REFUSED)
    with pytest.raises(CompileError) as refused:
        trace_all(lanes_in_file(program.name).values())
    golden(f"{refused.value}\n", program.with_suffix(".expect"))


def test_every_error_has_a_program() -> None:
    pages = "\n".join(page.read_text(encoding="utf-8") for page in REFUSED.glob("*.expect"))
    provoked = {code for code in CODES if f" {code} " in pages}
    assert provoked | ELSEWHERE >= {code for code in CODES if code.startswith("E")}
    assert not provoked & ELSEWHERE


def test_no_page_outlives_its_program() -> None:
    assert {page.stem for page in REFUSED.glob("*.expect")} == {program.stem for program in PROGRAMS}


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_by_example(code: str) -> None:
    assert len(explain(code).splitlines()) > 4
