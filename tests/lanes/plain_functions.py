"""The library's plain functions, which take any unit, and the language's own arithmetic, as lanes of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import domain, ieee_div, lane, params, rint, sum_seq, unit
from lanes.num import (
    EmaForm,
    alpha_from_span,
    ascending,
    clamp,
    ema_step,
    is_finite,
    mean_and_deviation,
    percentile,
    sum_numpy,
)
from lanes.signal import asset_pick
from lanes.units import Fahrenheit, Frac
from lanes.weather import Combined, CombineGaussian, combine_gaussian

Px: TypeAlias = Annotated[float, unit("px")]
Three: TypeAlias = tuple[Px, Px, Px]
Twelve: TypeAlias = tuple[Px, Px, Px, Px, Px, Px, Px, Px, Px, Px, Px, Px]


@params
class EmaParams:
    span: Annotated[float, unit("ticks_t"), domain(above=0.0)] = 150.0
    form: EmaForm = EmaForm.DELTA


@params
class Quantile:
    q: Frac = 0.6


@params
class Least:
    min_alignment: Frac = 0.45


@dataclass(frozen=True)
class Rounded:
    to_6: float
    to_12: float
    to_whole: float
    quotient: float


@dataclass(frozen=True)
class Summary:
    in_order: Px
    by_columns: Px
    mean: Px
    deviation: Px


@lane
def clamped(x: Px, lo: Px, hi: Px) -> Px:
    return clamp(x, lo, hi)


@lane
def finite(x: Px) -> bool:
    return is_finite(x * 1e300)


@lane
def averaged(previous: Px, x: Px, p: EmaParams) -> Px:
    return ema_step(previous, x, alpha_from_span(p.span), p.form)


@lane
def rounded(x: float, y: float) -> Rounded:
    return Rounded(to_6=round(x, 6), to_12=round(x, 12), to_whole=rint(x), quotient=ieee_div(x, y))


@lane
def summary_of_three(x: Three) -> Summary:
    mean, deviation = mean_and_deviation(x)
    return Summary(in_order=sum_seq((0.0, *x)), by_columns=sum_numpy(x), mean=mean, deviation=deviation)


@lane
def summary_of_twelve(x: Twelve) -> Summary:
    mean, deviation = mean_and_deviation(x)
    return Summary(in_order=sum_seq((0.0, *x)), by_columns=sum_numpy(x), mean=mean, deviation=deviation)


def sortable(x: tuple[float, ...]) -> bool:
    """Whether all have a place in an order."""
    every = True
    for each in x:
        every = every and each == each
    return every


@lane
def percentile_of_three(x: Three, p: Quantile) -> Px:
    return percentile(x, p.q) if sortable(x) else 0.0


@lane
def percentile_of_twelve(x: Twelve, p: Quantile) -> Px:
    return percentile(x, p.q) if sortable(x) else 0.0


@lane
def in_order_of_three(x: Three) -> Three:
    low, middle, high = ascending(x)
    return (low, middle, high) if sortable(x) else (0.0, 0.0, 0.0)


@lane
def picked_of_three(
    scores: tuple[float, float, float], alignments: tuple[Frac, Frac, Frac], kept: tuple[bool, bool, bool], p: Least
) -> int:
    return asset_pick(scores, alignments, kept, p.min_alignment)


@lane
def combine_three_gaussians(
    mu: tuple[Fahrenheit, Fahrenheit, Fahrenheit],
    sigma: tuple[Fahrenheit, Fahrenheit, Fahrenheit],
    use: tuple[bool, bool, bool],
    p: CombineGaussian,
) -> Combined:
    return combine_gaussian(mu, sigma, use, p)
