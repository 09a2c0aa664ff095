"""Which strategy posted an order: from the text of its id, and from memory where a fill comes without one."""

from __future__ import annotations

from dataclasses import dataclass

from lanes.enums import FillSource
from lanes.weather.fills import fill_source_tagger, posted_orders

#: Prefixes of client order ids, those first that begin with another. The last catches what other strategies post [chosen].
PREFIXES = (
    ("mm_xb_exit_", FillSource.CROSS_BRACKET_EXIT),
    ("mm_xbexit_", FillSource.CROSS_BRACKET_EXIT),
    ("mm_xb_", FillSource.CROSS_BRACKET),
    ("mm_", FillSource.LEGACY),
)


def source_of_order_id(client_order_id: str) -> FillSource:
    """The strategy that an order id names by its prefix; MANUAL where it is none of ours."""
    return next((tag for prefix, tag in PREFIXES if client_order_id.startswith(prefix)), FillSource.MANUAL)


@dataclass(frozen=True)
class Posted:
    """What was posted, and when [s]."""

    tag: FillSource
    t: float


class PostedOrders:
    """Orders by their ids, as they were posted: the first write of an id stays."""

    def __init__(self) -> None:
        self._orders: dict[int, Posted] = {}

    def post(self, order_id: int | None, tag: FillSource | None, t: float) -> bool:
        """Remember an order; whether it was: not without an id or a tag, nor a second time."""
        stored = posted_orders(order_id in self._orders, order_id is not None, tag is not None)
        if stored and order_id is not None and tag is not None:
            self._orders[order_id] = Posted(tag, t)
        return stored

    def posted(self, order_id: int) -> Posted | None:
        """What is remembered of an order."""
        return self._orders.get(order_id)

    def tag_of_fill(self, order_id: int, client_order_id: str | None) -> FillSource:
        """The strategy of a fill, by the id in its payload where there is one, else from memory, else MANUAL."""
        known = self._orders.get(order_id)
        payload = FillSource.MANUAL if client_order_id is None else source_of_order_id(client_order_id)
        remembered = FillSource.MANUAL if known is None else known.tag
        return fill_source_tagger(payload, client_order_id is not None, remembered, known is not None)
