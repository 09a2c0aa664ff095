"""Populations: what an instance computes depends on nobody else, a record replays and resumes to the bit, and luck wins nothing."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dag.values.words import Column
from dagc.live.kernel import Kernel
from dagc.vibriss.policy.catalogue import POLICIES, policy_called
from dagc.vibriss.policy.crossing import first_greatest, fold, places, running_sums
from dagc.vibriss.policy.windowed import WindowPolicy
from dagc.vibriss.problem import PopulationProblem
from dagc.vibriss.record import RECORD, read_record
from dagc.vibriss.rows import Rows
from dagc.vibriss.run import Run, plan_of, replayed, restored, resume, start
from dagc.vibriss.top import leaderboard, lineage
from tests.oracle import policies as oracle
from tests.support.tiers import count

LANE = '''
from typing import Annotated

from dagc import carry, domain, lane, params

Close = Annotated[float, domain(0.01, 1e6)]


@params
class Trend:
    speed: Annotated[float, domain(0.0, 1.0)] = 0.5
    most: Annotated[float, domain(0.1, 3.0)] = 1.0


@lane
def earned(close: Close, p: Trend) -> float:
    """What was held since the bar before earned."""
    level = carry(initial=close)
    held = carry(initial=0.0)
    last = carry(initial=close)
    gain = held * (close - last)
    level = level + p.speed * (close - level)
    held = min(max(close - level, -p.most), p.most)
    last = close
    return gain
'''
SPACE = """
lane = "lane.py:earned"
[space]
count = 30
seed = 3
constraints = ["speed < most"]
[space.parameters]
speed = { low = 0.05, high = 0.9 }
most = { low = 0.1, high = 3.0, scale = "log" }
[run]
low = -3.0
high = 3.0
checkpoint = 20
"""
BARS = 60
NOTHING = dict[str, Any]()
#: Whose draws take a compiler half a minute and more.
SLOW = {"thompson", "thompson-beta", "exp3-s"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a lane, a space, and bars, two of which are outside the lane's domain."""
    folder = tmp_path_factory.mktemp("vibriss")
    (folder / "lane.py").write_text(LANE)
    (folder / "space.toml").write_text(SPACE)
    dice, close = random.Random(2), 100.0
    closes = [close := close + dice.gauss(0.0, 0.5) for _ in range(BARS)]
    closes[17] = closes[41] = -1.0
    (folder / "bars.csv").write_text("close\n" + "".join(f"{each!r}\n" for each in closes))
    return folder


def run_of(place: Path, threads: int = 1, **overrides: Any) -> Run:
    return Run(plan_of(place / "space.toml", place / "bars.csv", None, overrides), threads)


def recorded(place: Path, out: Path, threads: int = 1, **overrides: Any) -> bytes:
    plan = plan_of(place / "space.toml", place / "bars.csv", None, overrides)
    start(plan, out, threads, lambda bars: None)
    return (out / RECORD).read_bytes()


@pytest.mark.parametrize("policy", [pytest.param(p, marks=pytest.mark.long) if p in SLOW else p for p in POLICIES])
def test_a_record_replays_and_resumes_to_the_bit(place: Path, tmp_path: Path, policy: str) -> None:
    settings_ = {"halving": {"first": 5, "eta": 2}, "pbt": {"every": 7}, "top-k": {"k": 3, "cost": 0.0}}
    given: dict[str, Any] = {
        "policy": policy,
        "policy_settings": settings_.get(policy, NOTHING),
        "kill": 4.0,
        "replace": True,
        "sketch": True,
    }
    whole = recorded(place, tmp_path / "whole", **given)
    assert replayed(tmp_path / "whole", 2, None, None, lambda bars: None) == whole.count(b"\n")
    lines = whole.splitlines(keepends=True)
    at = next(k for k, line in enumerate(lines) if b'"checkpoint"' in line)
    # Killed somewhere after the first checkpoint, a torn line behind: the later checkpoints had not been written.
    cut = tmp_path / "cut"
    plan = plan_of(place / "space.toml", place / "bars.csv", None, given)
    with pytest.raises(KeyboardInterrupt):
        start(plan, cut, 1, stop_at(20))
    (cut / RECORD).write_bytes(b"".join(lines[: at + 6]) + lines[at + 6][:9])
    resume(cut, 2, lambda bars: None)
    assert (cut / RECORD).read_bytes() == whole


def stop_at(bar: int) -> Any:
    def progress(bars: int) -> None:
        if bars >= bar:
            raise KeyboardInterrupt

    return progress


def test_killed_at_any_moment_it_goes_on_with_the_same_bits(place: Path, tmp_path: Path) -> None:
    whole = recorded(place, tmp_path / "whole", policy="ucb1")
    out = tmp_path / "killed"
    dagc = [sys.executable, "-m", "dagc", "vibriss"]
    files = ["--space", str(place / "space.toml"), "--data", str(place / "bars.csv")]
    dice, killed = random.Random(20), 0
    for again in range(count(2, 20)):
        command = [*dagc, "resume", str(out)] if again else [*dagc, "run", *files, "--policy", "ucb1", "-o", str(out)]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        there = {*out.glob("checkpoint-*")}
        while child.poll() is None and {*out.glob("checkpoint-*")} <= there:
            time.sleep(0.002)
        time.sleep(dice.uniform(0.0, 0.05))
        killed += child.poll() is None
        child.kill()
        child.wait()
    assert killed, "every child ended before it was killed: give it more bars"
    resume(out, 1, lambda bars: None)
    assert (out / RECORD).read_bytes() == whole


def test_killed_before_its_first_line_it_can_be_run_again_from_anywhere(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / RECORD).write_bytes(b'{"kind":"hea')
    monkeypatch.chdir(place)
    start(plan_of(Path("space.toml"), Path("bars.csv"), None, {}), out, 1, lambda bars: None)
    monkeypatch.chdir(tmp_path)
    assert replayed(out, 1, None, None, lambda bars: None) > BARS


def test_threads_change_no_bit(place: Path, tmp_path: Path) -> None:
    few, many = (
        recorded(place, tmp_path / str(threads), threads, policy="exp3", instances=5_000) for threads in (1, 3)
    )
    assert few == many


@pytest.fixture(scope="module")
def kernel(place: Path) -> Kernel:
    return run_of(place).kernel


CLOSES = np.array([100.0, 101.5, 99.0, -1.0, 99.5, 98.0, 102.0, 101.0])


def alone(kernel: Kernel, params: Mapping[str, float], closes: Column) -> list[int]:
    rows = Rows(kernel.graph, kernel._library)
    rows.add({name: np.array([value]) for name, value in params.items()}, 1)
    return rows.run({"close": closes}, len(closes), ["earned"])["earned"][:, 0].view(np.uint64).tolist()  # type: ignore[no-any-return]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_an_instance_alone_is_itself_among_any_others(kernel: Kernel, data: st.DataObject) -> None:
    """Others are born before and after it, die between its bars, and share its calls in any chunks."""
    own = {"speed": data.draw(st.floats(0.0, 1.0)), "most": data.draw(st.floats(0.1, 3.0))}
    rows = Rows(kernel.graph, kernel._library)
    others = st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.1, 3.0)), max_size=6)

    def add(several: list[tuple[float, float]]) -> None:
        if several:
            columns = zip(("speed", "most"), zip(*several, strict=True), strict=True)
            rows.add({name: np.array(column) for name, column in columns}, len(several))

    before = data.draw(others)
    add(before)
    row = len(before)
    add([(own["speed"], own["most"])])
    at, found = 0, list[int]()
    while at < len(CLOSES):
        add(data.draw(others))
        kept = np.array([k == row or data.draw(st.booleans()) for k in range(len(rows))])
        rows.keep(kept)
        row = int(kept[:row].sum())
        bars = data.draw(st.integers(1, len(CLOSES) - at))
        column = rows.run({"close": CLOSES[at : at + bars]}, bars, ["earned"])["earned"]
        found += column[:, row].view(np.uint64).tolist()
        at += bars
    assert found == alone(kernel, own, CLOSES)


def test_ucb1_over_a_population_is_the_reference(place: Path) -> None:
    run = run_of(place, policy="ucb1", kill=None)
    lines = list[dict[str, Any]]()

    class Kept:
        def write(self, kind: str, **facts: Any) -> None:
            lines.append({"kind": kind, **facts})

        def sync(self) -> None: ...

    run.begin(Kept())  # type: ignore[arg-type]
    run.advance(Kept())  # type: ignore[arg-type]
    arms = [line["arm"] for line in lines if line["kind"] == "bar"]
    params = run.population.rows.params()
    closes = run.columns["close"]
    rewards = np.array(
        [
            np.array(alone(run.kernel, {n: float(c[k]) for n, c in params.items()}, closes), np.uint64).view(float)
            for k in range(30)
        ]
    )
    reference = oracle.Ucb1(30, 1.0)
    wanted = list[int]()
    for bar in range(BARS):
        arm = oracle.first_greatest(reference.scores(), [True] * 30)
        wanted.append(arm + 1)
        if closes[bar] > 0.0:  # a rejected row pays nothing
            reference.learn(arm, min(max((float(rewards[arm, bar]) + 3.0) / 6.0, 0.0), 1.0))
        else:
            reference.n[arm] += 1
    assert arms == wanted


def test_sums_go_by_serial() -> None:
    dice = random.Random(4)
    serials = np.array(sorted(dice.sample(range(1, 5_000), 900)))
    values = np.array([dice.uniform(-1e6, 1e6) * 10.0 ** dice.randint(-9, 9) for _ in serials])
    counted = np.array([dice.random() < 0.8 for _ in serials])
    blocks: dict[int, float] = {}
    sums = []
    for serial, value, is_in in zip(serials.tolist(), values.tolist(), counted.tolist(), strict=True):
        if is_in:
            blocks[serial >> 10] = blocks.get(serial >> 10, 0.0) + value
        total = 0.0
        for block in sorted(blocks):
            if block < serial >> 10:
                total += blocks[block]
        sums.append(total + blocks.get(serial >> 10, 0.0))
    whole = 0.0
    for block in sorted(blocks):
        whole += blocks[block]
    assert fold(values, serials, counted) == whole
    assert running_sums(values, serials, counted).tolist() == sums
    scores = np.array([1.0, np.nan, 3.0, 3.0, -0.0, 0.0])
    assert first_greatest(scores, np.array([True, True, False, True, True, True])) == 3
    assert places(scores, np.array([True] * 6)).tolist() == [2, 5, 0, 1, 3, 4]


def test_children_have_parents(place: Path, tmp_path: Path) -> None:
    recorded(place, tmp_path / "pbt", policy="pbt", policy_settings={"every": 5})
    population = restored(tmp_path / "pbt").population
    child = int(population.roll.serials[population.roll.parents > 0][0])
    first, *rest = lineage(population, child)
    assert (first["birth"], first["parents"]) == ("retuned", rest[0]["serial"])
    births = [line for line in read_record(tmp_path / "pbt" / RECORD) if line["kind"] == "births" and line["bar"] > 0]
    assert all(
        float.fromhex(s) < float.fromhex(m)
        for b in births
        for s, m in zip(*[b["values"][n] for n in ("speed", "most")], strict=True)
    )


@pytest.mark.parametrize("seed", range(2))
def test_noise_has_no_winner(place: Path, tmp_path: Path, seed: int) -> None:
    dice, close = random.Random(seed), 100.0
    bars = tmp_path / "noise.csv"
    bars.write_text("close\n" + "".join(f"{(close := close + dice.gauss(0.0, 0.5))!r}\n" for _ in range(400)))
    run = start(
        plan_of(place / "space.toml", bars, None, {"instances": 300, "every": 10, "checkpoint": 1000}),
        tmp_path / "noise",
        1,
        lambda done: None,
    )
    standings, trials = leaderboard(run.population, 20)
    assert trials == 300
    assert not any(each.significant for each in standings)


def test_a_change_is_refused_by_name(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    recorded(place, out)
    changed = tmp_path / "changed"
    shutil.copytree(out, changed)
    lines = (changed / RECORD).read_bytes().splitlines(keepends=True)
    line = json.loads(lines[9])
    line["earned"] = "0x0.0p+0"
    lines[9] = json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    (changed / RECORD).write_bytes(b"".join(lines))
    with pytest.raises(PopulationProblem, match=r"record.jsonl:10: the record is damaged"):
        restored(changed)
    shutil.copytree(out, tmp_path / "state")
    state = sorted((tmp_path / "state").glob("checkpoint-*"))[-1] / "state.held.npy"
    state.write_bytes(state.read_bytes()[:-1] + b"\x01")
    with pytest.raises(PopulationProblem, match=r"state.held.npy is damaged"):
        restored(tmp_path / "state")
    other = tmp_path / "other.csv"
    other.write_text((place / "bars.csv").read_text() + "100.0\n")
    with pytest.raises(PopulationProblem, match="another data"):
        replayed(out, 1, other, None, lambda bars: None)
    with pytest.raises(PopulationProblem, match="holds a population"):
        recorded(place, out)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"policy": "ucb2"}, "`ucb2` is no policy"),
        ({"policy_settings": {"k": 3}}, "has no setting `k`"),
        ({"policy": "ucb1", "policy_settings": {"scale": -1.0}}, "scale"),
        ({"every": 0}, "every = 0: expected a whole number, at least 1"),
        ({"low": 1.0, "high": 0.0}, "low < high"),
        ({"reward": "price"}, "`price` is no output of `earned`"),
        ({"feedback": "weight"}, "has no such input"),
        ({"wat": 1}, "says `wat`"),
    ],
)
def test_what_is_wrong_is_named(place: Path, overrides: dict[str, Any], message: str) -> None:
    with pytest.raises(PopulationProblem, match=message):
        run_of(place, **overrides)


def test_policies_that_want_shares_say_so(place: Path, tmp_path: Path) -> None:
    space = tmp_path / "space.toml"
    space.write_text(SPACE.replace("lane.py", str(place / "lane.py")).replace("low = -3.0\nhigh = 3.0\n", ""))
    with pytest.raises(PopulationProblem, match="takes rewards between 0 and 1"):
        Run(plan_of(space, place / "bars.csv", None, {"policy": "exp3"}))


def test_a_setting_goes_by_its_field_where_a_lane_has_several_objects() -> None:
    policy = policy_called("sliding-ucb", {"tau": 5, "xi": 0.75}, 1)
    assert isinstance(policy, WindowPolicy)
    held = {name.rpartition(".")[2]: value for name, value in policy.score.settings.items()}
    assert held == {"tau": 5, "xi": 0.75, "reach": 1.0}


def test_every_policy_can_be_made() -> None:
    assert {name for name in POLICIES if name not in SLOW} >= {"ucb1", "exp3", "halving", "pbt"}
    assert policy_called("hedge", {"eta": 0.5}, 1).wants_unit_rewards
