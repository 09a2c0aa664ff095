"""A market table from real prices: one row per trading day of the S&P 500 since 1999, a column per input of `five_factor`.

    python examples/market_table.py -o build/market.csv        (or .parquet)

The prices are the ones that the package `arch` ships: S&P 500 and NASDAQ (open, high, low, close) and WTI crude. What the sizing
wants beyond prices is derived from them by the rules below, so that every number of the table can be traced to a quote.
Sums are exact (`math.fsum`) and nothing calls a linear algebra library: the same prices give the same bytes on every machine.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FAST, SLOW = 20, 60  # bars of the two correlation windows
WARM = 2 * SLOW + 1  # bars before the first row: both windows and their velocities are full
CAPITAL = 25_000.0  # dollars on the first bar
DAYS_PER_YEAR = 252.0

Row = dict[str, float | bool | str]


@dataclass(frozen=True)
class Day:
    """One trading day of the S&P 500, with the others' last quotes."""

    date: date
    open: float
    high: float
    low: float
    close: float
    nasdaq: float
    wti: float
    wti_quoted: bool


def load_days() -> list[Day]:
    """Every day of the S&P 500 since 1999; crude keeps its last quote on days on which it was not quoted."""
    from arch.data import nasdaq, sp500, wti

    index: Any = sp500.load()
    other: Any = nasdaq.load()
    crude: Any = wti.load()["DCOILWTICO"].dropna()
    quotes = {stamp.date(): float(value) for stamp, value in crude.items()}
    tech = {stamp.date(): float(value) for stamp, value in other["Close"].items()}
    days: list[Day] = []
    last = math.nan
    for stamp, bar in index.iterrows():
        today = stamp.date()
        last = quotes.get(today, last)
        prices = (float(bar["Open"]), float(bar["High"]), float(bar["Low"]), float(bar["Close"]))
        if today in tech and last == last:
            days.append(Day(today, *prices, tech[today], last, today in quotes))
    return days


def returns(prices: Sequence[float]) -> list[float]:
    """Simple returns; the first is 0."""
    return [0.0, *((now - before) / before for before, now in itertools.pairwise(prices))]


def correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Pearson's correlation of two windows; 0 where one of them does not move."""
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    dx, dy = [each - mean_x for each in x], [each - mean_y for each in y]
    spread = math.sqrt(math.fsum(each * each for each in dx) * math.fsum(each * each for each in dy))
    return math.fsum(a * b for a, b in zip(dx, dy, strict=True)) / spread if spread else 0.0


def largest_eigenvalue(a: float, b: float, c: float) -> float:
    """Of the correlation matrix [[1, a, b], [a, 1, c], [b, c, 1]], by power iteration."""
    x, y, z = 1.0, 0.9, 0.8
    value = 1.0
    for _ in range(60):
        u, v, w = x + a * y + b * z, a * x + y + c * z, b * x + c * y + z
        value = math.sqrt(u * u + v * v + w * w)
        x, y, z = u / value, v / value, w / value
    return value


def eigenvalues(series: Sequence[Sequence[float]], window: int) -> list[float]:
    """The largest eigenvalue of the three series' correlations over a trailing window; 1 until it is full."""
    first, second, third = series
    found = [1.0] * len(first)
    for end in range(window, len(first)):
        span = slice(end - window + 1, end + 1)
        x, y, z = first[span], second[span], third[span]
        found[end] = largest_eigenvalue(correlation(x, y), correlation(x, z), correlation(y, z))
    return found


def volatility(series: Sequence[float]) -> float:
    """Annualised root mean square of a window of returns."""
    return math.sqrt(math.fsum(each * each for each in series) / len(series) * DAYS_PER_YEAR)


def within(low: float, value: float, high: float) -> float:
    """`value`, held between `low` and `high`."""
    return min(max(value, low), high)


def market_rows(days: Sequence[Day]) -> list[Row]:
    """The table: a row for every day after the warm-up."""
    sp = returns([day.close for day in days])
    tech = returns([day.nasdaq for day in days])
    crude = returns([day.wti for day in days])
    fast, slow = eigenvalues((sp, tech, crude), FAST), eigenvalues((sp, tech, crude), SLOW)
    start = days[WARM].close
    rows: list[Row] = []
    for t in range(WARM, len(days)):
        day, recent = days[t], slice(t - FAST + 1, t + 1)
        vol, usual = volatility(sp[recent]), volatility(sp[t - SLOW + 1 : t + 1])
        moves = [*sp[t - 4 : t + 1], *tech[t - 4 : t + 1], *crude[t - 4 : t + 1]]
        rising = sum(move > 0.0 for move in moves)
        daily = [(sp, usual), *((each, volatility(each[t - SLOW + 1 : t + 1])) for each in (tech, crude))]
        ten = sp[t - 9 : t + 1]
        rows.append(
            {
                # How much faster the short window's largest eigenvalue moves than the long one's.
                "vel_div": (fast[t] - fast[t - 1]) - (slow[t] - slow[t - 1]),
                "price": day.close,
                # How many of the three moved by more than two of their usual daily deviations.
                "signals": float(sum(abs(r[t]) > 2.0 * v / math.sqrt(DAYS_PER_YEAR) for r, v in daily)),
                "w750": (slow[t] - slow[t - FAST]) / FAST,
                "meta": within(0.5, usual / vol, 1.5),
                "mc_status": "RED" if vol > 0.55 else "ORANGE" if vol > 0.30 else "OK",
                # Where the day closed between its low and its high, from its open: who was pressing.
                "imbalance": within(-1.0, (day.close - day.open) / (day.high - day.low), 1.0),
                # Of the last five days of all three, the share that went the majority's way.
                "agreement": max(rising, len(moves) - rising) / len(moves),
                "score": (sum(move > 0.0 for move in ten) - sum(move < 0.0 for move in ten)) / len(ten),
                "score_present": day.wti_quoted,
                "score_fresh": (day.date - days[t - 1].date).days <= 3,
                "hazard": within(0.0, (vol - 0.10) / 0.60, 1.0),
                "posture": "HIBERNATE" if vol > 0.60 else "STALKER" if vol > 0.35 else "APEX",
                "capital": CAPITAL * day.close / start,
                # Two prices of one thing on one day: the close, and the middle of its range.
                "clob_mid": day.close,
                "amm": (day.high + day.low) / 2.0,
            }
        )
    return rows


def write_table(rows: Sequence[Row], path: Path) -> None:
    """Write CSV, or Parquet where the name ends so. Floats keep every digit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        import pyarrow
        from pyarrow import parquet

        parquet.write_table(pyarrow.table({name: [row[name] for row in rows] for name in rows[0]}), path)
        return
    with path.open("w", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(rows[0])
        table.writerows(
            [repr(v) if isinstance(v, float) else str(v).lower() if isinstance(v, bool) else v for v in row.values()]
            for row in rows
        )


def main() -> None:
    """Write the table and say what is in it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("build/market.csv"))
    path: Path = parser.parse_args().output
    days = load_days()
    rows = market_rows(days)
    write_table(rows, path)
    entries = sum(float(row["vel_div"]) < -0.02 for row in rows)
    print(
        f"{path}: {len(rows)} bars, {days[WARM].date} to {days[-1].date}; {entries} of them below the entry threshold"
    )


if __name__ == "__main__":
    main()
