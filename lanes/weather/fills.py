"""To which strategy a fill belongs, and an alarm for when that goes wrong upstream."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params
from lanes.enums import FillSource
from lanes.units import Seconds


@params
class DriftAlert:
    """For how long after a posted decision a fill must not look manual."""

    window: Annotated[Seconds, domain(above=0.0)] = 600.0


@lane
def fill_source_tagger(
    payload_tag: FillSource, payload_tag_present: bool, posted_tag: FillSource, posted_tag_present: bool
) -> FillSource:
    """The tag that the fill's own order id says, else the one remembered when the order was posted, else MANUAL.

    Inputs   payload_tag: from `lanes.batch.source_of_order_id`; posted_tag: from `lanes.batch.PostedOrders`
    Source   the weather cross-bracket bot, whose venue once dropped the id: every fill was manual for two days
    """
    remembered = posted_tag if posted_tag_present else FillSource.MANUAL
    return payload_tag if payload_tag_present else remembered


@lane
def drift_alert(source: FillSource, t: Seconds, last_post: Seconds, last_post_present: bool, p: DriftAlert) -> bool:
    """Whether a fill is tagged manual although the bot posted on this ticker and side shortly before.

    Units    [s]
    Inputs   last_post: when a decision was last posted on this ticker and side, where one was; shadow decisions do not count.
             A failed look-up is no post.
    Edges    both ends of the window are inside [chosen]
    Source   the weather cross-bracket bot: the canary for a field that the venue changes
    """
    age = t - last_post
    return source == FillSource.MANUAL and last_post_present and 0.0 <= age <= p.window


@lane
def posted_orders(known: bool, order_id_present: bool, tag_present: bool) -> bool:
    """Whether an order is to be remembered: it has an id and a tag, and its id is new. The first write wins.

    Inputs   known: whether the table has the id; `lanes.batch.PostedOrders` is that table
    Source   the weather cross-bracket bot
    """
    return order_id_present and tag_present and not known
