"""The equity and the trades of a replay, collected while its bars stream by, in constant memory but for the trades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from dag.graphs.graph import Graph
from dag.values.types import I64
from dag.values.words import Column, Words, column_of_words
from dagc.debugging.tap_names import TapNames

#: The lane of the library that keeps an account.
LANE = "equity"
#: The fields of what it returns.
FIELDS = ("eq", "peak", "maxdd", "gross_profit", "gross_loss", "wins", "trades")
#: A curve is kept in at most this many stretches of bars.
MOST_STRETCHES = 4096


class NoAccount(ValueError):
    """The graph keeps no account that can be found, or not the one that was named."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where an account stands in a graph: the node of its equity after each bar, and that of the count of its trades."""

    equity: int
    trades: int | None
    unit: str


def account_of(graph: Graph, equity: str | None = None, trades: str | None = None) -> Account:
    """The account of `graph`: the values called `equity` and `trades`, else those of its one call of the lane `equity`.

    Without a count of trades, a trade is a bar that changes the equity, from the second bar on. Raises NoAccount where there is none, or more than one, and
    `NameProblem` for a name that no value has.
    """
    if equity is not None:
        node, count = _named(graph, equity), None if trades is None else _named(graph, trades)
        if not graph.types[node].is_float:
            raise NoAccount(
                f"--equity {equity}: expected a float, got {graph.types[node]}\n  fix  name an amount of money"
            )
        if count is not None and graph.types[count] != I64:
            raise NoAccount(
                f"--trades {trades}: expected an int, got {graph.types[count]}\n  fix  name a count of trades"
            )
        return Account(node, count, graph.units[node])
    ours = graph.status_scopes()
    taps = {tap.name: tap.node for tap in graph.taps if graph.owners[tap.node] not in ours}
    calls = {scope.path for scope in graph.scopes if scope.lane == LANE}
    kept = [name.removesuffix(".eq") for name in taps if name.endswith(".eq")]
    found = {
        Account(taps[f"{ledger}.eq"], taps[f"{ledger}.trades"], graph.units[taps[f"{ledger}.eq"]])
        for ledger in kept
        if all(f"{ledger}.{field}" in taps for field in FIELDS)
        # Its own variables have these names too, and other ledgers are what it begins with.
        and ledger not in calls
        and graph.scopes[graph.owners[taps[f"{ledger}.trades"]]].lane == LANE
    }
    if len(found) == 1:
        return found.pop()
    number = "no variable is" if not found else f"{len(found)} variables are"
    raise NoAccount(
        f"in `{graph.name}` {number} the result of `{LANE}`, the lane of `lanes.accounting` that keeps an account\n"
        "  fix  say which values they are: --equity NAME, and --trades NAME where it counts its trades"
    )


def _named(graph: Graph, name: str) -> int:
    node = TapNames(graph).node(name)
    return graph.passed_on(node)


@dataclass(slots=True)
class Curve:
    """A column of any length in at most `MOST_STRETCHES` stretches of 2^k bars: the least, the greatest and the last of each."""

    bars: int = 0
    stretch: int = 1
    low: list[float] = field(default_factory=list[float])
    high: list[float] = field(default_factory=list[float])
    last: list[float] = field(default_factory=list[float])

    def extend(self, values: Column) -> None:
        """Add the values of the next bars, NaN as nothing."""
        for value in values.tolist():
            if self.bars % self.stretch == 0:
                if len(self.last) == MOST_STRETCHES:
                    self._halve()
                if self.bars % self.stretch == 0:
                    self.low.append(value)
                    self.high.append(value)
                    self.last.append(value)
                    self.bars += 1
                    continue
            self.low[-1] = min(value, self.low[-1])
            self.high[-1] = max(value, self.high[-1])
            self.last[-1] = value
            self.bars += 1

    def _halve(self) -> None:
        self.low = [min(pair) for pair in zip(self.low[::2], self.low[1::2], strict=True)]
        self.high = [max(pair) for pair in zip(self.high[::2], self.high[1::2], strict=True)]
        self.last = self.last[1::2]
        self.stretch *= 2


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: the bar that closed it, what it changed the equity by (NaN on the first bar of all), and the equity after it."""

    bar: int
    pnl: float
    equity: float


def _filled(column: Column, accepted: Column, before: float) -> Column:
    """The column with the value before it on every bar that is not accepted; in front of all others that is `before`."""
    places = np.maximum.accumulate(np.where(accepted, np.arange(1, len(column) + 1), 0))
    return np.concatenate([np.array([before], column.dtype), column])[places]


@dataclass(slots=True)
class Ledger:
    """What a replay has shown of an account so far."""

    graph: Graph
    account: Account
    equity: Curve = field(default_factory=Curve)
    drawdown: Curve = field(default_factory=Curve)
    trades: list[Trade] = field(default_factory=list[Trade])
    start: float | None = None
    peak: float = -np.inf
    worst: float = 0.0
    worst_bar: int = 0
    _before: float = 0.0
    _count: int = 0
    _waiting: int = 0

    @property
    def nodes(self) -> tuple[int, ...]:
        """The nodes whose words `update` reads."""
        wanted = (self.account.equity, self.account.trades, self.graph.status)
        return tuple(dict.fromkeys(each for each in wanted if each is not None))

    def update(self, words: Mapping[int, Words], first: int) -> None:
        """Add the bars from `first` on, by their words. On a rejected bar everything is as it was."""
        equity = self._column(words, self.account.equity)
        accepted = np.ones(len(equity), bool) if self.graph.status is None else words[self.graph.status] == 0
        if self.start is None:
            if not accepted.any():
                self._waiting += len(equity)
                return
            self.start = float(equity[accepted][0])
            self.equity.extend(np.full(self._waiting, self.start))
            self.drawdown.extend(np.zeros(self._waiting))
            self._before, self._waiting = self.start, 0
            begun = first + int(accepted.argmax())
        else:
            begun = None
        equity = _filled(equity, accepted, self._before)
        before = np.concatenate([[self._before], equity[:-1]])
        if self.account.trades is None:
            closed = np.flatnonzero(equity != before)
        else:
            counts = _filled(self._column(words, self.account.trades), accepted, self._count)
            closed = np.flatnonzero(counts != np.concatenate([[self._count], counts[:-1]]))
            self._count = int(counts[-1])
        for at in closed.tolist():
            # What the equity was before the very first bar is nowhere to be read.
            pnl = np.nan if first + at == begun else float(equity[at] - before[at])
            self.trades.append(Trade(first + at, pnl, float(equity[at])))
        peaks = np.maximum(np.maximum.accumulate(equity), self.peak)
        with np.errstate(invalid="ignore", divide="ignore"):
            drawdown = np.where(peaks > 0.0, (peaks - equity) / peaks, 0.0)
        at = int(drawdown.argmax())
        if drawdown[at] > self.worst:
            self.worst, self.worst_bar = float(drawdown[at]), first + at
        self.peak, self._before = float(peaks[-1]), float(equity[-1])
        self.equity.extend(equity)
        self.drawdown.extend(drawdown)

    def _column(self, words: Mapping[int, Words], node: int) -> Column:
        column = column_of_words(words[node], self.graph.types[node])
        return column.astype(np.float64) if self.graph.types[node].is_float else column

    @property
    def last(self) -> float:
        """The equity after the last bar."""
        return self._before
