"""Finding a compiler, compiling once, and texts that strict compilers, C++ hosts and synthesis tools accept."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from compile.backend import Missing
from compile.c import compiler as compiler_module
from compile.c.backend import C, CompilerMissing
from compile.c.compiler import Compiler, CompilerFailed, find_compiler
from compile.c.library import Library
from compile.c.runner import Entry
from compile.c.target import CPU, GENERIC, TARGETS, WrongTarget, host_target, runs_here, target_flags
from compile.cache import cache_folder
from compile.campaign.drawing.random_graph import random_graph
from compile.campaign.drawing.sample import sample, universe_of
from compile.interpreter.backend import Interpreter
from compile.tool_processes import run_tool
from dag.values.words import words_of_column
from tests.support.live_graph import live_graph


def real_compiler() -> Compiler:
    found = find_compiler()
    assert isinstance(found, Compiler)
    return found


@pytest.fixture
def files() -> dict[str, bytes]:
    return C().lower(live_graph())


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_the_users_choice_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "gcc -pipe")
    found = find_compiler()
    assert isinstance(found, Compiler)
    assert found.command == ("gcc", "-pipe")
    assert found.version


def test_no_compiler_is_a_missing_tool_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    missing = C().missing()
    assert isinstance(missing, Missing)
    assert missing.tool == "a C compiler (no-such-compiler)"
    assert "apt-get install gcc" in missing.fix
    with pytest.raises(CompilerMissing, match="apt-get install gcc"):
        C().load(live_graph(), files)


def test_a_text_that_does_not_compile_is_reported_in_the_compilers_words(files: dict[str, bytes]) -> None:
    files["kernel.c"] = files["kernel.c"].replace(b"distance", b"distance distance", 1)
    with pytest.raises(CompilerFailed, match=r"kernel\.c:\d+:\d+: error"):
        C().load(live_graph(), files)


def test_the_same_text_is_compiled_once_and_gives_the_same_bytes(
    files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = C().shared_object(files)
    runs: list[object] = []
    monkeypatch.setattr(compiler_module, "run_tool", lambda *given: runs.append(given) or run_tool(*given))  # type: ignore[func-returns-value]
    assert C().shared_object(files) == first
    assert not runs
    (stored,) = cache_folder().iterdir()
    stored.unlink()
    assert C().shared_object(files) == first, "two compilations give the same library"
    assert len(runs) == 4, "three sources and the link"


@pytest.mark.parametrize("damage", [b"", b"x" * 5000], ids=["empty", "other"])
def test_a_damaged_cache_entry_is_compiled_again(files: dict[str, bytes], damage: bytes) -> None:
    first = C().shared_object(files)
    (stored,) = cache_folder().iterdir()
    stored.write_bytes(damage)
    assert C().shared_object(files) == first


def test_a_cache_that_cannot_be_written_is_no_error(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert C().shared_object(files)


def test_flags_of_each_cpu_level() -> None:
    assert runs_here(host_target())
    assert not runs_here("x86-64-v9")
    assert target_flags(GENERIC) == ()
    assert target_flags("x86-64-v3") == ("-march=x86-64-v3",)


@pytest.mark.parametrize("level", [each for each in TARGETS if runs_here(each)])
def test_a_library_for_a_lower_cpu_level_gives_the_same_words(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_graph(3, 60)
    rows = sample(universe_of(graph), 40, 19, np.random.default_rng(3))
    nodes = list(range(len(graph.ops)))
    expected = Interpreter().load(graph, Interpreter().lower(graph)).run(rows, nodes).nodes
    monkeypatch.setenv(CPU, level)
    texts = C().lower(graph)
    assert Library(C().shared_object(texts)).target == level
    for entry in (Entry.ROW, Entry.BATCH):
        found = C(entry).load(graph, texts).run(rows, nodes).nodes
        for node in nodes:
            type_ = graph.types[node]
            assert np.array_equal(words_of_column(found[node], type_), words_of_column(expected[node], type_)), node


def test_a_cpu_level_that_this_machine_lacks_is_refused(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]
) -> None:
    monkeypatch.setenv(CPU, "x86-64-v9")
    with pytest.raises(WrongTarget, match="`x86-64-v9`: this machine runs, and can check, "):
        C().shared_object(files)


def test_a_large_file_is_compiled_in_less_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    texts = C().lower(random_graph(0, 90))
    smallest, *_ = sorted(len(texts[name]) for name in compiler_module.SOURCES)
    monkeypatch.setattr(compiler_module, "LARGE", smallest)
    run: list[tuple[str, ...]] = []
    healthy = compiler_module._run

    def recorded(command: tuple[str, ...], folder: str) -> None:
        run.append(command)
        healthy(command, folder)

    monkeypatch.setattr(compiler_module, "_run", recorded)
    compiler_module.compile_shared(texts, host_target(), real_compiler())
    levels = {command[command.index("-c") + 1]: "-O1" in command for command in run if "-c" in command}
    always = compiler_module.SPELT_OUT
    assert levels == {name: name in always or len(texts[name]) > smallest for name in compiler_module.SOURCES}


@pytest.mark.parametrize("level", ["-O0", "-O2"])
@pytest.mark.parametrize("graph", ["live", "random"])
def test_the_texts_compile_without_a_warning(graph: str, level: str, tmp_path: Path) -> None:
    texts = C().lower(live_graph() if graph == "live" else random_graph(0, 90))
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-Wno-psabi", level, "-c"]
    # A random graph may well ask whether x < x.
    permitted = ["-Wno-tautological-compare"] if graph == "random" else []
    command = [*real_compiler().command, *strict, *permitted, *target_flags(host_target())]
    for source in ("kernel.c", "batch.c", "entry.c"):
        done = subprocess.run(
            [*command, source, "-o", "out.o"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_row_compiles_for_synthesis_and_the_header_in_cpp(tmp_path: Path) -> None:
    for name, text in C().lower(live_graph()).items():
        (tmp_path / name).write_bytes(text)
    (tmp_path / "host.cc").write_text('#include "kernel.h"\nint main() { return (int)sizeof(quoter_inputs) - 24; }\n')
    hls = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-DDAGC_HLS", "-c", "kernel.c"]
    for command in (hls, ["-x", "c++", "-Wall", "-Wextra", "-Werror", "-c", "host.cc"]):
        done = subprocess.run(
            [*real_compiler().command, *command, "-o", "out.o"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_fast_math_is_refused_by_the_text_itself(tmp_path: Path) -> None:
    for name, text in C().lower(live_graph()).items():
        (tmp_path / name).write_bytes(text)
    command = [*real_compiler().command, "-ffast-math", "-c", "kernel.c", "-o", "out.o"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "no -ffast-math" in done.stderr
