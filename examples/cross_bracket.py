"""The cross-bracket decision of a weather bot: from a reading and a forecast to an order, and what it earned in whole cents.

    python examples/cross_bracket.py -o build/weather.csv        (a table of decisions to replay)
    dagc build examples/cross_bracket.py:cross_bracket -o build/weather

A row is one cycle of one city and one bracket of its daily high. The prices and temperatures of the table are not a market's: a
seeded walk about a daily curve, forecasts that miss by about two degrees, asks near the true odds.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from dataclasses import dataclass
from math import inf, nan
from pathlib import Path
from typing import Annotated

from dag import carry, feed, lane, safe, sink, substitute
from lanes.enums import BracketAction, MarketResult, WeatherFamily
from lanes.num.is_finite import is_finite
from lanes.slots import diurnal_fit, mm_promotion
from lanes.units import Fahrenheit, Prob, Seconds, Spread
from lanes.weather import (
    CrossBracket,
    bracket_edges,
    bracket_prob,
    combine_gaussian,
    conviction_gate,
    family_live,
    metar_channel,
    settlement_profit_cents,
    sigma_floor,
)
from lanes.weather.conviction_gate import Ask
from lanes.weather.settlement import Holding, Paid, Reported, Settlement

CYCLES_PER_DAY = 24
HOUR = 3600.0


@dataclass(frozen=True)
class Reading:
    """What the station and the forecasters say in this cycle."""

    day: int
    temp: Annotated[Fahrenheit, feed("station")]
    temp_present: bool
    blended: Annotated[Fahrenheit, feed("forecast")]  # the old channel: readings and the forecast in one
    blended_sigma: Spread
    rmse: Fahrenheit
    rmse_present: bool
    forecast: Annotated[Fahrenheit, feed("forecast")]
    forecast_sigma: Spread


@dataclass(frozen=True)
class Bracket:
    """A bracket of the family's market, and its prices."""

    family: WeatherFamily
    label_mid: Fahrenheit
    open_below: bool
    open_above: bool
    yes_ask: Ask
    no_ask: Ask


@dataclass(frozen=True)
class Switches:
    """What allows the family to be traded."""

    blocked: bool
    env_on: bool
    kv_value: bool
    kv_expires: Seconds
    kv_present: bool
    now: Seconds


@dataclass(frozen=True)
class Position:
    """What is held of the bracket, and how it was settled."""

    yes: Holding
    no: Holding
    result: MarketResult
    cost: Paid
    fees: Paid
    reported: Reported
    reported_present: bool


@dataclass(frozen=True)
class Decision:
    """What to buy, from what, and what the position earned."""

    action: Annotated[BracketAction, safe(BracketAction.NONE), sink(key="order", gate="family_live")]
    order: int  # the number of the order, by which a repeat of it is told
    p_yes: Prob
    mu: Fahrenheit
    sigma: Fahrenheit
    channels: int
    promoted: bool  # out of the canary, no while its slot is empty
    settled: Settlement


@lane
def cross_bracket(
    reading: Reading, bracket: Bracket, switches: Switches, position: Position, p: CrossBracket
) -> Decision:
    """Combination, floor, bracket, conviction, and settlement of one cycle.

    The floor comes after the combination: two channels that agree are no reason to claim more precision than the family's
    residuals show. A channel without a value is left out of the combination, and without any there is no order. The old observation
    channel holds the forecast already: it stands alone, since a forecast is not counted twice. Every order asks `family_live`.
    """
    orders = carry(initial=0)
    fit = diurnal_fit()
    observed = metar_channel(
        reading.day,
        reading.temp,
        reading.temp_present,
        reading.blended,
        reading.blended_sigma,
        fit.rmse if fit.present else reading.rmse,
        fit.present or reading.rmse_present,
        p.metar,
    )
    mixed = combine_gaussian(
        (observed.shadow_mu, reading.forecast),
        (observed.shadow_sigma, reading.forecast_sigma),
        (True, True),
        p.combine,
    )
    blends = is_finite(observed.live_mu) and is_finite(observed.live_sigma)
    alone = observed.live_mu if blends else nan
    mu: Annotated[Fahrenheit, substitute()] = mixed.mu if p.metar.only_running else alone
    combined: Annotated[Fahrenheit, substitute()] = mixed.sigma if p.metar.only_running else observed.live_sigma
    channels: Annotated[int, substitute()] = mixed.n if p.metar.only_running else int(blends)
    known = channels > 0
    spread = sigma_floor(combined if known else 1.0, bracket.family, p.floors)
    edges = bracket_edges(bracket.label_mid)
    lo = -inf if bracket.open_below else edges.lo
    hi = inf if bracket.open_above else edges.hi
    p_yes = bracket_prob(mu, spread, lo, hi, p.bracket)
    wanted = conviction_gate(p_yes, bracket.yes_ask, bracket.no_ask, p.gate)
    live = family_live(
        switches.blocked,
        switches.env_on,
        switches.kv_value,
        switches.kv_expires,
        switches.kv_present,
        switches.now,
    )
    action = wanted if live and known else BracketAction.NONE
    orders = orders + int(action != BracketAction.NONE)
    settled = settlement_profit_cents(
        position.yes,
        position.no,
        position.result,
        position.cost,
        position.fees,
        position.reported,
        position.reported_present,
    )
    return Decision(
        action=action,
        order=orders,
        p_yes=p_yes,
        mu=mu,
        sigma=spread if known else nan,
        channels=channels,
        promoted=mm_promotion(),
        settled=settled,
    )


def weather_table(days: int, seed: int = 1) -> list[dict[str, object]]:
    """Cycles of one city, hour by hour; the same for the same seed."""
    rng = random.Random(seed)
    rows: list[dict[str, object]] = []
    for day in range(1, days + 1):
        peak = 45.0 + 25.0 * math.sin(2.0 * math.pi * day / 365.0) + rng.uniform(-8.0, 8.0)
        forecast = peak + rng.gauss(0.0, 2.0)
        label = math.floor(peak + rng.uniform(-4.0, 4.0)) + 0.5
        won = abs(round(peak) - label) < 1.0
        for hour in range(CYCLES_PER_DAY):
            temp = peak - 12.0 * abs(hour - 15) / 15.0 + rng.uniform(-0.5, 0.5)
            odds = min(max(0.5 - 0.08 * abs(peak - label) + rng.uniform(-0.1, 0.1), 0.01), 0.99)
            rows.append(
                {
                    "day": day, "temp": round(temp, 1), "temp_present": rng.random() < 0.9,
                    "blended": round(forecast + rng.uniform(-1.0, 1.0), 1), "blended_sigma": 0.3 if hour > 15 else 1.5,
                    "rmse": round(rng.uniform(0.8, 3.0), 2), "rmse_present": rng.random() < 0.7,
                    "forecast": round(forecast, 1), "forecast_sigma": 1.0 + hour % 3,
                    "family": rng.choice(list(WeatherFamily)).name, "label_mid": label,
                    "open_below": rng.random() < 0.05, "open_above": rng.random() < 0.05,
                    "yes_ask": round(100.0 * odds), "no_ask": round(100.0 * (1.02 - odds)),
                    "blocked": rng.random() < 0.1, "env_on": True, "kv_value": rng.random() < 0.9,
                    "kv_expires": 24.0 * HOUR * (day + rng.random() * 0.2), "kv_present": rng.random() < 0.95,
                    "now": 24.0 * HOUR * (day - 1) + HOUR * hour,
                    "yes": float(rng.randrange(3)), "no": rng.choice((0.0, 1.0, 2.5)),
                    "result": ("YES" if won else "NO") if hour == CYCLES_PER_DAY - 1 else "UNKNOWN",
                    "cost": rng.randrange(200), "fees": rng.randrange(5), "reported": 0, "reported_present": hour > 21,
                }
            )  # fmt: skip
    return rows


def main() -> None:
    """Write a table for `dagc replay` and `dagc check --data`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--out", type=Path, default=Path("build/weather.csv"))
    parser.add_argument("--days", type=int, default=60)
    given = parser.parse_args()
    rows = weather_table(given.days)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print(f"{given.out}: {len(rows)} cycles of {given.days} days")


if __name__ == "__main__":
    main()
