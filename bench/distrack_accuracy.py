"""How far the sketches are from exact quantiles, beside Apache DataSketches: `python -m bench.distrack_accuracy [-n VALUES]`.

For each stream the worst error in rank, in percent, over seven quantiles: how far the rank of the answer is from the one asked for,
where the rank of x is anything from the share of values below x to the share at or below it. `log_histogram` promises a relative
error of the value instead; its second column is the worst of that. Our sketches run in C, the others in their C++.
"""

from __future__ import annotations

import argparse
import importlib
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch
from compile.c.backend import C
from compile.pipeline import prepare
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.trace import trace
from lanes.distrack import (
    log_histogram,
    log_quantile,
    p2_quantile,
    reservoir,
    settled,
    tdigest,
    tdigest_quantile,
)
from lanes.distrack.reservoir import SLOTS

Values = NDArray[np.float64]
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def market(name: str) -> Values:
    """Daily prices that the package arch ships."""
    table: Any = importlib.import_module(f"arch.data.{name}").load()
    column = "Close" if "Close" in table.columns else table.columns[-1]
    prices: Values = np.array(table[column].dropna(), float)
    return prices


def returns(prices: Values) -> Values:
    """Simple returns."""
    return (prices[1:] - prices[:-1]) / prices[:-1]


def streams(n: int) -> dict[str, Values]:
    """Real and adversarial streams by name."""
    rng = np.random.default_rng(17)
    k = np.arange(n, dtype=float)
    return {
        "S&P 500, daily returns": returns(market("sp500")),
        "NASDAQ, daily returns": returns(market("nasdaq")),
        "WTI, price": market("wti"),
        "VIX, level": market("vix"),
        "normal": rng.normal(size=n),
        "ascending": k,
        "descending": -k,
        "zigzag outwards": np.where(k % 2 == 0, k, -k),
        "zigzag inwards": np.where(k % 2 == 0, 1.0, -1.0) * 0.999**k,
        "Cauchy": rng.standard_cauchy(n),
        "bimodal": np.where(rng.random(n) < 0.5, rng.normal(-5.0, 0.1, n), rng.normal(5.0, 0.1, n)),
        "log-uniform over 18 decades": 10.0 ** rng.uniform(-9.0, 9.0, n),
        "three values": rng.choice([1.0, 2.0, 3.0], n),
        "constant": np.full(n, 42.0),
    }


def run(lane: AnyLane, x: Values, params: dict[str, Any], instances: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """Outputs of the last bar and the state after it, of instances that all see `x`."""
    graph: Graph = prepare(trace(lane))
    nodes = {output.name: output.node for output in graph.outputs}
    column = np.broadcast_to(x[:, np.newaxis], (x.size, instances))
    batch = Batch({"x": column}, params, None, x.size, instances)
    result = C().load(graph, C().lower(graph)).run(batch, list(nodes.values()))
    assert not result.nodes[nodes["status"]].any()
    return {name: result.nodes[node][-1] for name, node in nodes.items()}, dict(result.state)


def answers(x: Values) -> dict[str, list[float]]:
    """What each sketch says of every quantile."""
    datasketches: Any = importlib.import_module("datasketches")
    n = len(QUANTILES)
    markers, _ = run(p2_quantile, x, {"quantile": np.array(QUANTILES)}, n)
    _, state = run(tdigest, x, {})
    digest = settled(state)
    tally, counted = run(log_histogram, x, {})
    counters = counted["counters"][0].tolist()
    ends = float(tally["least"][0]), float(tally["greatest"][0])
    _, sample = run(reservoir, x, {"size": np.array([SLOTS]), "seed": np.array([42])})
    kept = sample["slots"][0]
    kll = datasketches.kll_doubles_sketch(200)
    kll.update(x)
    other = datasketches.tdigest_double(100)
    other.update(x)
    return {
        "P-squared": markers["value"].tolist(),
        "t-digest, 32": [tdigest_quantile(digest, q) for q in QUANTILES],
        "log_histogram": [log_quantile(counters, *ends, q) for q in QUANTILES],
        "reservoir, 32": np.quantile(kept, QUANTILES).tolist(),
        "DataSketches KLL, 200": [kll.get_quantile(q) for q in QUANTILES],
        "DataSketches t-digest, 100": [other.get_quantile(q) for q in QUANTILES],
    }


def rank_error(ordered: Values, said: Sequence[float]) -> float:
    """The worst error in rank, as a share."""
    worst = 0.0
    for q, x in zip(QUANTILES, said, strict=True):
        low, high = (np.searchsorted(ordered, x, side) / ordered.size for side in ("left", "right"))
        worst = max(worst, float(low - q), float(q - high))
    return worst


def value_error(ordered: Values, said: Sequence[float]) -> float:
    """The worst relative error of the value at rank floor(q (n - 1)); NaN where one of them is beyond the histogram."""
    exact = [float(ordered[math.floor(q * (ordered.size - 1))]) for q in QUANTILES]
    if any(not 2.0**-32 <= abs(x) < 2.0**32 for x in exact):
        return math.nan
    return max(abs(x - true) / abs(true) for x, true in zip(said, exact, strict=True))


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", "--values", type=int, default=20_000)
    rows: list[tuple[str, int, dict[str, float]]] = []
    measure: Callable[[Values, Sequence[float]], float] = rank_error
    for name, x in streams(parser.parse_args().values).items():
        ordered = np.sort(x)
        said = answers(x)
        errors = {sketch: measure(ordered, values) for sketch, values in said.items()}
        errors["log_histogram, relative"] = value_error(ordered, said["log_histogram"])
        rows.append((name, x.size, errors))
    print("| stream | values | " + " | ".join(rows[0][2]) + " |")
    print("|---|---|" + "---|" * len(rows[0][2]))
    for name, size, errors in rows:
        print(f"| {name} | {size:,} | " + " | ".join(f"{100.0 * error:.2f}" for error in errors.values()) + " |")


if __name__ == "__main__":
    main()
