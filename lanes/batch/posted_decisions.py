"""When a decision was last posted, by ticker and side: the table beside `drift_alert`."""

from __future__ import annotations

from lanes.enums import FillSource
from lanes.weather.fills import DriftAlert, drift_alert

_USUAL = DriftAlert()


class PostedDecisions:
    """The last posting of each ticker and side. Shadow decisions are not posted and do not belong here."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, bool], float] = {}

    def post(self, ticker: str, yes: bool, t: float) -> None:
        """A decision on one side of a ticker was posted at `t` [s]."""
        key = ticker, yes
        self._last[key] = max(t, self._last.get(key, t))

    def alert(self, source: FillSource, ticker: str, yes: bool, t: float, p: DriftAlert = _USUAL) -> bool:
        """Whether a fill at `t` [s] is tagged manual though it was ours: a decision on its ticker and side was posted shortly before."""
        last = self._last.get((ticker, yes))
        return drift_alert(source, t, 0.0 if last is None else last, last is not None, p)
