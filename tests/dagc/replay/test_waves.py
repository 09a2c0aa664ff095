"""`dagc replay --vcd`: every value of every bar can be read back from the waveforms, to the last bit."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compile.c.backend import C
from dagc.binding.parameters import bound_values
from dagc.replay import run as replays
from dagc.replay.columns import columns_of
from dagc.replay.run import ReplayOptions, replay
from dagc.replay.waves import Waves
from tests.support.command_line import dagc
from tests.support.live_graph import live_graph
from tests.support.replays import bundle_of, quotes

pytest.importorskip("vcd", reason="pyvcd is not installed: pip install 'dagc-compiler[vcd]'")
SETTING = "size.floor=-2.5"


def columns_in(text: str, bars: int) -> dict[str, list[str]]:
    """The values of a VCD file by scope and name, bar by bar, as they are written: a reader of its own."""
    names: dict[str, str] = {}
    scope: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        words = line.split()
        if words[:1] == ["$scope"]:
            scope.append(words[2])
        elif words[:1] == ["$upscope"]:
            scope.pop()
        elif words[:1] == ["$var"]:
            names[words[3]] = ".".join([*scope, words[4]])
        elif words[:1] == ["$enddefinitions"]:
            break
    values: dict[str, str] = {}
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    bar = 0

    def fill(until: int) -> None:
        for each in names:
            found[names[each]] += [values.get(each, "")] * (until - len(found[names[each]]))

    for line in lines:
        if line.startswith("#"):
            bar = int(line[1:])
            fill(bar)
        elif line[:1] in "rbs" and " " in line:
            value, which = line[1:].split(" ")
            values[which] = value
        elif line[:1] in "01x":
            values[line[1:]] = line[0]
    fill(bars)
    return found


@pytest.mark.parametrize("chunk", [64, 1 << 20])
def test_every_word_is_in_the_waveforms(chunk: int, tmp_path: Path) -> None:
    graph, c = live_graph(), C()
    data = quotes(700, tmp_path / "bars.parquet")
    columns = columns_of(graph, ("all",))
    file = tmp_path / "run.vcd"
    with file.open("w") as out:
        waves = Waves(graph, columns, out)
        params = bound_values(graph, {"size.floor": -2.5})
        words: dict[int, list[Any]] = {node: [] for node in waves.nodes}

        def watch(found: Any, first: int) -> None:
            waves.update(found, first)
            for node, column in words.items():
                column += found[node].tolist()

        replay(
            graph,
            c.load(graph, c.lower(graph)),
            ReplayOptions(data, params, watched=waves.nodes),
            chunk_values=chunk,
            watch=watch,
        )
        waves.close()
    text = file.read_text()
    assert text.rstrip().endswith("#700")
    found = columns_in(text, 700)
    named = {**{f"inputs.{port.name}": port.node for port in graph.inputs}, **columns}
    assert {name.removeprefix(f"{graph.name}.") for name in found} == set(named)
    for name, node in named.items():
        type_, column = graph.types[node], found[f"{graph.name}.{name}"]
        for bar, (written, word) in enumerate(zip(column, words[node], strict=True)):
            if type_.is_float:
                number = struct.unpack("<d", struct.pack("<Q", word))[0]
                same = written == "nan" if number != number else float(written).hex() == number.hex()
                assert same, (name, bar, written, number)
            elif type_.members is not None:
                assert written == next(
                    (m for m, code in type_.members.codes if code == np.int64(np.uint64(word))), written
                )
            else:
                assert int(written, 2) & (1 << 64) - 1 == word or int(written, 2) == word & (1 << len(written)) - 1


def test_the_command_writes_a_file_and_refuses_a_folder_beside_it(tmp_path: Path) -> None:
    bundle_of(live_graph(), tmp_path / "bundle", "c")
    quotes(50, tmp_path / "bars.parquet")
    given = ("replay", "bundle", "--data", "bars.parquet", "--param", SETTING, "--vcd", "out/run.vcd")
    said = dagc(*given, "--taps", "all", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert "wrote out/run.vcd" in said.stderr
    assert (tmp_path / "out" / "run.vcd").read_text().startswith("$comment")
    again = dagc(*given, "--taps", "all", cwd=tmp_path)
    assert again.returncode == 0
    refused = dagc(*given, "-o", "folder", cwd=tmp_path)
    assert (refused.returncode, "replay twice" in refused.stderr) == (2, True)
    assert replays.CHUNK_VALUES
