"""What subnormals cost, kept or flushed: `python bench/subnormals.py [FILE.py:LANE ...]`.

For each lane both profiles side by side: nanoseconds a row on sampled rows in C (vectors) and on XLA, best of interleaved rounds
with the median ratio of flushed to kept, how many rows XLA had to have computed again, and what the Verilog pipeline takes.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Annotated

import numpy as np

from compile.backend import Batch, Runner
from compile.c.backend import C
from compile.c.runner import Entry
from compile.campaign.drawing.sample import sample, universe_of
from compile.pipeline import prepare
from compile.xla.backend import Xla
from dag import carry, domain, lane
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.language.lane import FLUSH, KEEP
from dag.trace import trace
from rtl.plan.schedule import schedule

ROUNDS = 9
BARS, INSTANCES = 64, 512


@lane
def decaying_average(x: Annotated[float, domain(-1.0, 1.0)], keep: Annotated[float, domain(0.0, 1.0)]) -> float:
    """An average that decays towards nothing while the input is silent."""
    level = carry(initial=0.0)
    level = level * keep + x * (1.0 - keep)
    return level


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lanes", nargs="*", default=["examples/five_factor.py:five_factor"])
    traced = [trace(decaying_average), *(trace(load_lane(each)) for each in parser.parse_args().lanes)]
    for raw in traced:
        profiles = {name: prepare(raw, name) for name in (KEEP, FLUSH)}
        print(f"{raw.name}: sampled rows, {BARS} bars of {INSTANCES} instances, of which a share is extreme")
        batch = sample(universe_of(profiles[KEEP]), BARS, INSTANCES, np.random.default_rng(0))
        _software(profiles, batch)
        for name, graph in profiles.items():
            plan = schedule(graph)
            shape = f"latency {plan.depth}, a bar every {plan.interval} cycles, {plan.registers} bits of delay"
            print(f"  Verilog  {name:<6} {shape}")


def _software(profiles: dict[str, Graph], batch: Batch) -> None:
    for way, backend in (("C", C(Entry.BATCH)), ("XLA", Xla())):
        runners: dict[str, Runner] = {
            name: backend.load(graph, backend.lower(graph)) for name, graph in profiles.items()
        }
        outputs = {name: [each.node for each in graph.outputs] for name, graph in profiles.items()}
        took: dict[str, list[float]] = {name: [] for name in profiles}
        for _ in range(ROUNDS + 1):
            for name, runner in runners.items():
                begin = time.perf_counter_ns()
                runner.run(batch, outputs[name])
                took[name].append((time.perf_counter_ns() - begin) / (batch.bars * batch.instances))
        ratio = statistics.median(b / a for a, b in zip(took[KEEP][1:], took[FLUSH][1:], strict=True))
        for name, runner in runners.items():
            again = getattr(runner, "recomputed_rows", None)
            said = "" if again is None else f", {again:,} of {batch.bars * batch.instances:,} rows computed again"
            beside = f"  {ratio:.2f} x kept" if name == FLUSH else ""
            print(f"  {way:<8} {name:<6} {min(took[name][1:]):9.1f} ns a row{said}{beside}")


if __name__ == "__main__":
    main()
