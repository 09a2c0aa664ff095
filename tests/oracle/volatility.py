"""Reference volatilities. Logarithms are mpmath's, rounded once.

>>> realised_volatility([1.0, 2.0], 2, 1.0), parkinson([2.0], [1.0], 2, 1.0), garman_klass([1.0], [2.0], [1.0], [1.0], 2, 1.0)
((0.6931471805599453, False), (0.41627730557884884, False), (0.49012907173427356, False))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from tests.oracle.num import fmax, sum_seq
from tests.oracle.policies import log

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 1

Said = tuple[float, bool]


@cache
def _log(x: float) -> float:
    """The logarithm as IEEE 754 has it: -inf of zeros, NaN below and of NaN."""
    if not 0.0 < x < math.inf:
        return x if x > 0.0 else -math.inf if x == 0.0 else math.nan
    return log(x)


def _root_of_mean(squares: Sequence[float], n: int, year: float) -> Said:
    last = squares[-n:]
    return math.sqrt(fmax(sum_seq(last) / float(len(last)) * year, 0.0)), len(last) == n


def realised_volatility(closes: Sequence[float], n: int, year: float) -> Said:
    ratios = [b / a for a, b in pairwise([closes[0], *closes])][1:]  # the first is of a bar by itself
    squares = [_log(ratio) * _log(ratio) for ratio in ratios[-n:]]
    return _root_of_mean(squares, n, year) if squares else (0.0, False)


def parkinson(highs: Sequence[float], lows: Sequence[float], n: int, year: float) -> Said:
    logs = [_log(h / low) for h, low in list(zip(highs, lows, strict=True))[-n:]]
    return _root_of_mean([r * r / 2.772588722239781 for r in logs], n, year)


def garman_klass(
    opens: Sequence[float], highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int, year: float
) -> Said:
    bars = list(zip(opens, highs, lows, closes, strict=True))[-n:]
    logs = [(_log(h / low), _log(c / o)) for o, h, low, c in bars]
    return _root_of_mean([0.5 * (r * r) - 0.3862943611198906 * (c * c) for r, c in logs], n, year)
