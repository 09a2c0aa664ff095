"""Loops over windows are read back and proved; edited, they are not."""

from __future__ import annotations

import pytest

from compile.backend import Files
from compile.backends import backend
from compile.pipeline import prepare
from compile.structure.prove import prove
from compile.structure.verdict import Proved, Unproved, Verdict
from dag.trace import trace
from tests.test_windows import over

GRAPH = prepare(trace(over))
#: Artifact -> what its text holds and what is put in its place, in one place of it.
EDITS = {
    "interpreter.py": [
        ("each < x", "x < each"),
        ("1 if each else 0", "0 if each else 1"),
        ("turned(past__before)", "past__before"),
        ("zip(past__before, kept__before", "zip(past__before, past__before"),
        ("each * other for each, other", "each + other for each, other"),
        ("fold_min(", "fold_max("),
        ("fold_imin(", "fold_imax("),
        ("fold_add(rare__before, ", "fold_add(kept__before, "),
        ("-0.0)", "0.0)"),
        ("for each in past__before", "for each in kept__before"),
    ],
    "kernel.c": [
        ("[(dagc_k + 1) % 11]", "[dagc_k]"),
        ("dagc_k < 11; dagc_k++", "dagc_k < 10; dagc_k++"),
        ("int dagc_k = 0; dagc_k < 11", "int dagc_k = 1; dagc_k < 11"),
        ("dagc_fold_min(", "dagc_fold_max("),
        ("dagc_fold_numpy(", "dagc_fold_add("),
        ("dagc_fold_imin(", "dagc_fold_imax("),
        ("past__before[dagc_k] * kept__before[dagc_k]", "past__before[dagc_k] * past__before[dagc_k]"),
        (", 11, most__1, past__count__before,", ", 11, past__count__before, most__1,"),
        ("past__before[dagc_k] < x", "past__before[dagc_k] <= x"),
    ],
    "batch.c": [
        ("(dagc_k + 1) % 11, dagc_at)", "dagc_k, dagc_at)"),
        ("dagc_k < 11; dagc_k++", "dagc_k < 12; dagc_k++"),
        ("dagc_fold_mins(", "dagc_fold_maxs("),
        ("dagc_fold_imaxs(", "dagc_fold_imins("),
        ("dagc_held(kept__before, 11", "dagc_held(past__before, 11"),
        ("dagc_held(past__before, 11, dagc_k, dagc_at)", "dagc_held(past__before, 11, 0, dagc_at)"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def files() -> Files:
    return {**backend("interpreter").lower(GRAPH), **backend("c").lower(GRAPH)}


def verdict(files: Files, artifact: str) -> Verdict:
    return next(each for each in prove(GRAPH, files) if each.artifact == artifact)


@pytest.mark.parametrize("artifact", EDITS)
def test_what_was_emitted_is_proved(files: Files, artifact: str) -> None:
    assert isinstance(verdict(files, artifact), Proved)


@pytest.mark.parametrize(("artifact", "old", "new"), [(name, *edit) for name, edits in EDITS.items() for edit in edits])
def test_an_edited_loop_is_another_program(files: Files, artifact: str, old: str, new: str) -> None:
    text = files[artifact].decode()
    assert old in text
    assert isinstance(verdict({**files, artifact: text.replace(old, new, 1).encode()}, artifact), Unproved)
