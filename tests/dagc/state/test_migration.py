"""State that survives a new version: what means the same goes on with the words that it would have had all along."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest

import dagc
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dagc.live.instance import Instance
from dagc.live.kernel import Kernel
from dagc.live.state import WrongSnapshot
from dagc.state.migration import migrate
from dagc.state.plan import Plan, Verdict, plan
from tests.support.command_line import dagc as run_dagc

LANE = """\
from enum import Enum
from typing import Annotated
from dagc import carry, domain, lane, params, persistent, sum_seq, unit, window

Price = Annotated[float, unit("px"), domain(0.01, 1e6)]

class Mode(Enum):
    CALM = 0
    WILD = 1

@params
class Speeds:
    fast: Annotated[float, domain(0.0, 1.0)] = 0.5
    slow: Annotated[float, domain(0.0, 1.0)] = 0.125

@lane
def smooth(x: Price, speed: float) -> Annotated[float, unit("px")]:
    level = carry(initial=x)
    level = level + speed * (x - level)
    return level

@lane
def strategy(close: Price, p: Speeds) -> tuple[float, int, Mode]:
    quick = smooth(close, p.fast)
    calm = smooth(close, p.slow)
    seen = carry(initial=0)
    seen = (seen + 1) & 1023
    mode = carry(initial=Mode.CALM)
    mode = Mode.WILD if quick > 1.01 * calm else Mode.CALM
    past = window(close, 5)
    total = sum_seq(past, 0.0)
    worst = carry(initial=0.0)
    worst = min(worst, quick / calm - 1.0) if calm > 0.0 else worst
    return total / close + worst, seen, mode
"""

#: An edit of the text, and what it makes of states: name in the new version -> verdict, all others kept.
EDITS: dict[str, tuple[dict[str, str], dict[str, Verdict]]] = {
    "nothing": ({}, {}),
    "a local is renamed": ({"worst": "deepest"}, {}),
    "a lane and its calls are renamed": ({"smooth": "averaged"}, {}),
    "a call is renamed": ({"quick": "nimble"}, {}),
    "the root lane is renamed": ({"def strategy": "def plan"}, {}),
    "a default": ({"= 0.125": "= 0.25"}, {}),
    "a domain": ({"domain(0.01, 1e6)": "domain(0.01, 1e5)"}, {}),
    "a constant that no state is made of": ({"total / close": "2.0 * total / close"}, {}),
    "statements in another order": (
        {
            "    seen = carry(initial=0)\n    seen = (seen + 1) & 1023\n": "",
            "    past = window": "    seen = carry(initial=0)\n    seen = (seen + 1) & 1023\n    past = window",
        },
        {},
    ),
    "a constant of a state": ({"& 1023": "& 511"}, {"seen": Verdict.CHANGED}),
    "a constant that feeds another": (
        {"level + speed": "level + 0.5 * speed"},
        {
            "smooth_quick.level": Verdict.CHANGED,
            "smooth_calm.level": Verdict.CHANGED,
            "mode": Verdict.CHANGED,
            "worst": Verdict.CHANGED,
        },
    ),
    "what it begins with": ({"seen = carry(initial=0)": "seen = carry(initial=7)"}, {"seen": Verdict.CHANGED}),
    "a lifetime": (
        {"worst = carry(initial=0.0)": "worst = carry(initial=0.0, lifetime=persistent(max_age=9.0))"},
        {"worst": Verdict.CHANGED},
    ),
    "a state is added": (
        {"    past = window": "    highs = carry(initial=0.0)\n    highs = max(highs, total_of(close))\n    past = window",
         "@lane\ndef strategy": "def total_of(x: Price) -> float:\n    return x / x\n\n@lane\ndef strategy"},
        {"highs": Verdict.NEW},
    ),
    "a state is added that begins with the first bar": (
        {"    past = window": "    first = carry(initial=close)\n    first = first + 0.0 * (close - first)\n    past = window",
         "total / close": "total / close + (first / first if first > 0.0 else 0.0)"},
        {"first": Verdict.UNSTARTED},
    ),
    "a state is left out": ({"    seen = carry(initial=0)\n    seen = (seen + 1) & 1023\n": "    seen = 3\n"}, {}),
}  # fmt: skip


def edited(folder: Path, edit: str, name: str = "new") -> Graph:
    text = LANE
    for old, new in EDITS[edit][0].items():
        assert old in text
        text = text.replace(old, new)
    file = folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    root = "plan" if "def plan" in text else "strategy"
    return dagc.compile(load_lane(f"{file}:{root}")).graph


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return edited(tmp_path_factory.mktemp("old"), "nothing", "old")


def closes(count: int) -> list[float]:
    return [round(100.0 * float(each), 4) for each in 1.0 + 0.03 * np.random.default_rng(1).standard_normal(count)]


def engine_of(graph: Graph) -> Instance:
    from dagc.live.kernel import kernel_from_graph

    bound = kernel_from_graph(graph).bind({"fast": 0.5, "slow": 0.125})
    assert isinstance(bound, Instance)
    return bound


def words_of(graph: Graph, engine: Instance) -> dict[str, bytes]:
    from dagc.live.state import unpack_state

    return {name: column.tobytes() for name, column in unpack_state(graph, engine.snapshot(), 1).items()}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_what_it_touches_and_nothing_else(edit: str, old: Graph, tmp_path: Path) -> None:
    new = edited(tmp_path, edit)
    found = plan(old, new)
    expected = EDITS[edit][1]
    assert {each.name: each.verdict for each in found.fates if each.verdict is not Verdict.KEPT} == expected
    assert found.dropped == (("seen",) if edit == "a state is left out" else ())


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_kept_holds_what_it_would_have_held_all_along(edit: str, old: Graph, tmp_path: Path) -> None:
    new = edited(tmp_path, edit)
    found = plan(old, new)
    before, always = engine_of(old), engine_of(new)
    for close in closes(60):
        before.step(close=close)
        always.step(close=close)
    values = {each.name: 1.0 for each in found.of(Verdict.UNSTARTED)}
    after = engine_of(new)
    after.restore(migrate(before.snapshot(), old, new, changed=True, fed=True, values=values))
    kept = {each.name for each in found.of(Verdict.KEPT)}
    for close in closes(40):
        assert {name: words_of(new, after)[name] for name in kept} == {
            name: words_of(new, always)[name] for name in kept
        }
        after.step(close=close)
        always.step(close=close)
    if found.of(Verdict.KEPT) == list(found.fates):
        assert after.snapshot() == always.snapshot()


def test_what_does_not_go_on_by_itself_is_refused_by_name(old: Graph, tmp_path: Path) -> None:
    new = edited(tmp_path, "a constant that feeds another")
    taken = engine_of(old).snapshot()
    with pytest.raises(WrongSnapshot, match=r"`mode` is changed: .*--changed"):
        migrate(taken, old, new)
    first = edited(tmp_path, "a state is added that begins with the first bar", "first")
    with pytest.raises(WrongSnapshot, match=r"`first` is new, with no first bar to begin with: give its value"):
        migrate(taken, old, first, changed=True, fed=True)
    with pytest.raises(WrongSnapshot, match="`frist` is no state of it"):
        migrate(taken, old, first, values={"first": 1.0, "frist": 1.0})
    with pytest.raises(WrongSnapshot, match="the snapshot is of graph"):
        migrate(taken, new, old)


def test_tables_of_instances_migrate_as_one(old: Graph, tmp_path: Path) -> None:
    new = edited(tmp_path, "a local is renamed")
    table = {"fast": np.linspace(0.1, 0.9, 5)}
    many, renamed = (Kernel(graph, dict(dagc_files(graph))).bind(table) for graph in (old, new))
    for close in closes(10):
        many.step(close=close)
        renamed.step(close=close)
    assert migrate(many.snapshot(), old, new) == renamed.snapshot()


def dagc_files(graph: Graph) -> dict[str, bytes]:
    from compile.c.backend import C

    return dict(C().lower(graph))


def test_the_commands_show_plan_and_migrate(tmp_path: Path, old: Graph) -> None:
    edited(tmp_path, "nothing", "old")
    edited(tmp_path, "a constant of a state", "new")
    engine = engine_of(old)
    for close in closes(3):
        engine.step(close=close)
    (tmp_path / "saved.bin").write_bytes(engine.snapshot())
    shown = run_dagc("state", "show", "old.py:strategy", "saved.bin", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "  seen               = 3\n" in shown.stdout
    planned = run_dagc("state", "plan", "old.py:strategy", "new.py:strategy", "--json", cwd=tmp_path)
    assert planned.returncode == 1
    assert {each["name"] for each in json.loads(planned.stdout)["states"] if each["verdict"] == "changed"} == {"seen"}
    options = ("old.py:strategy", "new.py:strategy", "saved.bin", "-o", "next.bin")
    refused = run_dagc("state", "migrate", *options, cwd=tmp_path)
    assert (refused.returncode, (tmp_path / "next.bin").exists()) == (1, False)
    done = run_dagc("state", "migrate", *options, "--set", "seen=11", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = run_dagc("state", "show", "new.py:strategy", "next.bin", cwd=tmp_path)
    assert "  seen               = 11\n" in shown.stdout


def resealed(body: bytes) -> bytes:
    return body + hashlib.sha256(body).digest()


def test_a_snapshot_is_hostile_data(old: Graph) -> None:
    engine = engine_of(old)
    body = engine.snapshot()[:-32]
    words = {name: k for k, name in enumerate(state.name for state in old.states)}
    assert all(old.types[state.node].size == 1 for state in old.states[: words["mode"]])
    at = 64 + 8 * words["mode"]
    for changed, said in (
        (body[:40], "not a whole snapshot"),
        (body + b"\0" * 8, "bytes of state"),
        (body[:-8], "bytes of state"),
        (
            body[:at] + struct.pack("<Q", 7) + body[at + 8 :],
            "state `mode` holds 0x0000000000000007, which is no enum Mode",
        ),
    ):
        with pytest.raises(WrongSnapshot, match=said):
            engine.restore(resealed(changed))


def test_the_plan_reads_as_a_table(old: Graph, tmp_path: Path) -> None:
    text = str(plan(old, edited(tmp_path, "a local is renamed")))
    assert "  kept     deepest" in text
    assert ", from worst" in text
    assert isinstance(plan(old, old), Plan)
