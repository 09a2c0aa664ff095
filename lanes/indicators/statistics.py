"""Statistics of the last n values, and of two series side by side."""

from __future__ import annotations

from dataclasses import dataclass

from dag import ieee_div, lane, sqrt, sum_seq, window
from lanes.indicators.averages import LONGEST, Average, Period, Quantity

#: The kurtosis of a normal distribution; half of a tie counts.
NORMAL, HALVES = 3.0, 2.0


@dataclass(frozen=True)
class Correlation:
    """Covariance, correlation and slope of two series, and whether the period is full."""

    covariance: Quantity
    correlation: float
    beta: Quantity
    warm: bool


@dataclass(frozen=True)
class Shape:
    """Skewness and excess kurtosis, and whether the period is full."""

    skew: float
    kurtosis: float
    warm: bool


@lane
def rolling_zscore(x: Quantity, p: Period) -> Average:
    """How many deviations x lies from the mean of the last n values.

    Units    a ratio
    State    the 249 values before this bar, of which n - 1 count
    Bits     two passes, sums from 0.0, oldest first and this bar last; (x - mean) / sqrt(squares / count)
    Edges    0 where nothing deviates; population deviation
    Source   the textbook definition
    """
    past = window(x, p.n - 1, longest=LONGEST - 1)
    count = float(len(past) + 1)
    mean = (sum_seq(past, 0.0) + x) / count
    squares = sum_seq(((v - mean) * (v - mean) for v in past), 0.0) + (x - mean) * (x - mean)
    deviation = sqrt(squares / count)
    return Average(value=ieee_div(x - mean, deviation) if deviation > 0.0 else 0.0, warm=len(past) == p.n - 1)


@lane
def rolling_correlation(x: Quantity, y: Quantity, p: Period) -> Correlation:
    """Population covariance of x and y over n bars, their correlation, and the slope of y on x.

    Units    of the covariance those of x * y, of the slope those of y / x
    State    the 249 values of each before this bar, of which n - 1 count
    Bits     two passes, sums from 0.0, oldest first and this bar last; covariance / (sqrt(vx) * sqrt(vy)); covariance / vx
    Edges    correlation and slope are 0 where x or y (or x) does not deviate
    Source   the textbook definitions; TA-Lib's CORREL and BETA use one pass of sums
    """
    xs = window(x, p.n - 1, longest=LONGEST - 1)
    ys = window(y, p.n - 1, longest=LONGEST - 1)
    count = float(len(xs) + 1)
    mean_x = (sum_seq(xs, 0.0) + x) / count
    mean_y = (sum_seq(ys, 0.0) + y) / count
    products = sum_seq(((a - mean_x) * (b - mean_y) for a, b in zip(xs, ys, strict=True)), 0.0) + (x - mean_x) * (
        y - mean_y
    )
    squares_x = sum_seq(((a - mean_x) * (a - mean_x) for a in xs), 0.0) + (x - mean_x) * (x - mean_x)
    squares_y = sum_seq(((b - mean_y) * (b - mean_y) for b in ys), 0.0) + (y - mean_y) * (y - mean_y)
    covariance = products / count
    of_x, of_y = squares_x / count, squares_y / count
    apart = sqrt(of_x) * sqrt(of_y)
    return Correlation(
        covariance=covariance,
        correlation=ieee_div(covariance, apart) if apart > 0.0 else 0.0,
        beta=ieee_div(covariance, of_x) if of_x > 0.0 else 0.0,
        warm=len(xs) == p.n - 1,
    )


@lane
def rolling_shape(x: Quantity, p: Period) -> Shape:
    """Skewness and excess kurtosis of the last n values.

    Units    ratios
    State    the 249 values before this bar, of which n - 1 count
    Bits     two passes, sums from 0.0, oldest first and this bar last: m3 / (m2 * sqrt(m2)) and m4 / (m2 * m2) - 3, of moments over
             the number of values
    Edges    0 where nothing deviates
    Source   Fisher's g1 and g2, as scipy.stats.skew and kurtosis; pandas' rolling forms are corrected for small samples
    """
    past = window(x, p.n - 1, longest=LONGEST - 1)
    count = float(len(past) + 1)
    mean = (sum_seq(past, 0.0) + x) / count
    d = x - mean
    m2 = (sum_seq(((v - mean) * (v - mean) for v in past), 0.0) + d * d) / count
    m3 = (sum_seq(((v - mean) * (v - mean) * (v - mean) for v in past), 0.0) + d * d * d) / count
    fourth = sum_seq((((v - mean) * (v - mean)) * ((v - mean) * (v - mean)) for v in past), 0.0) + (d * d) * (d * d)
    return Shape(
        skew=ieee_div(m3, m2 * sqrt(m2)) if m2 > 0.0 else 0.0,
        kurtosis=ieee_div(fourth / count, m2 * m2) - NORMAL if m2 > 0.0 else 0.0,
        warm=len(past) == p.n - 1,
    )


@lane
def ts_rank(x: Quantity, p: Period) -> Average:
    """Which place x has among the last n values, as a share: 1 for the highest.

    Units    a share
    State    the 249 values before this bar, of which n - 1 count
    Bits     (lower + (equal + 1) / 2) / count, x among the equal
    Edges    of equals the mean place; a NaN is neither lower nor equal, and x that is NaN is last
    Source   Kakushadze, 101 Formulaic Alphas (2016); pandas' rolling rank(pct=True)
    """
    past = window(x, p.n - 1, longest=LONGEST - 1)
    lower = sum(v < x for v in past)
    equal = sum(v == x for v in past) + 1
    value = (float(lower) + (float(equal) + 1.0) / HALVES) / float(len(past) + 1)
    return Average(value=value, warm=len(past) == p.n - 1)
