"""`dagc sweep`: bindings drawn from a space, run over bars, and told from luck."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

import dagc
from dagc import carry, domain, lane, params
from dagc.live.kernel import Kernel
from dagc.sweeping import luck
from dagc.sweeping import sweep as module
from dagc.sweeping.drawing import drawn_bindings
from dagc.sweeping.problem import SweepProblem
from dagc.sweeping.space import space_of
from dagc.sweeping.sweep import Sweep, split_of, sweep, whole_bindings
from tests.support.command_line import dagc as run_dagc


@params
class Bet:
    tilt: Annotated[float, domain(-1.0, 1.0)] = 0.5
    lag: Annotated[int, domain(1, 5)] = 1


@lane
def earned(x: Annotated[float, domain(-1.0, 1.0)], p: Bet) -> float:
    """A bet on the last move, and on the level `tilt`."""
    last = carry(initial=0.0)
    reward = x * (last * float(p.lag) + p.tilt)
    last = x
    return reward


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return dagc.compile(earned)


def swept(kernel: Kernel, x: Any, count: int = 200, seed: int = 0, low: float = -1.0, **more: Any) -> Sweep:
    document = {"seed": seed, "parameters": {"tilt": {"low": low, "high": 1.0}, "lag": {"low": 1, "high": 5}}}
    space = space_of(document, kernel.graph)
    bindings = whole_bindings(kernel.graph, drawn_bindings(kernel.graph, space, count), space.fixed)
    split = split_of(len(x), 0.3, 10)
    return sweep(kernel.graph, kernel._library, {"x": x}, bindings, "earned", split, **more)


def noise(bars: int, seed: int) -> Any:
    return np.random.default_rng(seed).uniform(-0.1, 0.1, bars)


def test_the_deflated_ratio_has_the_numbers_of_its_paper() -> None:
    """Bailey and Lopez de Prado (2014), the numerical example: 100 trials, five years of days."""
    ratio, variance = 2.5 / math.sqrt(250), 0.5 / 250
    benchmark = math.sqrt(variance) * luck.expected_maximum(100)
    assert round(benchmark, 6) == 0.113172
    assert round(luck.probabilistic_ratio(ratio, benchmark, 1250, -3.0, 10.0), 6) == 0.900397


def test_the_expected_greatest_of_many() -> None:
    assert luck.expected_maximum(1) == 0.0
    assert (round(luck.expected_maximum(100), 6), round(luck.expected_maximum(10**6), 6)) == (2.530603, 4.86786)


def test_overfitting_of_noise_is_a_coin_and_of_one_good_binding_is_rare() -> None:
    rng = np.random.default_rng(3)
    found = []
    for good in (0.0, 0.15):
        shares = []
        for _ in range(12):
            rewards = rng.standard_normal((1000, 60))
            rewards[:, 7] += good
            blocks = rewards.reshape(10, 100, 60)
            shares.append(
                luck.probability_of_overfitting(blocks.sum(axis=1), (blocks**2).sum(axis=1), np.full(10, 100.0))
            )
        found.append(float(np.mean(shares)))
    assert 0.35 < found[0] < 0.65
    assert found[1] < 0.2


def test_moments_are_those_of_the_definition() -> None:
    rewards = noise(400, 5).reshape(200, 2)
    found = luck.moments(rewards)
    for k in range(2):
        column = [float(each) for each in rewards[:, k]]
        mean = math.fsum(column) / 200
        second, third, fourth = (math.fsum((each - mean) ** n for each in column) / 200 for n in (2, 3, 4))
        expected = (mean, math.sqrt(second * 200 / 199), third / second**1.5, fourth / second**2)
        for measured, true in zip(
            (found.mean[k], found.deviation[k], found.skewness[k], found.kurtosis[k]), expected, strict=True
        ):
            assert abs(measured - true) <= 1e-12 * abs(true) + 1e-15


@pytest.mark.parametrize("seed", range(6))
def test_of_pure_noise_nothing_is_significant(kernel: Kernel, seed: int) -> None:
    found = swept(kernel, noise(600, seed), count=300, seed=seed)
    assert [row for row in found.rows(300) if row["significant"]] == []


def test_what_is_there_is_found(kernel: Kernel) -> None:
    x = np.abs(noise(900, 2)) * 0.9 + 0.01 * noise(900, 8)
    best = swept(kernel, x, low=0.3).rows(3)
    assert all(row["significant"] for row in best)


def test_a_binding_does_not_depend_on_the_others(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    x = noise(500, 4)
    whole = swept(kernel, x, count=150)
    threaded = swept(kernel, x, count=150, threads=2)
    monkeypatch.setattr(module, "AT_ONCE", 500 * 7)
    pieces = swept(kernel, x, count=150)
    fewer = swept(kernel, x, count=31)
    for name in ("mean", "deviation", "skewness", "kurtosis"):
        words = getattr(whole.inside, name).tobytes()
        assert words == getattr(threaded.inside, name).tobytes() == getattr(pieces.inside, name).tobytes()
        assert words.startswith(getattr(fewer.inside, name).tobytes())
    assert whole.overfitting == pieces.overfitting
    alone = kernel.run({"x": x}, {name: column[17].item() for name, column in whole.params.items()})
    expected = luck.moments(alone["earned"][: whole.split.chosen].reshape(-1, 1))
    assert expected.mean[0] == whole.inside.mean[17]


def test_constraints_and_methods_draw_what_they_say(kernel: Kernel) -> None:
    ranges = {"tilt": {"low": -0.5, "high": 0.5, "points": 11}, "lag": [1, 2, 5]}
    grid = drawn_bindings(kernel.graph, space_of({"method": "grid", "parameters": ranges}, kernel.graph))
    assert len(grid["tilt"]) == 33
    assert {*grid["lag"].tolist()} == {1, 2, 5}
    kept = space_of({"constraints": ["tilt * 4 > lag - 2"], "parameters": ranges}, kernel.graph)
    drawn = drawn_bindings(kernel.graph, kept, 100)
    assert (drawn["tilt"] * 4 > drawn["lag"] - 2).all()
    more = drawn_bindings(kernel.graph, kept, 200)
    assert all(np.array_equal(drawn[name], more[name][:100]) for name in drawn), "the first of more are the same"


MISTAKES = {
    "parameters = { tlit = { low = 0.0, high = 1.0 } }": "`tlit` is no parameter of `earned`: did you mean `tilt`?",
    "parameters = { tilt = { low = 0.0, high = 2.0 } }": "high = 2.0 is outside its domain [-1.0, 1.0]",
    'method = "random"\nparameters = { tilt = [0.5] }': "expected one of grid, latin, sobol, even, around",
    'constraints = ["lagg < 3"]\nparameters = { tilt = [0.5] }': "`lagg` is no parameter",
    "constraints = [\"__import__('os')\"]\nparameters = { tilt = [0.5] }": "expected a comparison of parameters",
    "count = 10": "no parameter varies",
    'constraints = ["lag > 9"]\ncount = 5\nparameters = { lag = [1, 2] }': "the space has 0 bindings and 5 are wanted",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_space_that_is_not_usable_says_why(text: str, tmp_path: Path) -> None:
    done = command(tmp_path, space=text)
    assert done.returncode == 2
    assert MISTAKES[text] in done.stderr


def command(folder: Path, *more: str, space: str = "", reward: str = "earned") -> Any:
    source = Path(__file__).read_text(encoding="utf-8")
    lane_text = source[source.index("@params\nclass Bet") : source.index("@pytest.fixture")]
    imports = "from typing import Annotated\nfrom dagc import carry, domain, lane, params\n"
    (folder / "bet.py").write_text(imports + lane_text, encoding="utf-8")
    (folder / "x.csv").write_text("x\n" + "\n".join(map(repr, noise(300, 1).tolist())) + "\n", encoding="utf-8")
    (folder / "space.toml").write_text(space or "[space]\ncount = 40\nparameters.tilt = { low = -1.0, high = 1.0 }\n")
    options = ("--data", "x.csv", "--space", "space.toml", "--reward", reward, *more)
    return run_dagc("sweep", "bet.py:earned", *options, cwd=folder)


def test_the_command_prints_a_table_and_writes_all_bindings(tmp_path: Path) -> None:
    done = command(tmp_path, "--top", "3", "-o", "all.csv")
    assert done.returncode == 0, done.stderr
    assert "earned: 40 bindings, chosen by the first 210 bars, judged by the last 90" in done.stdout
    assert "none of these is better than luck" in done.stdout
    lines = (tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 41
    assert lines[0] == "binding,id,tilt,lag,mean,ratio,above_luck,outside_ratio,rejected"
    held = json.loads(command(tmp_path, "--json", "--top", "2").stdout)
    assert (held["bindings"], len(held["top"]), held["bars"]["judged_from"]) == (40, 2, 210)


def test_a_reward_that_is_none_is_named(tmp_path: Path) -> None:
    assert "`earned` has no output `pnl` to be rewarded by; it has earned" in command(tmp_path, reward="pnl").stderr
    with pytest.raises(SweepProblem, match="and at least 20 are needed"):
        split_of(20, 0.3, 0)


@lane
def broken(x: Annotated[float, domain(-1.0, 1.0)], p: Bet) -> float:
    return dagc.ieee_div(x, p.tilt) * 0.0


def test_a_reward_that_is_no_number_names_binding_and_bar() -> None:
    kernel = dagc.compile(broken)
    bindings = whole_bindings(kernel.graph, {"tilt": np.array([0.5, 0.0, 1.0])}, {})
    x = np.full(40, 0.5)
    with pytest.raises(SweepProblem, match="binding 2: `broken` is nan at bar 0"):
        sweep(kernel.graph, kernel._library, {"x": x}, bindings, "broken", split_of(40, 0.3, 0))
