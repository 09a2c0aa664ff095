"""A bot that trades the brackets of a city's daily high: channels, probabilities, gates, settlement, attribution of fills.

`combine_gaussian` is a plain function, for as many channels as there are. What is text (tickers, order ids) or a table stays on the
host: `lanes.batch` has `source_of_order_id` and `PostedOrders`.
"""

from lanes.weather.backfill import BackfillSource, Row, backfill_settlement, backfill_source
from lanes.weather.bracket import BracketProb, Edges, bracket_edges, bracket_prob
from lanes.weather.calibration import Residual, SigmaResidual, brier, sigma_residual_rmse
from lanes.weather.combine_gaussian import Combined, CombineGaussian, combine_gaussian
from lanes.weather.conviction_gate import ConvictionGate, conviction_gate
from lanes.weather.cross_bracket import CrossBracket
from lanes.weather.family_live import family_live
from lanes.weather.fast_path_sigma import FastPathSigma, fast_path_sigma
from lanes.weather.fills import DriftAlert, drift_alert, fill_source_tagger, posted_orders
from lanes.weather.metar_channel import MetarChannel, MetarReading, metar_channel
from lanes.weather.settlement import Settlement, settlement_profit_cents, settlement_revenue_cents
from lanes.weather.sigma_floor import SigmaFloor, sigma_floor
from lanes.weather.stash_once import Taken, stash_once

__all__ = [
    "BackfillSource",
    "BracketProb",
    "CombineGaussian",
    "Combined",
    "ConvictionGate",
    "CrossBracket",
    "DriftAlert",
    "Edges",
    "FastPathSigma",
    "MetarChannel",
    "MetarReading",
    "Residual",
    "Row",
    "Settlement",
    "SigmaFloor",
    "SigmaResidual",
    "Taken",
    "backfill_settlement",
    "backfill_source",
    "bracket_edges",
    "bracket_prob",
    "brier",
    "combine_gaussian",
    "conviction_gate",
    "drift_alert",
    "family_live",
    "fast_path_sigma",
    "fill_source_tagger",
    "metar_channel",
    "posted_orders",
    "settlement_profit_cents",
    "settlement_revenue_cents",
    "sigma_floor",
    "sigma_residual_rmse",
    "stash_once",
]
