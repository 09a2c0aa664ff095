"""Over whole samples, on the host: run when something is calibrated or reported, never per bar, and no part of a graph.

They sort, and take as much data as there is, so they are plain functions; their sums are in the declared orders of `lanes.num`.
"""

from lanes.batch.curve_parity import Parity, curve_parity, pearson
from lanes.batch.day_table import day_table
from lanes.batch.emission_table import EmissionTable
from lanes.batch.fill_tags import Posted, PostedOrders, source_of_order_id
from lanes.batch.order_statistics import median, percentile_of_sample
from lanes.batch.vol_p60 import vol_p60

__all__ = [
    "EmissionTable",
    "Parity",
    "Posted",
    "PostedOrders",
    "curve_parity",
    "day_table",
    "median",
    "pearson",
    "percentile_of_sample",
    "source_of_order_id",
    "vol_p60",
]
