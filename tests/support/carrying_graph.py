"""A graph that carries a value of every type, and bars that put every special value into them."""

from __future__ import annotations

import math

import numpy as np

from compile.backend import Batch
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, ADD_F32, F64_TO_F32, I64_TO_I32, IADD, IMUL, LT, MUL, MUL_F32, SELECT
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F32, F64, I32, I64, enum_type

SIDE = enum_type("Side", {"SELL": -1, "BUY": 1})


def carrying_graph(name: str = "carrying") -> Graph:
    """Seven carried values. Not prepared, so that NaN and infinities are no offence and get into the state."""
    builder = GraphBuilder(name)
    builder.open_scope("", name, "Carry a value of every type.")
    x = builder.input("x", F64, "1", whole_domain(F64))
    side = builder.input("side", SIDE, "1", whole_domain(SIDE))
    pace = builder.param("pace", F64, "1", whole_domain(F64), 0.5)
    slow = builder.param("slow", F32, "1", whole_domain(F32), 0.25)
    jump = builder.param("jump", I32, "1", whole_domain(I32), 7)
    last = builder.state("last", F64, "1", -0.0)
    mean = builder.state("mean", F64, "1", 1.0)
    narrow = builder.state("narrow", F32, "1", 2.0**-122)
    count = builder.state("count", I64, "1", 1)
    short = builder.state("short", I32, "1", -3)
    rising = builder.state("rising", BOOL, "1", True)
    facing = builder.state("facing", SIDE, "1", 1)
    following = {
        "last": x,
        "mean": builder.op(SELECT, (rising, builder.op(ADD, (builder.op(MUL, (mean, pace)), x)), builder.op(MUL, (mean, pace)))),
        "narrow": builder.op(ADD_F32, (builder.op(MUL_F32, (narrow, slow)), builder.op(F64_TO_F32, (x,)))),
        "count": builder.op(IMUL, (count, builder.const(6364136223846793005, I64, "1"))),
        "short": builder.op(I64_TO_I32, (count,)),
        "rising": builder.op(LT, (last, x)),
        "facing": builder.op(SELECT, (rising, side, facing)),
    }  # fmt: skip
    for state, node in following.items():
        builder.set_next(state, node)
        builder.tap(f"next_{state}", node)
        builder.output(f"new_{state}", node, {"rising": False, "facing": 1}.get(state, 0))
    for state, node in {"last": last, "narrow": narrow, "short": short, "jump": jump}.items():
        builder.output(f"old_{state}", node, 0)
    builder.output("sum", builder.op(IADD, (count, count)), 0)
    builder.close_scope()
    return builder.freeze()


def carrying_batch(bars: int, seed: int = 3) -> Batch:
    """One instance. x is mostly 0, so that the mean decays into the subnormals, and now and then something special."""
    rng = np.random.default_rng(seed)
    x = np.zeros((bars, 1))
    special = (-0.0, 5e-324, -2.5e-310, 1e-45, 1e308, math.inf, -math.inf, math.nan, 3.5, -7.25, 2.0**-149)
    where = rng.random(bars) < 0.3
    where[:8] = False  # until then both means decay in peace
    x[where, 0] = rng.choice(special, int(where.sum()))
    x[0, 0], x[bars - 1, 0] = 2.0**-1060, math.nan
    params = {"pace": np.array([0.5]), "slow": np.array([0.25], np.float32), "jump": np.array([7], np.int32)}
    return Batch({"x": x, "side": rng.choice([-1, 1], (bars, 1))}, params, None, bars, 1)
