"""Loops over windows are read back and proved; edited, they are not."""

from __future__ import annotations

import pytest

from compile.backend import Files
from compile.backends import backend
from compile.pipeline import prepare
from compile.proof.core.prove import prove
from compile.proof.core.verdict import Proved, Unproved, Verdict
from dag.graphs.graph import Graph
from dag.trace import trace
from tests.support.tiers import few_rows
from tests.support.windowed_lanes import narrow, over

GRAPH, OF_32_BITS = prepare(trace(over)), prepare(trace(narrow))
#: Artifact -> what its text holds and what is put in its place, in one place of it.
EDITS = {
    "interpreter.py": [
        ("each < x", "x < each"),
        ("1 if each else 0", "0 if each else 1"),
        ("rotated(past__before)", "past__before"),
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
        ("below__2[dagc_k] = dagc_each_below__2", "below__2[dagc_k] = below__1"),
    ],
    "batch.c": [
        ("(dagc_k + 1) % 11, dagc_at)", "dagc_k, dagc_at)"),
        ("dagc_k < 11; dagc_k++", "dagc_k < 12; dagc_k++"),
        ("dagc_fold_mins(", "dagc_fold_maxs("),
        ("dagc_fold_imaxs(", "dagc_fold_imins("),
        ("dagc_held(kept__before, 11", "dagc_held(past__before, 11"),
        ("dagc_held(past__before, 11, dagc_k, dagc_at)", "dagc_held(past__before, 11, 0, dagc_at)"),
        ("below__2[dagc_k] = dagc_each_below__2", "below__2[0] = dagc_each_below__2"),
    ],
}  # fmt: skip


#: The same of folds over 32-bit numbers.
EDITS_OF_32_BITS = {
    "interpreter.py": [
        ("total = fold_add_f32(", "total = fold_add("),
        ("in_blocks = fold_numpy_f32(", "in_blocks = fold_add_f32("),
        ("wrap_i32(fold_iadd(", "(fold_iadd("),
    ],
    "kernel.c": [
        ("in_blocks = dagc_fold_numpy_f32(", "in_blocks = dagc_fold_add_f32("),
        ("lowest__2 = dagc_fold_min(", "lowest__2 = dagc_fold_max("),
    ],
    "batch.c": [
        ("total = dagc_fold_add_f32s(", "total = dagc_fold_adds("),
        ("dagc_round_f32(all + x)", "all + x"),
    ],
    "kernel.stablehlo": [("%total = func.call @fold_add_f32_19xf64(", "%total = func.call @fold_add_19xf64(")],
}


def emitted(graph: Graph) -> Files:
    return {file: text for name in ("interpreter", "c", "xla") for file, text in backend(name).lower(graph).items()}


@pytest.fixture(scope="module")
def files() -> Files:
    return emitted(GRAPH)


@pytest.fixture(scope="module")
def files_of_32_bits() -> Files:
    return emitted(OF_32_BITS)


def verdict(files: Files, artifact: str, graph: Graph = GRAPH) -> Verdict:
    return next(each for each in prove(graph, files) if each.artifact == artifact)


@pytest.mark.parametrize("artifact", EDITS)
def test_what_was_emitted_is_proved(files: Files, artifact: str) -> None:
    assert isinstance(verdict(files, artifact), Proved)


@pytest.mark.parametrize(
    ("artifact", "old", "new"), few_rows([(name, *edit) for name, edits in EDITS.items() for edit in edits], 2)
)
def test_an_edited_loop_is_another_program(files: Files, artifact: str, old: str, new: str) -> None:
    text = files[artifact].decode()
    assert old in text
    assert isinstance(verdict({**files, artifact: text.replace(old, new, 1).encode()}, artifact), Unproved)


@pytest.mark.parametrize("artifact", EDITS_OF_32_BITS)
def test_folds_of_32_bits_are_proved_and_edited_ones_are_not(files_of_32_bits: Files, artifact: str) -> None:
    assert isinstance(verdict(files_of_32_bits, artifact, OF_32_BITS), Proved)
    text = files_of_32_bits[artifact].decode()
    for old, new in EDITS_OF_32_BITS[artifact]:
        assert old in text, old
        edited = {**files_of_32_bits, artifact: text.replace(old, new, 1).encode()}
        assert isinstance(verdict(edited, artifact, OF_32_BITS), Unproved), old
