"""Replays: the same words, digests and bytes in every backend, in chunks of any size, stopped anywhere or never."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from compile.backend import Runner
from dag.values.types import Value
from dag.values.words import words_of_column
from dagc.binding.parameters import bound_values
from dagc.data.problem import DataProblem
from dagc.replay.dataset import PART_BARS
from dagc.replay.run import ReplayOptions, ReplayResult, replay
from tests.support.backends import backend_or_skip
from tests.support.carrying_graph import carrying_batch, carrying_graph
from tests.support.live_graph import live_graph
from tests.support.replays import bars_file, quotes
from tests.support.tiers import count

CARRYING, BARS = carrying_graph(), 300
LIVE = live_graph()
LIVE_PARAMS = bound_values(LIVE, {"size.floor": -2.5})


def runner(graph: object, name: str = "c") -> Runner:
    backend = backend_or_skip(name)
    loaded: Runner = backend.load(graph, backend.lower(graph))  # type: ignore[arg-type]
    return loaded


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def special_bars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bars_file(carrying_batch(BARS), tmp_path_factory.mktemp("bars") / "special.parquet")


@pytest.fixture(scope="module")
def by_interpreter(
    special_bars: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ReplayResult, dict[str, bytes]]:
    out = tmp_path_factory.mktemp("interpreter") / "out"
    options = ReplayOptions(special_bars, bound_values(CARRYING), ("all",), True, out)
    return replay(CARRYING, runner(CARRYING, "interpreter"), options), files_of(out)


@pytest.mark.parametrize("name", ["c", "c_batch", "xla"])
def test_every_backend_gives_the_same_digests_and_the_same_bytes(
    name: str, special_bars: Path, by_interpreter: tuple[ReplayResult, dict[str, bytes]], tmp_path: Path
) -> None:
    options = ReplayOptions(special_bars, bound_values(CARRYING), ("all",), True, tmp_path / "out")
    found = replay(CARRYING, runner(CARRYING, name), options)
    expected, files = by_interpreter
    assert (found.outputs, found.lanes) == (expected.outputs, expected.lanes)
    assert files_of(tmp_path / "out") == files


def test_what_is_written_is_what_the_interpreter_computes(
    special_bars: Path, by_interpreter: tuple[ReplayResult, dict[str, bytes]], tmp_path: Path
) -> None:
    """The columns against one run over the whole batch, which knows nothing of files or chunks."""
    for name, data in by_interpreter[1].items():
        (tmp_path / name).write_bytes(data)
    table = parquet.read_table(tmp_path)
    batch = carrying_batch(BARS)
    named = {output.name: output.node for output in CARRYING.outputs} | {t.name: t.node for t in CARRYING.taps}
    assert set(table.column_names) == set(named)
    result = runner(CARRYING, "interpreter").run(batch, list(named.values()))
    for name, node in named.items():
        type_ = CARRYING.types[node]
        column = words_of_column(table.column(name).to_numpy(), type_)
        np.testing.assert_array_equal(column, words_of_column(result.nodes[node][:, 0], type_), name)
    assert str(table.schema.field("new_narrow").type) == "float"
    assert str(table.schema.field("new_short").type) == "int32"
    assert table.schema.field("new_facing").metadata[b"dagc.members"] == b"SELL=-1, BUY=1"


@pytest.mark.parametrize("values", [1, 40, 1000])
def test_chunks_change_nothing(
    values: int, special_bars: Path, by_interpreter: tuple[ReplayResult, dict[str, bytes]]
) -> None:
    options = ReplayOptions(special_bars, bound_values(CARRYING), (), True)
    found = replay(CARRYING, runner(CARRYING), options, chunk_values=values)
    assert (found.outputs, found.lanes) == (by_interpreter[0].outputs, by_interpreter[0].lanes)


def test_one_bit_of_one_bar_is_another_digest(tmp_path: Path, special_bars: Path) -> None:
    batch = carrying_batch(BARS)
    batch.inputs["x"].view(np.uint64)[BARS // 2, 0] ^= np.uint64(1)
    other = bars_file(batch, tmp_path / "other.parquet")
    found = [
        replay(CARRYING, runner(CARRYING), ReplayOptions(path, bound_values(CARRYING))).outputs
        for path in (special_bars, other)
    ]
    assert found[0] != found[1]


def test_rejected_bars_are_counted_and_the_status_is_written(tmp_path: Path) -> None:
    data = quotes(10_000, tmp_path / "quotes.parquet")
    found = replay(LIVE, runner(LIVE), ReplayOptions(data, LIVE_PARAMS, ("distance",), False, tmp_path / "out"))
    table = parquet.read_table(tmp_path / "out")
    assert table.column_names == ["size", "up", "facing", "status", "distance"]
    bad = int(np.isnan(parquet.read_table(data).column("price").to_numpy()).sum())
    assert found.rejected == bad > 0
    assert int((table.column("status").to_numpy() != 0).sum()) == bad


def test_parameters_of_narrow_types_reach_the_kernel(special_bars: Path) -> None:
    def outputs(params: dict[str, Value]) -> str:
        return replay(CARRYING, runner(CARRYING), ReplayOptions(special_bars, bound_values(CARRYING, params))).outputs

    assert len({outputs({}), outputs({"slow": 0.5}), outputs({"jump": -8})}) == 3


def test_an_unknown_tap_and_a_file_without_bars(tmp_path: Path) -> None:
    empty = quotes(0, tmp_path / "quotes.parquet")
    with pytest.raises(DataProblem, match="no value is called `distanse`; did you mean `distance`"):
        replay(LIVE, runner(LIVE), ReplayOptions(empty, LIVE_PARAMS, ("distanse",)))
    with pytest.raises(DataProblem, match="holds no bars"):
        replay(LIVE, runner(LIVE), ReplayOptions(empty, LIVE_PARAMS))


#: Dies at the k-th of all calls that make something durable, for every k (in `make test` every fourth), goes on, and is compared with
#: a run that never died.
_TORTURE = """
import os, signal, sys
from pathlib import Path
from compile.c.backend import C
from dagc.binding.parameters import bound_values
from dagc.replay.run import ReplayOptions, replay
from tests.support.live_graph import live_graph

graph, c, folder, stride = live_graph(), C(), Path(sys.argv[1]), int(sys.argv[2])
runner = c.load(graph, c.lower(graph))

def run(out, die_at=None):
    # In a process of its own; the exit status says whether it died.
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    calls = 0
    def counted(real):
        def call(*arguments):
            nonlocal calls
            calls += 1
            if calls == die_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)
        return call
    os.fsync, Path.replace = counted(os.fsync), counted(Path.replace)
    options = ReplayOptions(folder / "quotes.parquet", bound_values(graph, {"size.floor": -2.5}), ("distance",), True, folder / out)
    found = replay(graph, runner, options)
    (folder / (out + ".txt")).write_text(found.outputs + found.lanes[0].digest)
    os._exit(0)

def bytes_of(out):
    return (folder / (out + ".txt")).read_text(), {p.name: p.read_bytes() for p in sorted((folder / out).iterdir())}

assert run("whole") == 0
whole, deaths, dying = bytes_of("whole"), 0, True
while dying:
    out = "cut" + str(deaths)
    dying = run(out, deaths * stride + 1) == signal.SIGKILL
    if dying:
        deaths += 1
        if deaths % 3 == 0:
            run(out, 2)
        assert run(out) == 0
    assert bytes_of(out) == whole, out
print(deaths)
"""


def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    quotes(PART_BARS + 999, tmp_path / "quotes.parquet")
    stride = count(4, 1)
    done = subprocess.run(
        [sys.executable, "-c", _TORTURE, str(tmp_path), str(stride)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    moments = 3 + 2 * (3 + 3)
    assert int(done.stdout) == -(-moments // stride), "each checkpoint and each part: two flushes and a rename"


_PEAK = """
import sys
from pathlib import Path
from compile.c.backend import C
from dagc.binding.parameters import bound_values
from dagc.replay.run import ReplayOptions, replay
from tests.support.live_graph import live_graph

graph, c = live_graph(), C()
options = ReplayOptions(Path(sys.argv[1]), bound_values(graph, {"size.floor": -2.5}), ("all",), True, Path(sys.argv[2]))
replay(graph, c.load(graph, c.lower(graph)), options)
# The peak of this program alone: what getrusage says began with the process that started it.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_memory_does_not_grow_with_the_bars(tmp_path: Path) -> None:
    def peak(bars: int) -> int:
        data = quotes(bars, tmp_path / f"{bars}.parquet")
        arguments = [sys.executable, "-c", _PEAK, str(data), str(tmp_path / f"out{bars}")]
        return int(subprocess.run(arguments, capture_output=True, text=True, timeout=600, check=True).stdout)

    few, many = peak(3 * PART_BARS), peak(16 * PART_BARS)
    # Allocators differ by some MiB from run to run; thirteen parts kept would be at least four times as much.
    assert many - few < 24 << 10, f"{few:,} KiB for 3 parts, {many:,} KiB for 16"
