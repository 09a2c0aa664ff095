"""Executables kept between runs: loaded instead of compiled, with the same words; never wrong, whatever is in the cache."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import jax
import pytest

from compile.cache import cache_folder, store
from compile.proof.compiled.machine_code import images_of
from compile.xla import executables, program
from compile.xla.emit import emit
from compile.xla.executables import Once
from compile.xla.program import Program
from compile.xla.runner import XlaRunner
from tests.support.arithmetic_graphs import Meaning, arithmetic_batch, arithmetic_graph
from tests.support.meaning import assert_same_words, evaluate


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Grows with every program that is lowered in order to be compiled."""
    seen: list[object] = []
    healthy = program.lowered

    def counted(*arguments: Any) -> Any:
        seen.append(arguments)
        return healthy(*arguments)

    monkeypatch.setattr(program, "lowered", counted)
    return seen


def run_as_a_new_process() -> None:
    """Replay a graph with state, what this process compiled before being forgotten, and compare every word."""
    program._once.cache_clear()
    graph = arithmetic_graph(5, 20, stateful=True)
    xla = XlaRunner(graph, Program.from_files(emit(graph)), Meaning(graph))
    batch = arithmetic_batch(graph, 5, bars=4, instances=6, subnormal=0.05)
    assert_same_words(graph, xla.run(batch, graph.single_values()), evaluate(graph, batch, graph.single_values()))


def test_the_next_run_compiles_nothing(compilations: list[object]) -> None:
    run_as_a_new_process()
    run_as_a_new_process()
    assert len(compilations) == 1


@pytest.mark.parametrize(
    "damaged",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: store(path.name, b"no pickle"),
        lambda path: store(path.name, pickle.dumps((b"no executable", None, None))),
    ],
    ids=["removed", "empty", "no pickle", "no executable"],
)
def test_an_entry_that_cannot_be_loaded_is_compiled_again(
    damaged: Callable[[Path], object], compilations: list[object]
) -> None:
    run_as_a_new_process()
    (entry,) = (path for path in cache_folder().iterdir() if path.name.startswith("xla-"))
    damaged(entry)
    run_as_a_new_process()
    assert len(compilations) == 2


def test_its_text_and_its_machine_code_are_what_was_compiled() -> None:
    graph = arithmetic_graph(5, 20)
    kernel = Program.from_files(emit(graph))
    names = tuple(graph.identifiers[output.node] for output in graph.outputs)
    with jax.enable_x64(True):
        fresh = program.compiled(kernel, names, 2, 64)
        program._once.cache_clear()
        kept = program.compiled(kernel, names, 2, 64)
        assert kept.serialized is not None
        assert fresh.serialized is None
        assert images_of(kept.machine_code()) == images_of(fresh.machine_code()) != []
        assert _without_places(kept.as_text()) == _without_places(fresh.as_text())


def _without_places(text: str) -> str:
    """Optimised HLO without the lines of Python that it names."""
    return re.sub(r", metadata=\{[^}]*\}", "", text[text.index("\n\n%") :])


def test_another_processor_compiles_its_own(compilations: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    run_as_a_new_process()
    monkeypatch.setattr(executables, "_machine", lambda: "another")
    run_as_a_new_process()
    assert len(compilations) == 2


def test_threads_that_want_the_same_wait_for_the_first() -> None:
    once, start = Once[int](), Barrier(8)
    made, got = count(1), list[int]()

    def ask() -> None:
        start.wait()
        got.append(once.get(lambda: next(made)))

    threads = [Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert got == [1] * 8


def test_a_failure_is_not_kept() -> None:
    once = Once[float]()
    with pytest.raises(ZeroDivisionError):
        once.get(lambda: 1 / 0)
    assert once.get(lambda: 2) == 2
