"""Over whole samples, on the host: run when something is calibrated or reported, never per bar, and no part of a graph.

They sort, and take as much data as there is, so they are plain functions; their sums are in the declared orders of `lanes.num`.
"""

from lanes.batch.block_list import BlockList
from lanes.batch.curve_parity import Parity, curve_parity, pearson
from lanes.batch.day_table import day_table
from lanes.batch.emission_table import EmissionTable
from lanes.batch.fill_tags import Posted, PostedOrders, source_of_order_id
from lanes.batch.mend import Change, mend
from lanes.batch.order_statistics import median, percentile_of_sample
from lanes.batch.posted_decisions import PostedDecisions
from lanes.batch.vol_p60 import vol_p60

__all__ = [
    "BlockList",
    "Change",
    "EmissionTable",
    "Parity",
    "Posted",
    "PostedDecisions",
    "PostedOrders",
    "curve_parity",
    "day_table",
    "median",
    "mend",
    "pearson",
    "percentile_of_sample",
    "source_of_order_id",
    "vol_p60",
]
