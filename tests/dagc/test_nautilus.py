"""A kernel inside NautilusTrader: every lane has the words of the bundle, in a backtest and in a live node with sandbox execution."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

pytest.importorskip("nautilus_trader", reason="NautilusTrader is not installed: pip install 'dagc-compiler[nautilus]'")

import dagc
from dagc import carry, domain, lane, params
from dagc.debugging.tap_names import NameProblem
from dagc.live.nautilus import KernelActor, KernelActorConfig, KernelConfig, KernelStrategy, KernelStrategyConfig
from tests.support.nautilus_nodes import BAR_TYPE, backtest, bars, sandbox


@params
class Trend:
    speed: Annotated[float, domain(0.0, 1.0)] = 0.1
    most: Annotated[float, domain(0.0, 1e7)] = 100_000.0


@lane
def follow(close: Annotated[float, domain(0.5, 2.0)], p: Trend) -> tuple[float, bool]:
    """Euros to hold, and whether the price is above its average."""
    average = carry(initial=close)
    average = average + p.speed * (close - average)
    ahead = (close - average) / 0.002
    return p.most * min(max(ahead, -1.0), 1.0), close > average


@lane
def spread(bid: Annotated[float, domain(0.5, 2.0)], close: Annotated[float, domain(0.5, 2.0)]) -> float:
    """Takes what no bar has."""
    return close - bid


def built(function: Any, folder: Path) -> str:
    dagc.build(function, folder, backends=["interpreter", "c"], rows=64)
    return str(folder)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    return built(follow, tmp_path_factory.mktemp("nautilus") / "follow")


def closes(count: int) -> list[float]:
    noise = np.random.default_rng(18).normal(0.0, 3e-4, count)
    return [float(each) for each in np.round(1.1 * np.exp(np.cumsum(noise)), 5)]


def strategy(bundle: str, **more: Any) -> KernelStrategy:
    config = KernelConfig(bundle=bundle, bar_type=BAR_TYPE, params={"speed": 0.25}, taps=("average",), **more)
    return KernelStrategy(KernelStrategyConfig(kernel=config))


def words(values: Any) -> bytes:
    return np.array(values, np.float64).tobytes()


def test_every_lane_has_the_words_of_the_bundle_in_a_backtest_and_in_a_live_node(bundle: str) -> None:
    prices = closes(60)
    prices[20] = 2.5  # outside the domain
    tested, held = backtest(strategy(bundle), bars(prices))
    live, held_live = sandbox(strategy(bundle), bars(prices))
    alone = dagc.load(bundle).run({"close": prices}, {"speed": 0.25}, taps=["average"])
    for heard in (tested, live):
        assert [each.ts_event for each in heard] == [bar.ts_event for bar in bars(prices)]
        for name in alone:
            assert words([each.values[name] for each in heard]) == words(alone[name]), name
    assert alone["result.0"][-1] != 0.0
    assert held == held_live == round(float(alone["result.0"][-1]))


def test_a_rejected_bar_trades_nothing(bundle: str) -> None:
    prices = closes(20)
    _, held = backtest(strategy(bundle), bars(prices))
    heard, still = backtest(strategy(bundle), bars([*prices, 2.5]))
    assert (heard[-1].values["status"], heard[-1].values["result.0"]) == (1, 0.0)
    assert held == still != 0.0


def test_a_saved_state_goes_on_where_it_was(bundle: str) -> None:
    prices = closes(40)
    whole, _ = backtest(strategy(bundle), bars(prices))
    first = strategy(bundle)
    backtest(first, bars(prices)[:25])
    second = strategy(bundle, session="same")
    second.engine.restore(first.engine.snapshot(at=0.0), at=0.0, session="same")
    rest, _ = backtest(second, bars(prices)[25:])
    assert [each.values for each in rest] == [each.values for each in whole[25:]]


def test_what_the_node_saves_is_what_it_loads(bundle: str) -> None:
    class Twin(KernelStrategy):
        """Hands its state over to itself, as a node does between two processes."""

        def on_outputs(self, bar: Any, outputs: Any) -> None:
            saved = self.on_save()
            self.engine.reset()
            self.on_load(saved)

    prices = bars(closes(10))
    config = KernelConfig(bundle=bundle, bar_type=BAR_TYPE, taps=("average",), session="same")
    twin, _ = backtest(Twin(KernelStrategyConfig(kernel=config)), prices)
    plain, _ = backtest(KernelStrategy(KernelStrategyConfig(kernel=config)), prices)
    assert [each.values for each in twin] == [each.values for each in plain]


def test_inputs_that_no_bar_has_come_from_an_override(tmp_path: Path) -> None:
    config = KernelActorConfig(kernel=KernelConfig(bundle=built(spread, tmp_path / "spread"), bar_type=BAR_TYPE))
    with pytest.raises(ValueError, match=r"a bar has no `bid` for `spread`, only open, high, .*: override `inputs"):
        KernelActor(config)

    class Quoted(KernelActor):
        def inputs(self, bar: Any) -> Mapping[str, Any]:
            return {"bid": 1.0, "close": bar.close.as_double()}

    assert Quoted(config).engine.graph.name == "spread"


def test_a_tap_or_a_size_that_there_is_not_is_named(bundle: str) -> None:
    with pytest.raises(NameProblem, match="averge"):
        KernelActor(KernelActorConfig(kernel=KernelConfig(bundle=bundle, bar_type=BAR_TYPE, taps=("averge",))))
    kernel = KernelConfig(bundle=bundle, bar_type=BAR_TYPE)
    with pytest.raises(ValueError, match=r"`follow` has no output `size`; it has result.0, result.1, status"):
        KernelStrategy(KernelStrategyConfig(kernel=kernel, size="size"))
