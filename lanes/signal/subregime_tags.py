"""Where the edge was found to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, domain, lane, params, sum_seq, unit, window
from lanes.units import Bars, Price, VelDiv

#: The most prices of the moving average, the bar's own among them.
LONGEST = 200


@params
class SubregimeTags:
    """Where volatility counts as high, which no source states: pin it; where a divergence counts as strong [chosen]; and the average."""

    dvol_split: float
    strong: VelDiv = -0.05
    ma_n: Annotated[Bars, domain(2, LONGEST)] = 99


@dataclass(frozen=True)
class Tags:
    """Three observations, the moving average behind the first, and whether it has all of its prices."""

    below_ma: bool
    high_dvol: bool
    strong_vd: bool
    ma: Annotated[float, unit("px")]
    warm: bool


@lane
def subregime_tags(btc: Price, dvol_idx: float, vel_div: VelDiv, p: SubregimeTags) -> Tags:
    """Whether the reference asset is below its average of `ma_n` prices, its volatility index high, the divergence strong.

    Units    btc [px], the index as it is published, vel_div [vd]
    State    the 199 prices before this bar, of which ma_n - 1 count beside the bar's own
    Edges    below only once the average is warm; comparisons are strict
    Source   the VIOLET V3 study: 28.4 against 12.6 a trade below the average, 27.2 against 17.1 at high volatility, 30.8 against 13.6
             at strong divergence. They observe and do not gate: as gates they are worth some six points. Bar and splits are [chosen].
    """
    before = as_unit(p.ma_n, "1") - 1
    past = window(btc, before, longest=LONGEST - 1)
    warm = len(past) == before
    ma = (sum_seq(past, 0.0) + btc) / float(len(past) + 1)
    return Tags(
        below_ma=warm and btc < ma,
        high_dvol=dvol_idx > p.dvol_split,
        strong_vd=vel_div < p.strong,
        ma=ma,
        warm=warm,
    )
