"""What `max(w)` and `min(w)` of a window are advised to be: the ends of its own values, so that a new bar can lie beyond them."""

from __future__ import annotations

from compile.hazards.search import hazards
from dag import lane, max_seq, min_seq, window
from dag.trace import trace


@lane
def breakout(close: float) -> float:
    w = window(close, 3)
    high = (max_seq(w, w[0]) if len(w) > 0 else close) if len(w) > 0 else close
    low = min_seq(w, w[0]) if len(w) > 0 else close
    return 1.0 if close > high else -1.0 if close < low else 0.0


def test_a_bar_beyond_the_window_is_a_breakout() -> None:
    assert hazards(trace(breakout)) == []
    stream = breakout.stream()
    assert [stream(close) for close in (5.0, 6.0, 5.5, 4.0, 6.0, 7.0)] == [0.0, 1.0, 0.0, -1.0, 0.0, 1.0]
