"""Any name that Python takes builds in every target, and reads back as the user's own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from compile.backend import Files
from compile.c.backend import C
from compile.campaign.drawing.sample import sample, universe_of
from compile.check.run import check_batch, new_report
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from compile.proof.core.verdict import Unproved, Verdict
from compile.xla.backend import Xla
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dagc.building.proving import proofs_of
from rtl.backend import Verilog
from rtl.simulate import verilator
from tests.support.hostile_names import helpers, program, words
from tests.support.simulator import needs_verilator
from tests.support.tiers import count


def graph_of(of: tuple[str, ...], number: str, folder: Path) -> Graph:
    """A graph in which each of these words is called something at every level."""
    (folder / "lanes_beside.py").write_text(helpers(of, number), encoding="utf-8")
    (folder / "all_of_them.py").write_text(program(of, "lanes_beside", number), encoding="utf-8")
    return prepare(trace(load_lane(f"{folder / 'all_of_them.py'}:everything")))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """All words at once. Of integers: a sum of binary64 is a core of its own in Verilog, which takes minutes to lint."""
    return graph_of(words(), "int", tmp_path_factory.mktemp("hostile"))


def files_of(graph: Graph) -> Files:
    files: Files = {}
    for backend in (Interpreter(), C(), Xla(), Verilog()):
        files |= backend.lower(graph)
    return files


def unproved(verdicts: Sequence[Verdict]) -> list[str]:
    return [each.page() for each in verdicts if isinstance(each, Unproved)]


def test_every_word_at_every_level_is_lowered_and_proved(everything: Graph) -> None:
    verdicts = proofs_of(everything, files_of(everything))
    expected = {"interpreter.py", "kernel.c", "batch.c", "kernel.stablehlo", "rtl/everything.v"}
    assert expected <= {each.artifact for each in verdicts}
    assert unproved(verdicts) == []
    assert {each.name for each in everything.inputs} == {f"dagc_in.{word}" for word in words()}
    assert {each.name for each in everything.states} >= set(words())
    assert {each.name for each in everything.outputs} == {*words(), everything.status_output()}


def test_a_value_may_be_called_as_a_core_or_a_delay_of_another(tmp_path: Path) -> None:
    graph = graph_of(("x", "x_core", "x_at_4", "x_to_4", "x_before_register", "in_x", "out_x"), "float", tmp_path)
    assert unproved(proofs_of(graph, files_of(graph))) == []


def _c_sources(graph: Graph, folder: Path) -> Path:
    for name, text in C().lower(graph).items():
        (folder / name).write_bytes(text)
    return folder


def test_every_word_computes_in_c_what_it_does_in_python(everything: Graph) -> None:
    graph = everything
    runners = {each.name: each.load(graph, each.lower(graph)) for each in (Interpreter(), C())}
    report = new_report(graph, "hostile names")
    check_batch(graph, runners, sample(universe_of(graph), 3, 4, np.random.default_rng(5)), report)
    assert report.words > 0
    assert report.differences == 0


def test_c_plus_plus_takes_the_header_between_any_others(everything: Graph, tmp_path: Path) -> None:
    folder = _c_sources(everything, tmp_path)
    others = "cassert cerrno cmath complex csignal cstdio cstdlib cstring pthread.h semaphore.h unistd.h"
    included = "".join(f"#include <{each}>\n" for each in others.split())
    (folder / "host.cpp").write_text(f'{included}#include "kernel.h"\n')
    command = ["g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", str(folder / "host.cpp")]
    subprocess.run(command, check=True, capture_output=True, text=True)


@needs_verilator
@pytest.mark.parametrize("instances", [None, 4], ids=["single", "interleaved"])
def test_lint_of_verilog_has_nothing_to_say(everything: Graph, instances: int | None) -> None:
    files = Verilog(instances=instances).lower(everything)
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
    for word in words()[:: count(6, 1)]:
        graph = prepare(replace(small, name=word))
        files = files_of(graph)
        assert unproved(proofs_of(graph, files)) == [], word
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
    assert unproved(proofs_of(graph, files)) == []
    assert max(len(Path(path).name) for path in files) < 255
    runners = {each.name: each.load(graph, files) for each in (Interpreter(), Verilog())}
    report = new_report(graph, "long names")
    check_batch(graph, runners, sample(universe_of(graph), 2, 3, np.random.default_rng(5)), report)
    assert (report.differences, report.words > 0) == (0, True)
