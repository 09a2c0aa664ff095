"""Snapshots: whichever backend took one, at whichever bar, every backend goes on from it as if it had never stopped."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence

import numpy as np
import pytest

from compile.backend import Batch, Runner, initial_state
from compile.check.run import bars_of
from dag.graphs.graph import Graph
from dag.values.words import Words, column_dtype, words_of_column
from dagc.live.kernel import kernel_from_graph
from dagc.live.state import WrongSnapshot, pack_state, unpack_state, unpack_state_and_time
from tests.support.backends import backend_or_skip
from tests.support.carrying_graph import carrying_batch, carrying_graph

BARS = 50
GRAPH = carrying_graph()
BATCH = carrying_batch(BARS)
SHOWN = [output.node for output in GRAPH.outputs]


def runner(name: str) -> Runner:
    backend = backend_or_skip(name)
    loaded: Runner = backend.load(GRAPH, backend.lower(GRAPH))
    return loaded


def part(start: int, stop: int, snapshot: bytes | None) -> Batch:
    """Some bars of BATCH, from a snapshot on."""
    return bars_of(BATCH, start, stop, None if snapshot is None else unpack_state(GRAPH, snapshot, 1))


def words(loaded: Runner, batch: Batch) -> tuple[dict[int, Words], bytes]:
    """What the outputs were, as words [bars, 1], and a snapshot of what was carried in the end."""
    result = loaded.run(batch, SHOWN)
    shown = {node: words_of_column(result.nodes[node], GRAPH.types[node]) for node in SHOWN}
    return shown, pack_state(GRAPH, result.state, batch.instances)


@pytest.fixture(scope="module")
def never_stopped() -> tuple[dict[int, Words], list[bytes]]:
    """The whole run in the interpreter, and the snapshot before every bar and after the last, each taken from a run that
    began at bar 0."""
    interpreter = runner("interpreter")
    whole, _ = words(interpreter, BATCH)
    before = pack_state(GRAPH, initial_state(GRAPH, 1), 1)
    return whole, [before, *(words(interpreter, part(0, cut, None))[1] for cut in range(1, BARS + 1))]


EVERY = range(BARS)


@pytest.mark.parametrize(
    ("name", "steps", "cuts"),
    [
        ("interpreter", EVERY, EVERY),
        ("c", EVERY, EVERY),
        ("c_batch", EVERY, EVERY),
        ("xla", EVERY, (1, 2, 19, 35, 49)),  # each length is a compilation
        ("rtl", (0, 1, 22, BARS - 1), (1, 23)),
        ("rtl_interleaved", (0, 1, 22, BARS - 1), (1, 23)),
    ],
)
def test_a_snapshot_of_any_backend_continues_in_any_other(
    name: str, steps: Sequence[int], cuts: Sequence[int], never_stopped: tuple[dict[int, Words], list[bytes]]
) -> None:
    """From the same bytes every backend makes the same words and the same next bytes: so any may take over from any.

    `steps` are bars computed alone, from a snapshot to a snapshot; `cuts` are bars from which the rest is run in one go.
    """
    loaded = runner(name)
    whole, snapshots = never_stopped
    for start, stop in [(0, BARS), *((bar, bar + 1) for bar in steps), *((cut, BARS) for cut in cuts)]:
        seen, taken = words(loaded, part(start, stop, snapshots[start] if start else None))
        assert taken == snapshots[stop], f"{name}, bars {start} to {stop}"
        for node, column in seen.items():
            where = f"{name}, {GRAPH.names[node]}, bars {start} to {stop}"
            np.testing.assert_array_equal(column, whole[node][start:stop], where)


def test_the_run_carries_what_is_hard_to_carry(never_stopped: tuple[dict[int, Words], list[bytes]]) -> None:
    """The bars above are worth running: the state has been NaN, infinite, -0, and subnormal in both formats."""
    carried = [unpack_state(GRAPH, snapshot, 1) for snapshot in never_stopped[1]]
    last = [float(state["last"][0]) for state in carried]
    assert any(math.isnan(x) for x in last)
    assert any(math.isinf(x) for x in last)
    assert any(x == 0.0 and math.copysign(1.0, x) < 0.0 for x in last)
    assert any(0.0 < abs(x) < 2.0**-1022 for x in last)
    assert any(0.0 < abs(float(state["narrow"][0])) < 2.0**-126 for state in carried)
    assert {bool(state["rising"][0]) for state in carried} == {True, False}
    assert {int(state["facing"][0]) for state in carried} == {-1, 1}
    assert len({int(state["short"][0]) for state in carried}) > BARS // 2


def test_a_live_engine_and_a_table_take_the_same_bytes(never_stopped: tuple[dict[int, Words], list[bytes]]) -> None:
    whole, snapshots = never_stopped
    kernel = kernel_from_graph(GRAPH)
    engine, table = kernel.bind(), kernel.bind({"pace": [0.5]})
    for bar in range(BARS):
        assert engine.snapshot() == table.snapshot() == snapshots[bar]
        engine.restore(snapshots[bar])
        table.restore(snapshots[bar])
        given = {name: column[bar, 0] for name, column in BATCH.inputs.items()}
        stepped = engine.step(given)
        table.step(given)
        for value, output in zip(stepped, GRAPH.outputs, strict=True):
            word = words_of_column(np.array([value]).astype(_dtype(GRAPH, output.node)), GRAPH.types[output.node])
            assert word[0] == whole[output.node][bar, 0]
    engine.reset()
    columns = {name: column[:, 0] for name, column in BATCH.inputs.items()}
    engine.run(columns)
    assert engine.snapshot() == snapshots[BARS]


def test_every_nan_is_the_one_in_the_bytes() -> None:
    states = {state.name: np.zeros(2, _dtype(GRAPH, state.node)) for state in GRAPH.states}
    states["last"] = np.array([0x7FF8_0000_0000_0000, 0xFFF0_0000_0000_0001], np.uint64).view(np.float64)
    states["narrow"] = np.array([0x7FC0_0000, 0xFF80_0001], np.uint32).view(np.float32)
    same = {**states, "last": np.array([math.nan] * 2), "narrow": np.array([math.nan] * 2, np.float32)}
    assert pack_state(GRAPH, states, 2) == pack_state(GRAPH, same, 2)


def test_the_layout_is_as_it_is_described() -> None:
    """Bytes written down by hand, so that a change of the layout is a change of its version."""
    states = {state.name: np.zeros(1, _dtype(GRAPH, state.node)) for state in GRAPH.states}
    states |= {"last": np.array([-0.0]), "narrow": np.array([1.0], np.float32), "short": np.array([-2], np.int32)}
    states |= {"count": np.array([258]), "rising": np.array([True]), "facing": np.array([-1])}
    by_name = {
        "count": "0201000000000000", "facing": "ffffffffffffffff", "last": "0000000000000080", "mean": "00" * 8,
        "narrow": "0000803f00000000", "rising": "0100000000000000", "short": "feffffffffffffff",
    }  # fmt: skip
    body = b"dagcstat" + bytes.fromhex(
        "03000000" + "07000000" + "0100000000000000" + "000000000000f87f" + GRAPH.content_hash
    )
    body += bytes.fromhex("".join(by_name.values()))
    assert pack_state(GRAPH, states, 1) == body + hashlib.sha256(body).digest()
    timed = body[:24] + struct.pack("<d", -86400.5) + body[32:]
    assert pack_state(GRAPH, states, 1, at=-86400.5) == timed + hashlib.sha256(timed).digest()
    assert unpack_state_and_time(GRAPH, timed + hashlib.sha256(timed).digest(), 1)[1] == -86400.5
    for never in (math.nan, math.inf):
        with pytest.raises(ValueError, match="finite number"):
            pack_state(GRAPH, states, 1, at=never)


def test_what_is_no_snapshot_of_this_graph_is_refused() -> None:
    taken = pack_state(GRAPH, initial_state(GRAPH, 1), 1)
    for bad in (b"", taken[:-1], taken + b"\0", taken[:70] + b"\x55" + taken[71:], b"\0" * 400, b"dagcstat"):
        with pytest.raises(WrongSnapshot, match="not a whole snapshot"):
            unpack_state(GRAPH, bad, 1)
    with pytest.raises(WrongSnapshot, match="holds 1 instance, this binding has 2"):
        unpack_state(GRAPH, taken, 2)
    other = carrying_graph("carrying_other")
    with pytest.raises(WrongSnapshot) as caught:
        unpack_state(other, taken, 1)
    assert GRAPH.content_hash[:12] in str(caught.value)
    assert other.content_hash[:12] in str(caught.value)
    before_times = (
        b"dagcstat" + struct.pack("<IIQ", 2, 0, 1) + bytes.fromhex(GRAPH.content_hash)
    )  # with no state: shorter
    for version, older in ((1, taken[:8] + b"\x01" + taken[9:-32]), (2, before_times)):
        with pytest.raises(WrongSnapshot, match=f"layout version {version}, this dagc reads version 3"):
            unpack_state(GRAPH, older + hashlib.sha256(older).digest(), 1)


def _dtype(graph: Graph, node: int) -> np.dtype[np.generic]:
    return column_dtype(graph.types[node])
