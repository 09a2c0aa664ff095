"""Calibrating the volatility gate."""

from __future__ import annotations

from collections.abc import Sequence

from lanes.batch.order_statistics import percentile_of_sample
from lanes.num.mean_and_deviation import mean_and_deviation

#: The gold value was pooled from the first two days only; any other choice changes the number of trades.
CALIBRATION_DAYS = 2
#: Of a window: one more than `sum_numpy` adds.
MOST_PRICES = 129


def vol_p60(days: Sequence[Sequence[float]], start: int = 60, win: int = 50, min_n: int = 10, q: float = 0.60) -> float:
    """The volatility that `vol_regime_gate` has to exceed: the 60th percentile of the first two days' volatilities.

    For each bar from `start` on, the population deviation of the returns among the `win` prices before it, where there are
    `min_n` of them and it is above 0; both days in one pool.

    Inputs   days, the reference asset's prices [px] of each day in order; q, the quantile
    Result   a fraction per bar; about 0.00009868 in the D_LIQ gold backtest, which this method is from
    Errors   ValueError where no bar has a volatility above 0, or where a window has more than 128 returns
    """
    if win > MOST_PRICES:
        raise ValueError(f"vol_p60: a window of {win} prices; numpy's order of summation is ours up to {MOST_PRICES}")
    pool: list[float] = []
    for prices in days[:CALIBRATION_DAYS]:
        for bar in range(start, len(prices)):
            before = prices[max(0, bar - win) : bar]
            if len(before) < min_n:
                continue
            returns = tuple((before[k + 1] - before[k]) / before[k] for k in range(len(before) - 1))
            deviation = mean_and_deviation(returns)[1]
            if deviation > 0.0:
                pool.append(deviation)
    if not pool:
        raise ValueError(
            f"vol_p60: no bar from {start} on has a volatility above 0 in the first {CALIBRATION_DAYS} days"
        )
    return percentile_of_sample(pool, q)
