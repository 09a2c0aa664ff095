"""NautilusTrader with a made-up market: the same bars through a backtest and through a live node with sandbox execution."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from nautilus_trader.adapters.sandbox.config import SandboxExecutionClientConfig
from nautilus_trader.adapters.sandbox.factory import SandboxLiveExecClientFactory
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.common.actor import Actor
from nautilus_trader.common.providers import InstrumentProvider
from nautilus_trader.config import LiveDataClientConfig, LoggingConfig, TradingNodeConfig
from nautilus_trader.live.data_client import LiveMarketDataClient
from nautilus_trader.live.factories import LiveDataClientFactory
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.data import Bar, BarType, DataType, QuoteTick
from nautilus_trader.model.enums import AccountType, OmsType
from nautilus_trader.model.identifiers import ClientId, TraderId, Venue
from nautilus_trader.model.objects import Money
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.test_kit.providers import TestInstrumentProvider

from dagc.live.nautilus import LaneValues

VENUE = Venue("SIM")
EURO = TestInstrumentProvider.default_fx_ccy("EUR/USD", VENUE)
BAR_TYPE = BarType.from_str("EUR/USD.SIM-1-MINUTE-LAST-EXTERNAL")
QUIET = LoggingConfig(log_level="OFF")
#: Seconds between two bars of the live feed: below nautilus' limit of a hundred orders a second.
PACE = 0.012


def bars(closes: Sequence[float]) -> list[Bar]:
    """A bar a minute with these closing prices."""
    column = np.array(closes)
    frame = pd.DataFrame(
        dict.fromkeys(("open", "high", "low", "close"), column) | {"volume": 1e6},
        index=pd.date_range("2026-01-05", periods=len(closes), freq="1min", tz="UTC"),
    )
    return list(BarDataWrangler(BAR_TYPE, EURO).process(frame))


class Listener(Actor):  # type: ignore[misc]
    """Keeps what a kernel publishes, and says when it has heard `expected` bars."""

    def __init__(self, kernel: str, expected: int) -> None:
        super().__init__()
        self.kernel, self.expected, self.heard, self.done = kernel, expected, list[LaneValues](), asyncio.Event()

    def on_start(self) -> None:
        self.subscribe_data(DataType(LaneValues, {"kernel": self.kernel}))

    def on_data(self, data: LaneValues) -> None:
        self.heard.append(data)
        if len(self.heard) == self.expected:
            self.done.set()

    def on_stop(self) -> None:
        pass


def backtest(strategy: Any, given: Sequence[Bar]) -> tuple[list[LaneValues], float]:
    """What `strategy` published about each bar, and the position it ended with."""
    engine = BacktestEngine(BacktestEngineConfig(logging=QUIET))
    engine.add_venue(VENUE, OmsType.NETTING, AccountType.MARGIN, [Money(1_000_000, USD)])
    engine.add_instrument(EURO)
    engine.add_data(list(given))
    listener = Listener(strategy.name_of_kernel, len(given))
    engine.add_actor(listener)
    engine.add_strategy(strategy)
    engine.run()
    held = float(engine.portfolio.net_position(EURO.id))
    engine.dispose()
    return listener.heard, held


def sandbox(strategy: Any, given: Sequence[Bar]) -> tuple[list[LaneValues], float]:
    """The same from a live node whose orders are executed by nautilus' sandbox."""
    return asyncio.run(_live(strategy, given))


async def _live(strategy: Any, given: Sequence[Bar]) -> tuple[list[LaneValues], float]:
    node = TradingNode(
        TradingNodeConfig(
            trader_id=TraderId("TESTER-001"),
            logging=QUIET,
            data_clients={"SIM": LiveDataClientConfig()},
            exec_clients={"SIM": SandboxExecutionClientConfig(venue="SIM", starting_balances=["1_000_000 USD"])},
            timeout_post_stop=0.1,
        )
    )
    node.add_data_client_factory("SIM", _feed_of(given))
    node.add_exec_client_factory("SIM", SandboxLiveExecClientFactory)
    node.cache.add_instrument(EURO)
    listener = Listener(strategy.name_of_kernel, len(given))
    node.trader.add_actor(listener)
    node.trader.add_strategy(strategy)
    node.build()
    running = asyncio.create_task(node.run_async())
    await asyncio.wait_for(listener.done.wait(), 60)
    await asyncio.sleep(PACE * 4)  # the last order is filled after the last bar
    held = float(node.portfolio.net_position(EURO.id))
    await node.stop_async()
    await asyncio.wait([running], timeout=5)
    return listener.heard, held


def _feed_of(given: Sequence[Bar]) -> type[LiveDataClientFactory]:
    class Feed(LiveMarketDataClient):
        async def _connect(self) -> None:
            pass

        async def _disconnect(self) -> None:
            pass

        async def _subscribe_bars(self, command: Any) -> None:
            self.create_task(self._play())

        async def _unsubscribe_bars(self, command: Any) -> None:
            pass

        async def _play(self) -> None:
            for bar in given:
                size = EURO.make_qty(1e7)  # the sandbox fills orders from quotes, a backtest from bars too
                self._handle_data(QuoteTick(EURO.id, bar.close, bar.close, size, size, bar.ts_event, bar.ts_init))
                self._handle_data(bar)
                await asyncio.sleep(PACE)

    class Factory(LiveDataClientFactory):
        @staticmethod
        def create(loop: Any, name: str, config: Any, msgbus: Any, cache: Any, clock: Any) -> Feed:
            return Feed(loop, ClientId(name), VENUE, msgbus, cache, clock, InstrumentProvider())

    return Factory
