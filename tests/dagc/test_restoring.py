"""Lifetimes: what a restored snapshot keeps of each state, and that every backend goes on from just that."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest

from compile.backend import Batch, initial_state
from compile.pipeline import prepare
from dag import AnyLane, carry, domain, lane, params, persistent, warm
from dag.files.loading import lanes_in_file
from dag.graphs.json_form import graph_from_json, graph_to_json
from dag.trace import trace
from dag.values.words import words_of_column
from dagc.live.kernel import Kernel, kernel_from_graph
from dagc.live.restoring import Reason, Session, lasting_state, restore_state
from dagc.live.state import WrongSnapshot, pack_state
from lanes.anchor import basis_baseline
from tests.oracle.anchor import basis_baseline as basis_oracle
from tests.support.backends import BACKENDS, backend_or_skip

Finite = Annotated[float, domain(-1e9, 1e9)]
DAY = 86_400.0
BASELINE = persistent(max_age=DAY)


@dataclass(frozen=True)
class Seen:
    last: float
    mean: float
    level: float
    capped: float
    peak: float
    count: int
    warm: bool


@lane
def lasting(x: Finite) -> Seen:
    """A value of every lifetime; some begin with the first bar's value, which takes a latch of the same lifetime."""
    last = carry(initial=x, lifetime="tick")
    mean = carry(initial=x)
    level = carry(initial=x, lifetime=BASELINE, warm_up=2)
    capped = carry(initial=x, lifetime=persistent(max_age=60.0, cold=7.0))
    peak = carry(initial=0.0, lifetime=persistent(60.0, cold=-1.0))
    count = carry(initial=0, lifetime="session")
    was, ready = last, warm(level)
    last = x
    mean = mean + 0.5 * (x - mean)
    level = level + 0.5 * (x - level)
    capped = min(capped, x)
    peak = max(peak, x)
    count = count + 1
    return Seen(was, mean, level, capped, peak, count, ready)


GRAPH = prepare(trace(lasting))
OUTPUTS = {output.name: output.node for output in GRAPH.outputs}
FIRST, NEXT = (8.0, 12.0, 30.0), 50.0
FRESH = {"last": 50.0, "mean": 50.0, "level": 50.0, "capped": 7.0, "peak": 50.0, "count": 1, "warm": False}
GOES_ON = {"last": 30.0, "mean": 35.0, "level": 35.0, "capped": 8.0, "peak": 50.0, "count": 4, "warm": True}

CASES: dict[str, tuple[Session, float | None, set[str]]] = {
    "the next bar": ("unbroken", None, set()),
    "the next bar, late": ("unbroken", 9 * DAY, set()),
    "bars missed": ("same", 60.0, {"last"}),
    "too old for some": ("same", math.nextafter(60.0, 61.0), {"last", "capped"}),
    "another session": ("new", 0.0, {"last", "mean", "count"}),
    "the next day": ("new", DAY, {"last", "mean", "count", "capped"}),
    "too late": ("new", math.nextafter(DAY, DAY + 1), {"last", "mean", "count", "capped", "level", "warm"}),
    "no time": ("new", None, {"last", "mean", "count", "capped", "level", "warm"}),
    "from the future": ("same", -0.5, {"last", "capped", "level", "warm"}),
}


@cache
def kernel_of(each: AnyLane) -> Kernel:
    return kernel_from_graph(prepare(trace(each)))


def taken(at: float | None = None) -> bytes:
    engine = kernel_of(lasting).bind()
    for x in FIRST:
        engine.step(x=x)
    snapshot: bytes = engine.snapshot(at=at)
    return snapshot


@pytest.mark.parametrize("case", CASES)
def test_a_live_engine_keeps_what_lasts(case: str) -> None:
    session, age, anew = CASES[case]
    engine = kernel_of(lasting).bind()
    restored = engine.restore(taken(at=0.0), at=age, session=session)
    stepped = engine.step(x=NEXT)
    wanted = {name: FRESH[name] if name in anew else value for name, value in GOES_ON.items()}
    assert {name: getattr(stepped, name) for name in wanted} == wanted
    assert restored.warn is (case == "from the future")
    assert ("capped" in restored.anew) is ("capped" in anew)
    assert ("mean" in restored.anew) is ("mean" in anew)


def test_a_snapshot_without_time_goes_on_or_is_of_unknown_age() -> None:
    engine = kernel_of(lasting).bind()
    assert engine.restore(taken()).anew == {}
    assert engine.step(x=NEXT).mean == GOES_ON["mean"]
    assert engine.restore(taken(), at=5.0, session="same").anew["level"] is Reason.AGE_UNKNOWN


def test_a_time_without_a_session_is_refused() -> None:
    engine = kernel_of(lasting).bind()
    before = engine.snapshot()
    for snapshot, at in ((taken(at=1.0), None), (taken(at=1.0), 2.0), (taken(), 2.0)):
        with pytest.raises(WrongSnapshot, match='session="same" or "new" with at='):
            engine.restore(snapshot, at=at)
    with pytest.raises(ValueError, match='write "unbroken", "same" or "new"'):
        engine.restore(taken(), session="old")
    with pytest.raises(ValueError, match="finite number"):
        engine.restore(taken(at=1.0), at=math.nan, session="same")
    assert engine.snapshot() == before


def test_the_reasons_are_told() -> None:
    state = initial_state(GRAPH, 1)
    _, restored = lasting_state(GRAPH, state, 61.0, "new")
    assert restored.anew["last"] is Reason.BARS_MISSED
    assert restored.anew["mean"] is restored.anew["started"] is Reason.SESSION_ENDED
    assert restored.anew["peak"] is Reason.TOO_OLD
    assert {name for name in restored.anew if name.startswith("level")} == set()


def test_cold_is_a_value_and_not_a_first_bar() -> None:
    """A cold value that is given is what the state goes on from; without one the next bar is a first bar again."""
    state, _ = lasting_state(GRAPH, initial_state(GRAPH, 1), None, "same")
    held = {state.name: state.cold for state in GRAPH.states}
    assert held["capped"] == 7.0
    assert held["capped.started"] is True
    assert held["level.started"] is False
    assert {name: column.tolist() for name, column in state.items() if name.startswith(("capped", "peak", "level"))} == {
        "capped": [7.0], "capped.started": [True], "peak": [-1.0], "level": [0.0], "level.started": [False], "level.updates": [0],
    }  # fmt: skip


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("case", ["too late", "bars missed"])
def test_every_backend_goes_on_from_what_lasts(name: str, case: str) -> None:
    session, age, anew = CASES[case]
    state, _ = restore_state(GRAPH, taken(at=0.0), 1, age, session)
    backend = backend_or_skip(name)
    result = backend.load(GRAPH, backend.lower(GRAPH)).run(
        Batch({"x": np.array([[NEXT]])}, {}, state, 1, 1), list(OUTPUTS.values())
    )
    for output, node in OUTPUTS.items():
        if output == "status":
            continue
        wanted = FRESH[output] if output in anew else GOES_ON[output]
        column = np.array([[wanted]]).astype(result.nodes[node].dtype)
        assert words_of_column(result.nodes[node], GRAPH.types[node]) == words_of_column(column, GRAPH.types[node]), (
            output
        )


def test_a_table_of_instances_ages_as_one() -> None:
    table = kernel_of(scaled).bind({"gain": [1.0, 2.0]})
    table.step(x=3.0)
    saved = table.snapshot(at=10.0)
    assert table.restore(saved, at=11.0, session="new").anew == {}
    assert table.step(x=0.0).scaled.tolist() == [3.0, 6.0]
    assert list(table.restore(saved, at=11.5, session="new").anew) == ["total"]
    assert table.step(x=0.0).scaled.tolist() == [0.5, 0.5]


@params
class Gain:
    gain: float = 1.0


@lane
def scaled(x: Finite, p: Gain) -> float:
    total = carry(initial=0.0, lifetime=persistent(max_age=1.0, cold=0.5))
    total = total + p.gain * x
    return total


@pytest.mark.parametrize(
    ("age", "is_warm"), [(0.0, True), (86_400.0, True), (86_400.5, False), (-1.0, False), (None, False)]
)
def test_the_baseline_of_the_anchor_lasts_a_day(age: float | None, is_warm: bool) -> None:
    """The catalogue's rule of a stored baseline: warm up to a day inclusive, cold when older, of unknown age or of the future."""
    kernel = kernel_of(basis_baseline)
    engine = kernel.bind()
    for _ in range(171):
        engine.step(basis=11.4)
    saved = engine.snapshot(at=0.0)
    engine = kernel.bind()
    restored = engine.restore(saved, at=age, session="new")
    stepped = engine.step(basis=2.0)
    after = basis_oracle((11.4, 171, True) if is_warm else (0.0, 0, False), 2.0)
    assert (stepped.baseline, stepped.count) == (after[1], after[0][1])
    assert restored.warn is (age == -1.0)


def value_with(text: str) -> str:
    return f"from dag import AnyLane, carry, lane, persistent\n\n@lane\ndef value(x: float) -> float:\n    y = carry(initial=0.0{text})\n    y = y + x\n    return y\n"


def test_a_lifetime_is_part_of_the_graph(tmp_path: Path) -> None:
    """Another lifetime is another graph, though it computes the same: its snapshots are not to be mixed up."""
    hashes: dict[str, str] = {}
    said = ("", ', lifetime="session"', ', lifetime="tick"', ", lifetime=persistent(1.0)", ", lifetime=persistent(1.5)",
            ", lifetime=persistent(1.0, cold=0.0)", ", lifetime=persistent(1.0, cold=-0.0)", ", warm_up=0", ", warm_up=1")  # fmt: skip
    for index, text in enumerate(said):
        path = tmp_path / f"value_{index}.py"
        path.write_text(value_with(text))
        graph = trace(lanes_in_file(str(path))["value"])
        hashes[text] = graph.content_hash
        assert graph_from_json(graph_to_json(graph)).states == graph.states
    same = [{said[0], said[1]}, {said[3], said[5]}]
    for a, b in itertools.combinations(said, 2):
        assert (hashes[a] == hashes[b]) is any({a, b} <= group for group in same), (a, b)
    with pytest.raises(WrongSnapshot, match="is of graph"):
        restore_state(GRAPH, pack_state(trace(scaled), {"total": np.zeros(1)}, 1), 1, None, None)
