"""Any name that Python takes builds in every target, and reads back as the user's own."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from compile.backend import Files
from compile.c.backend import C
from compile.campaign.sample import sample, universe_of
from compile.check.run import check_batch, new_report
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from compile.structure.verdict import Unproved
from compile.xla.backend import Xla
from dag.graph import Graph
from dag.loading import load_lane
from dag.trace import trace
from dagc.proving import proofs_of
from rtl import verilator
from rtl.backend import Verilog
from tests.support.hostile_names import helpers, program, words
from tests.support.simulator import needs_verilator

#: Of binary64 numbers a few words at a time, so that proofs stay short; of integers all at once.
GROUP = 40
GROUPS = tuple(tuple(words()[start : start + GROUP]) for start in range(0, len(words()), GROUP))


def graph_of(of: tuple[str, ...], number: str, folder: Path) -> Graph:
    """A graph in which each of these words is called something at every level."""
    (folder / "lanes_beside.py").write_text(helpers(of, number), encoding="utf-8")
    (folder / "all_of_them.py").write_text(program(of, "lanes_beside", number), encoding="utf-8")
    return prepare(trace(load_lane(f"{folder / 'all_of_them.py'}:everything")))


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> list[Graph]:
    """A graph for each group of words."""
    return [graph_of(group, "float", tmp_path_factory.mktemp("hostile")) for group in GROUPS]


def files_of(graph: Graph) -> Files:
    files: Files = {}
    for backend in (Interpreter(), C(), Xla(), Verilog()):
        files |= backend.lower(graph)
    return files


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_every_word_at_every_level_is_lowered_and_proved(graphs: list[Graph], number: int) -> None:
    graph = graphs[number]
    files = files_of(graph)
    verdicts = proofs_of(graph, files)
    assert {"interpreter.py", "kernel.c", "batch.c", "kernel.stablehlo", "rtl/everything.v"} <= {
        each.artifact for each in verdicts
    }
    assert [each.page() for each in verdicts if isinstance(each, Unproved)] == []
    assert {each.name for each in graph.inputs} == {f"dagc_in.{word}" for word in GROUPS[number]}
    assert {each.name for each in graph.states} >= set(GROUPS[number])
    assert {each.name for each in graph.outputs} == {*GROUPS[number], graph.status_output()}


def _c_sources(graph: Graph, folder: Path) -> Path:
    for name, text in C().lower(graph).items():
        (folder / name).write_bytes(text)
    return folder


def test_every_word_computes_in_c_what_it_does_in_python(tmp_path: Path) -> None:
    graph = graph_of(words(), "int", tmp_path)
    runners = {each.name: each.load(graph, each.lower(graph)) for each in (Interpreter(), C())}
    report = new_report(graph, "hostile names")
    check_batch(graph, runners, sample(universe_of(graph), 3, 4, np.random.default_rng(5)), report)
    assert report.words > 0
    assert report.differences == 0


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_c_plus_plus_takes_the_header_between_any_others(graphs: list[Graph], number: int, tmp_path: Path) -> None:
    folder = _c_sources(graphs[number], tmp_path)
    others = "cassert cerrno cmath complex csignal cstdio cstdlib cstring pthread.h semaphore.h unistd.h"
    included = "".join(f"#include <{each}>\n" for each in others.split())
    (folder / "host.cpp").write_text(f'{included}#include "kernel.h"\n')
    command = ["g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", str(folder / "host.cpp")]
    subprocess.run(command, check=True, capture_output=True, text=True)


@needs_verilator
@pytest.mark.parametrize("instances", [None, 4], ids=["single", "interleaved"])
def test_lint_of_verilog_has_nothing_to_say(tmp_path: Path, instances: int | None) -> None:
    files = Verilog(instances=instances).lower(graph_of(words(), "int", tmp_path))
    sources = {path: text for path, text in files.items() if path.endswith(".v") and not path.endswith("_tb.v")}
    verilator.lint({"taps.v": b"`define DAGC_TAPS\n", **sources}, "everything")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A graph small enough to be built under every name."""
    file = tmp_path_factory.mktemp("small") / "small.py"
    lines = ["from dagc import carry, lane", "", "", "@lane", "def small(x: float) -> float:"]
    file.write_text("\n".join([*lines, "    y = carry(initial=0.0)", "    y = y + x", "    return y", ""]))
    return trace(load_lane(f"{file}:small"))


def test_every_word_may_be_the_lane_that_is_built(small: Graph) -> None:
    for word in words():
        graph = prepare(replace(small, name=word))
        files = files_of(graph)
        assert [each.page() for each in proofs_of(graph, files) if isinstance(each, Unproved)] == [], word
        modules = re.findall(
            r"^module (\w+)", "\n".join(files[path].decode() for path in files if path.endswith(".v")), re.M
        )
        assert len(modules) == len(set(modules)), word
        assert len({path.lower() for path in files}) == len(files), word


@needs_verilator
def test_names_may_be_longer_than_tools_take(tmp_path: Path) -> None:
    lane, value = "long_" * 60 + "lane", "longer_" * 200 + "value"
    lines = ["from dagc import carry, lane", "", "", "@lane", f"def {lane}(x: float) -> float:"]
    lines += [f"    {value}_{k} = {'x' if not k else f'{value}_{k - 1}'} + 1.0" for k in range(2)]
    (tmp_path / "long.py").write_text("\n".join([*lines, f"    return {value}_1", ""]))
    graph = prepare(trace(load_lane(f"{tmp_path / 'long.py'}:{lane}")))
    files = files_of(graph)
    assert [each.page() for each in proofs_of(graph, files) if isinstance(each, Unproved)] == []
    assert max(len(Path(path).name) for path in files) < 255
    runners = {each.name: each.load(graph, files) for each in (Interpreter(), Verilog())}
    report = new_report(graph, "long names")
    check_batch(graph, runners, sample(universe_of(graph), 2, 3, np.random.default_rng(5)), report)
    assert (report.differences, report.words > 0) == (0, True)
