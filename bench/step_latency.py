"""What one live step costs, beside the same lane called as plain Python: `python bench/step_latency.py FILE.py:LANE`.

Best of many interleaved rounds, nanoseconds a bar, and each way's median ratio to the plain Python call.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from bench.accepted_bar import accepted_bar
from compile.c.library import foreign
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag.files.loading import load_lane
from dag.trace import trace
from dagc.live.kernel import kernel_from_graph

ROUNDS, CALLS = 60, 300


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lane", nargs="?", default="examples/five_factor.py:five_factor")
    graph = prepare(trace(load_lane(parser.parse_args().lane)))
    instance = kernel_from_graph(graph).bind()
    bar = accepted_bar(graph)
    ordered = [bar[port.name] for port in graph.inputs]
    assert not instance.step(bar).rejected
    state = {s.name: s.initial for s in graph.states}
    params = instance.params
    emitted: dict[str, object] = {}
    exec(Interpreter().lower(graph)["interpreter.py"].decode(), emitted)  # our own text, as a user imports it
    plain: Callable[..., object] = emitted["step"]  # type: ignore[assignment]  # the module's one entry point
    at = instance.addresses
    ffi = foreign()
    call = ffi.cast("int64_t (*)(void *, void *, void *, void *)", at.step)
    pointers = [ffi.cast("void *", address) for address in (at.state, at.inputs, at.params, at.outputs)]
    ways: dict[str, Callable[[], object]] = {
        "plain Python, one function a lane": lambda: plain(bar, params, state),
        "step(mapping)": lambda: instance.step(bar),
        "step(sequence)": lambda: instance.step(ordered),
        "tick() on the records": instance.tick,
        "dagc_step through cffi": lambda: call(*pointers),
    }
    best = dict.fromkeys(ways, float("inf"))
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        took = {}
        for name, way in ways.items():
            begin = time.perf_counter_ns()
            for _ in range(CALLS):
                way()
            took[name] = (time.perf_counter_ns() - begin) / CALLS
            best[name] = min(best[name], took[name])
        for name in ways:
            ratios[name].append(took[name] / took["plain Python, one function a lane"])
    print(f"{graph.name}: {len(graph)} nodes, {len(graph.inputs)} inputs, {len(graph.outputs)} outputs")
    for name in ways:
        print(f"{best[name]:10.0f} ns  {statistics.median(ratios[name]):7.4f} of plain Python  {name}")


if __name__ == "__main__":
    main()
