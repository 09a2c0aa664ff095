"""Several kernels in one program: their headers compile together, in C and C++, and their typed functions link."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from compile.c.backend import C
from compile.c.compiler import FLAGS, Compiler, find_compiler
from dag.graphs.graph import Graph
from tests.compile.c.test_examination import counting
from tests.support.live_graph import live_graph

PROGRAM = """\
#include "counting/kernel.h"
#include "quoter/kernel.h"
#include "counting/kernel.h"

#include <stdio.h>

int main(void)
{
    counting_inputs in = {0};
    counting_params bound = {0};
    counting_state state;
    counting_outputs out;
    quoter_state other;
    dagc_column column = {0, 0, 0};
    counting_init(&state);
    quoter_init(&other);
    in.x = 3.0;
    bound.gain = 0.5;
    int64_t status = counting_step(&in, &bound, &state, &out);
    printf("%d %g %g %d", (int)status, out.moved, *(const double *)(const void *)&other, DAGC_ABI_VERSION + (column.words != 0));
    printf(" %d\\n", (int)(counting_batch_lanes() == quoter_batch_lanes()));
    return 0;
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    graphs: list[Graph] = [counting(), live_graph()]
    for graph in graphs:
        (folder / graph.name).mkdir()
        for name, data in C().lower(graph).items():
            (folder / graph.name / name).write_bytes(data)
    (folder / "host.c").write_text(PROGRAM)
    (folder / "host.cc").write_text(PROGRAM)
    return folder


def compiled(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    compiler = find_compiler()
    assert isinstance(compiler, Compiler)
    return subprocess.run([*compiler.command, *arguments], cwd=folder, capture_output=True, text=True, check=False)


KERNELS = [f"{kernel}/{source}" for kernel in ("counting", "quoter") for source in ("kernel.c", "batch.c")]


@pytest.mark.parametrize("entries", [[], ["quoter/entry.c"]], ids=["typed functions", "the entries of one of them"])
def test_two_kernels_link_into_one_program(entries: list[str], folder: Path) -> None:
    done = compiled(folder, *FLAGS, "-Wall", "-Wextra", "-Werror", "host.c", *KERNELS, *entries, "-o", "host")
    assert done.returncode == 0, done.stderr
    said = subprocess.run([folder / "host"], capture_output=True, text=True, check=True).stdout
    assert said == "0 1.125 100 1 1\n"


def test_the_entries_of_two_kernels_do_not_silently_become_those_of_one(folder: Path) -> None:
    done = compiled(folder, *FLAGS, "host.c", *KERNELS, "quoter/entry.c", "counting/entry.c", "-o", "host")
    assert done.returncode != 0
    assert re.search("multiple definition of .dagc_step|duplicate symbol", done.stderr)


@pytest.mark.skipif(shutil.which("g++") is None, reason="missing: g++")
def test_two_headers_compile_in_one_program_of_cpp(folder: Path) -> None:
    for name in KERNELS:
        assert compiled(folder, *FLAGS, "-c", name, "-o", f"{name}.o").returncode == 0
    command = ["g++", "-std=c++11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wno-missing-field-initializers"]
    command += ["host.cc", *(f"{name}.o" for name in KERNELS), "-o", "hostcc"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert subprocess.run([folder / "hostcc"], capture_output=True, text=True, check=True).stdout == "0 1.125 100 1 1\n"


def test_headers_of_two_interfaces_are_refused_by_name(folder: Path) -> None:
    text = (folder / "quoter" / "kernel.h").read_text().replace("DAGC_ABI_VERSION != 1", "DAGC_ABI_VERSION != 2")
    text = text.replace("#define DAGC_ABI_VERSION 1", "#define DAGC_ABI_VERSION 2")
    (folder / "newer.h").write_text(text)
    (folder / "mixed.c").write_text('#include "counting/kernel.h"\n#include "newer.h"\n')
    done = compiled(folder, "-c", "mixed.c")
    assert done.returncode != 0
    assert "build both with one version of dagc" in done.stderr
