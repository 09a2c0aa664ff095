"""Lanes with every fold over windows, of floats and of narrow types."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from dag import domain, float32, int32, lane, max_seq, min_seq, sum_numpy, sum_seq, window

Positive = Annotated[float, domain(0.25, 1e6)]


@dataclass(frozen=True)
class Over:
    """What the last values say."""

    count: int
    below: int
    total: float
    lowest: float
    highest: float
    oldest: float
    newest: float
    path: float
    product: float
    spread: float
    fewest: int
    most: int


@lane
def over(x: Positive, y: float, keep: bool) -> Over:
    """Every fold, over one window, over neighbours, over two windows side by side."""
    past = window(x, 11)
    kept = window(y, 11)
    rare = window(y, 5, when=keep)
    votes = window((1 if keep else -3) * (2 if y > x else 1), 11)
    count = len(past)
    mean = sum_seq(past, 0.0) / float(count) if count > 0 else 0.0
    return Over(
        count=count,
        below=sum_seq((1 if v < x else 0 for v in past), 0),
        total=sum_seq(rare, -0.0),
        lowest=min_seq(rare, 7.0),
        highest=max_seq((abs(v) for v in kept), -1.0),
        oldest=past[0] if count > 0 else x,
        newest=past[-2] if count == 11 else x,
        path=sum_seq((abs(b - a) / a for a, b in pairwise(past)), 0.0),
        product=sum_seq((a * b for a, b in zip(past, kept, strict=True)), 0.0),
        spread=sum_numpy(((v - mean) * (v - mean) for v in past), 0.0),
        fewest=min_seq(votes, 0),
        most=max_seq((v * v for v in votes), -1),
    )


Price = Annotated[float32, domain(0.25, 1e30)]

Lots = Annotated[int32, domain(-1000, 1000)]


@dataclass(frozen=True)
class Narrow:
    """What the last 32-bit values say."""

    total: float32
    in_blocks: float32
    product: float32
    lowest: float32
    highest: float32
    newest: float32
    below: int
    wide: float
    lots: int32
    fewest: int32
    most: int32
    held: float


@lane
def narrow(x: Price, n: Lots) -> Narrow:
    """Every fold, over windows of 32-bit numbers."""
    past = window(x, 19)
    lots = window(n, 11)
    return Narrow(
        total=sum_seq((v * float32(0.1) for v in past), float32(-0.0)),
        in_blocks=sum_numpy((abs(b - a) / a for a, b in pairwise(past)), float32(0.5)),
        product=sum_seq((v * v for v in past), x),
        lowest=min_seq(past, x),
        highest=max_seq((-v for v in past), float32(-1.5)),
        newest=past[-1] if len(past) > 0 else x,
        below=sum_seq((1 if v < x else 0 for v in past), 0),
        wide=sum_seq((float(v) for v in past), 0.0),
        lots=sum_seq((v * v for v in lots), n),
        fewest=min_seq(lots, int32(7)),
        most=max_seq((-v for v in lots), n),
        held=sum_seq(lots, 0.5),
    )
