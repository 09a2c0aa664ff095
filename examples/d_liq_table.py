"""The table for `d_liq_engine`: that of `market_table.py`, and what an engine wants beyond it, from the same real prices.

    python -m examples.d_liq_table -o build/d_liq.csv        (or .parquet)

One row per trading day of the S&P 500 since 1999. The universe of traded assets is the S&P 500, NASDAQ, WTI crude, and one that is pegged
at 1, which the engine excludes; NASDAQ also stands for the reference asset. A day of the table is a day of the engine. The
figures of the backtest this engine is from were made of five-second bars of 48 crypto assets: no package ships those, so
what comes out here is the engine's arithmetic over real prices and not its published return.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from examples.market_table import WARM, Day, Row, load_days, market_rows, within, write_table

#: Bars of the short window, and of the one that says how often the book's lean was confirmed.
SHORT, CONFIRMED = 50, 5
#: Columns that are those of the market table.
KEPT = (
    "vel_div", "signals", "meta", "mc_status", "imbalance", "agreement", "score", "score_present", "score_fresh",
    "hazard", "posture",
)  # fmt: skip


def deviation(values: Sequence[float]) -> float:
    """Population standard deviation, with exact sums."""
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((each - mean) * (each - mean) for each in values) / len(values))


def d_liq_rows(days: Sequence[Day]) -> list[Row]:
    """The table: a row for every day on which all windows are full."""
    market = market_rows(days)
    rows: list[Row] = []
    for t in range(SHORT, len(market)):
        row, day = market[t], days[t + WARM]
        recent = [float(each["vel_div"]) for each in market[t - SHORT + 1 : t + 1]]
        leans = [float(each["imbalance"]) for each in market[t - CONFIRMED + 1 : t + 1]]
        spread = (day.high - day.low) / day.close
        rows.append(
            {
                "day": t,
                **{name: row[name] for name in KEPT},
                "prices.0": day.close,
                "prices.1": day.nasdaq,
                "prices.2": day.wti,
                "prices.3": 1.0,
                "instability_50": deviation(recent),
                "v750": row["w750"],
                "btc": day.nasdaq,
                # The number of the bar since the first.
                "bar": t,
                # How far the close is from where it opened, and on how many of five days the close leaned the same way.
                "edge_bps": 10_000.0 * abs(day.close - day.open) / day.open,
                "confirm_rate": sum(lean * leans[-1] > 0.0 for lean in leans) / len(leans),
                # A day that closed in the last fiftieth of a range of 4 % or more was eaten; one of 8 % was abandoned.
                "ob_cascade": spread > 0.04 and within(0.0, (day.close - day.low) / (day.high - day.low), 1.0) < 0.02,
                "ob_withdrawal": spread > 0.08,
            }
        )
    return rows


def main() -> None:
    """Write the table and say what is in it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("build/d_liq.csv"))
    path: Path = parser.parse_args().output
    days = load_days()
    rows = d_liq_rows(days)
    write_table(rows, path)
    print(f"{path}: {len(rows)} bars, {days[WARM + SHORT].date} to {days[-1].date}")


if __name__ == "__main__":
    main()
