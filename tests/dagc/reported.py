"""A lane for `dagc lint --report`: two feeds, a gate, a regime that acts twice, a log that lacks something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import domain, feed, gate, lane, logged, sink

Ratio = Annotated[float, domain(0.0, 2.0)]


@dataclass(frozen=True)
class Quote:
    send: Annotated[bool, sink(key=None)]
    size: Annotated[float, sink(key=None)]
    skew: float


@lane
def open_now(halted: bool) -> Annotated[bool, gate("hard")]:
    return not halted


@lane
def base(depth: Ratio, regime: Ratio) -> Ratio:
    return depth * 0.5 * regime


@lane
def damping(regime: Ratio) -> Ratio:
    return 1.0 / (1.0 + regime)


@lane
def quoted(
    depth: Annotated[Ratio, feed("book"), logged()],
    trades: Annotated[Ratio, feed("book")],
    regime: Annotated[Ratio, logged()],
    halted: bool,
) -> Quote:
    allowed = open_now(halted)
    size = base(depth, regime) * damping(regime)
    return Quote(send=allowed, size=size if allowed else 0.0, skew=trades * trades)
