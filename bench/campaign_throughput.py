"""What a campaign costs: rows a second, all taps of all backends compared, beside the bare kernels' own speed.

    PYTHONPATH=. python bench/campaign_throughput.py [FILE.py:LANE] [--units 8] [--backends c,c_batch]

The bare kernel returns its outputs only and nothing is compared; "all taps" is the same kernel asked for every value. The
campaign draws rows, searches for events, runs every backend, compares every word and counts every event, in this process
alone. A first unit, which compiles, is not measured.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from compile.backend import Batch, Runner
from compile.campaign.drawing.sample import sample, universe_of
from compile.campaign.events.steering import Steering
from compile.campaign.run.plan import BARS, MOST_INSTANCES, Plan
from compile.campaign.run.unit import CampaignContext, run_unit
from compile.check.compare import comparable_nodes
from compile.interpreter.record import REFERENCE
from dag.graphs.graph import Graph
from dagc.building.running import graph_of, runners_of

#: As a long campaign gives the interpreter: one row in twenty.
ROWS = 10_000_000
#: Bars of the interpreter's own measurement: it is a thousand times slower.
FEW = 32


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("target", nargs="?", default="examples/five_factor.py:five_factor")
    parser.add_argument("--units", type=int, default=8)
    parser.add_argument("--backends", default="c,c_batch")
    chosen = parser.parse_args()
    graph = graph_of(chosen.target)
    runners, missing = runners_of(graph, [REFERENCE, *chosen.backends.split(",")])
    for name, tool in missing.items():
        print(f"{name}: MISSING: {tool.tool}")
    nodes, outputs = comparable_nodes(graph), [output.node for output in graph.outputs]
    print(f"{graph.name}: {len(nodes)} values a row, {len(outputs)} outputs; rows/s")
    batch = sample(universe_of(graph), BARS, MOST_INSTANCES, np.random.default_rng(0))
    bare: dict[str, float] = {}
    for name, runner in runners.items():
        part = _few(graph) if name == REFERENCE else batch
        bare[name] = speed(runner, part, outputs)
        print(f"  {name:<12} outputs {bare[name]:>12,.0f}   all taps {speed(runner, part, nodes):>12,.0f}")
    plan = Plan(ROWS, 1, bool(graph.states))
    context, steering = (
        CampaignContext.of(graph, plan, runners),
        Steering.of(CampaignContext.of(graph, plan, runners).catalogue),
    )
    seconds: list[float] = []
    for number in range(chosen.units + 1):
        begun = time.perf_counter()
        outcome = run_unit(context, number, steering)
        seconds.append(time.perf_counter() - begun)
        assert not outcome["findings"], outcome["findings"]
        steering.merge(graph, outcome)
        steering.settle()
    rate = chosen.units * plan.unit_rows / sum(seconds[1:])
    print(f"  campaign     {rate:,.0f} rows/s, every tap of {', '.join(runners)} compared")
    for name, each in bare.items():
        print(
            f"    {each / rate:,.1f} times slower than {name} alone"
            if each > rate
            else f"    {rate / each:,.1f} times faster than {name} alone"
        )


def speed(runner: Runner, batch: Batch, nodes: list[int], rounds: int = 5) -> float:
    """Rows a second, best of some rounds after one that compiles."""
    runner.run(batch, nodes)
    best = min(_timed(runner, batch, nodes) for _ in range(rounds))
    return batch.bars * batch.instances / best


def _timed(runner: Runner, batch: Batch, nodes: list[int]) -> float:
    begun = time.perf_counter()
    runner.run(batch, nodes)
    return time.perf_counter() - begun


def _few(graph: Graph) -> Batch:
    return sample(universe_of(graph), BARS, FEW, np.random.default_rng(0))


if __name__ == "__main__":
    main()
