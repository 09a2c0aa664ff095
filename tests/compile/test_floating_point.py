"""Whatever a host has done to the floating-point environment, the words are the same, and the host has it back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes import CDLL
from pathlib import Path
from threading import Thread
from typing import Annotated, Any

import click
import numpy as np
import pytest
from click.testing import CliRunner

import dag.values.floating_point
from compile.backend import Batch
from compile.c.backend import C
from compile.c.compiler import Compiler, find_compiler
from compile.c.environment import bend, bendable, control_words
from compile.campaign.run.campaign import campaign
from compile.check.meaning import evaluate
from compile.interpreter.backend import Interpreter
from compile.lane.check import LaneCheck
from compile.pipeline import prepare
from compile.xla.backend import Xla
from dag import domain, float32, lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.floating_point import BentEnvironment, bent, saved, standard
from dag.values.words import words_of_column
from dagc.cli import LazyGroup, main
from dagc.terminal.doctor import examine

needs_mxcsr = pytest.mark.skipif(not bendable(), reason="missing: an x86-64 machine whose C library has fenv.h (MXCSR)")

#: What hosts do to MXCSR, one bit field at a time.
HOSTS = {
    "results flushed": 0x9F80, "operands flushed": 0x1FC0, "rounding down": 0x3F80, "rounding up": 0x5F80, "rounding to zero": 0x7F80,
    "traps": 0x1D00,
}  # fmt: skip

Any64 = Annotated[float, domain(-1e308, 1e308)]


@lane
def delicate(x: Any64, y: Any64, z: float32) -> tuple[float, float32]:
    """Products that are subnormal, quotients that are inexact, in both widths."""
    scaled = x * 1e-300 * 1e-10 + y / 3.0
    return scaled * 0.1, z * float32(1e-30) + z / float32(3.0)


def graph_of_delicate() -> Graph:
    return prepare(trace(delicate))


def _rows() -> Batch:
    x = np.array([[1.0, 2.3e-308, 5e-324, -3.0, 7.7], [0.1, 1e-290, 1e10, -1e-11, 0.0]])
    z = np.array([[1e-20, 1e-45, 0.1, -0.3, 1e-8], [1e-10, -1e-40, 3.0, 1e-38, 0.7]], np.float32)
    return Batch({"x": x, "y": x[:, ::-1].copy(), "z": z}, {}, None, 2, 5)


ROWS = _rows()


def words(graph: Graph, result: Any) -> list[list[int]]:
    return [
        words_of_column(column, graph.types[node]).ravel().tolist() for node, column in sorted(result.nodes.items())
    ]


def interpreted() -> object:
    graph = graph_of_delicate()
    runner = Interpreter().load(graph, Interpreter().lower(graph))
    return words(graph, runner.run(ROWS, graph.single_values()))


def meant() -> object:
    graph = graph_of_delicate()
    return words(graph, evaluate(graph, ROWS, graph.single_values()))


def recomputed() -> object:
    """XLA's rows, of which those that meet a subnormal are computed by the interpreter."""
    graph = graph_of_delicate()
    runner = Xla().load(graph, Xla().lower(graph))
    found = words(graph, runner.run(ROWS, graph.single_values()))
    assert runner.recomputed_rows > 0
    return found


def compiled() -> object:
    graph = graph_of_delicate()
    return words(graph, C().load(graph, C().lower(graph)).run(ROWS, graph.single_values()))


def on_numbers() -> object:
    graph = graph_of_delicate()
    check = LaneCheck.of(delicate, graph)
    found = check.begin().run.run(ROWS)
    return {name: words_of_column(column, column_type(graph, name)).tolist() for name, column in found.outputs.items()}


def column_type(graph: Graph, name: str) -> Any:
    return graph.types[next(output.node for output in graph.outputs if output.name == name)]


def sampled() -> object:
    graph = graph_of_delicate()
    runners = {"interpreter": Interpreter().load(graph, Interpreter().lower(graph))}
    found = campaign(graph, runners, 400, 0, lane=LaneCheck.of(delicate, graph))
    assert found.report.differences == 0
    return found.tally.rounds


def traced() -> object:
    """Constants that are folded while a lane is traced."""
    return trace(folding).content_hash


@lane
def folding(x: Any64) -> float:
    return x * (1e-300 * 1e-10 + 0.1 / 3.0) + 1e-310 * 0.7


COMPUTED: Mapping[str, Callable[[], object]] = {
    each.__name__: each for each in (interpreted, meant, recomputed, compiled, on_numbers, sampled, traced)
}


@pytest.fixture(scope="module")
def expected() -> dict[str, object]:
    assert bent() == ""
    return {name: compute() for name, compute in COMPUTED.items()}


@contextmanager
def host(mxcsr: int) -> Iterator[None]:
    with saved():
        bend(mxcsr)
        yield


@needs_mxcsr
@pytest.mark.parametrize("name", COMPUTED)
def test_no_host_bends_the_words_and_each_has_its_environment_back(name: str, expected: dict[str, object]) -> None:
    for how, mxcsr in HOSTS.items():
        with host(mxcsr):
            found, left = COMPUTED[name](), control_words()[0]
        assert found == expected[name], how
        assert left == mxcsr, how


@needs_mxcsr
@pytest.mark.parametrize("how", [how for how in HOSTS if how != "traps"])
def test_without_the_guard_each_of_these_hosts_does_bend_them(how: str) -> None:
    """Otherwise the test above could not fail."""
    graph = graph_of_delicate()
    right = words(graph, evaluate(graph, ROWS, graph.single_values()))
    with host(HOSTS[how]):
        unguarded = evaluate.__wrapped__(graph, ROWS, graph.single_values())  # type: ignore[attr-defined]
        seen = bent()
    assert words(graph, unguarded) != right
    assert seen


@needs_mxcsr
def test_a_library_linked_with_fast_math_bends_nothing(tmp_path: Path, expected: dict[str, object]) -> None:
    compiler = find_compiler()
    if not isinstance(compiler, Compiler):
        pytest.skip(f"missing: a C compiler ({compiler.fix})")
    (tmp_path / "fast.c").write_text("double half(double x) { return x * 0.5; }\n")
    options = ["-O2", "-ffast-math", "-shared", "-fPIC", "fast.c", "-o", "fast.so"]
    subprocess.run([*compiler.command, *options], cwd=tmp_path, check=True)
    with saved():
        CDLL(str(tmp_path / "fast.so"))
        if not bent():
            pytest.skip("this compiler's -ffast-math leaves the environment of a library's host alone")
        assert {name: compute() for name, compute in COMPUTED.items() if name != "recomputed"} == {
            name: found for name, found in expected.items() if name != "recomputed"
        }


@needs_mxcsr
def test_importing_a_lane_file_restores_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "bending.py"
    file.write_text(
        "from compile.c.environment import bend\nfrom dagc import lane\nbend(0x9FC0)\n\n"
        "@lane\ndef half(x: float) -> float:\n    return x * 0.5\n"
    )
    from dag.files.loading import load_lane

    with saved():
        half = load_lane(f"{file}:half")
        assert bent() == ""
        assert half(5e-324 * 2) == 5e-324


@needs_mxcsr
def test_every_thread_has_an_environment_of_its_own(expected: dict[str, object]) -> None:
    found: list[object] = []

    def work(mxcsr: int) -> None:
        bend(mxcsr)
        found.extend([interpreted() == expected["interpreted"], control_words()[0] == mxcsr])

    with host(HOSTS["rounding up"]):
        threads = [Thread(target=work, args=(mxcsr,)) for mxcsr in HOSTS.values()]
        for thread in threads:
            thread.start()
        inner = interpreted() == expected["interpreted"]
        for thread in threads:
            thread.join()
        assert control_words()[0] == HOSTS["rounding up"]
    assert inner
    assert found == [True] * (2 * len(HOSTS))


def test_an_exception_gives_the_environment_back_too() -> None:
    before = control_words()
    with pytest.raises(ZeroDivisionError), standard():
        1 / (len("") or 0)
    assert control_words() == before


@needs_mxcsr
def test_a_bent_thread_is_refused_where_the_environment_cannot_be_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = graph_of_delicate()
    runner = Interpreter().load(graph, Interpreter().lower(graph))
    monkeypatch.setattr("dagc.terminal.doctor.fenv", lambda: None)
    with host(HOSTS["results flushed"]):
        with monkeypatch.context() as without:
            without.setattr(dag.values.floating_point, "fenv", lambda: None)
            with pytest.raises(
                BentEnvironment, match="bent: subnormal numbers are flushed to zero; expected IEEE 754's"
            ):
                runner.run(ROWS, graph.single_values())
        doctored = next(each for each in examine() if each.name == "floating point")
    assert not doctored.ok
    assert "cannot be set" in doctored.detail


_IMPORTED = """
import ctypes, sys
assert ctypes.PyDLL("libm.so.6").fesetround(int(sys.argv[1])) == 0
import lanes.elementary.exponential
from dag.trace import trace
print(trace(lanes.elementary.exponential.exp).content_hash)
"""
#: As glibc has them on x86-64.
NEAREST, UPWARDS, TO_ZERO = 0x000, 0x800, 0xC00


@needs_mxcsr
def test_literals_are_exact_whoever_compiles_them_first(tmp_path: Path) -> None:
    def imported(rounding: int, cache: str) -> str:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path / cache)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-c", _IMPORTED, str(rounding)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)
        return done.stdout

    clean = imported(NEAREST, "clean")
    for rounding in (UPWARDS, TO_ZERO):
        assert imported(rounding, str(rounding)) == clean
        assert imported(NEAREST, str(rounding)) == clean, "what the bent process left in the cache"


SEEN: list[str] = []


class Probing(LazyGroup):
    """A command line with one command, which notes how its environment is bent."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return click.Command(cmd_name, callback=lambda: SEEN.append(bent()))


@needs_mxcsr
def test_a_command_reads_numbers_as_they_are_written_in_a_bent_process() -> None:
    with saved():
        bend(HOSTS["rounding up"])
        said = CliRunner().invoke(main, ["doctor"]).output
        assert "this thread as it is: results are not rounded to nearest" in said
        CliRunner().invoke(Probing("dagc"), ["probe"])
    assert SEEN == [""]
