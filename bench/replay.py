"""What a replay of many bars costs, beside reading the same file: `python bench/replay.py BUNDLE --bars 10000000`.

Bars are sampled from the graph's universe into a Parquet file in a temporary folder. Each way runs in a process of its own:
bars a second of wall clock and of CPU time, all of the process included, and the most memory it ever held.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow
from pyarrow import parquet

from compile.bundle.bundle import read_bundle
from compile.campaign.drawing.sample import sample, universe_of
from dag.graphs.graph import Graph

GROUP_BARS = 1 << 16
#: What every way ends with: its own peak (getrusage's would begin with the process that started it) and CPU time.
_COST = """
import time
print(time.process_time(), next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
_READ = """
import sys
from pyarrow import parquet
with parquet.ParquetFile(sys.argv[1], pre_buffer=False, buffer_size=1 << 20) as file:
    for batch in file.iter_batches(1 << 16):
        for column in batch.columns:
            column.to_numpy(zero_copy_only=False).copy()
"""
_REPLAY = """
import sys
from dagc.cli import main
main(sys.argv[1:], standalone_mode=False)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--bars", type=int, default=10_000_000)
    parser.add_argument("--backend", default="c")
    arguments = parser.parse_args()
    graph = read_bundle(arguments.bundle).graph
    with tempfile.TemporaryDirectory(prefix="dagc-replay-") as folder:
        data = Path(folder) / "bars.parquet"
        write_bars(graph, arguments.bars, data)
        print(f"{graph.name}: {arguments.bars:,} bars, {len(graph.inputs)} inputs, {data.stat().st_size >> 20:,} MiB")
        command = ["replay", str(arguments.bundle), "--data", str(data), "--backend", arguments.backend]
        ways = {
            "pyarrow reads it into numpy": (_READ, [str(data)]),
            "replay, digest of the outputs": (_REPLAY, command),
            "replay, outputs to Parquet": (_REPLAY, [*command, "-o", f"{folder}/out"]),
            "replay, digests of every lane": (_REPLAY, [*command, "--digests"]),
        }
        for name, (script, given) in ways.items():
            wall, cpu, peak = cost(script, given)
            rates = f"{arguments.bars / wall:12,.0f} bars/s {arguments.bars / cpu:12,.0f} bars/CPU s"
            print(f"  {name:38}{rates}  peak {peak >> 10:6,} MiB", flush=True)


def write_bars(graph: Graph, bars: int, path: Path) -> None:
    """A column per input; most bars are inside every domain, as the universe of a campaign is. GROUP_BARS of them repeat."""
    batch = sample(universe_of(graph), GROUP_BARS, 1, np.random.default_rng(0))
    table = pyarrow.table({name: column[:, 0] for name, column in batch.inputs.items()})
    with parquet.ParquetWriter(path, table.schema) as writer:
        for first in range(0, bars, GROUP_BARS):
            writer.write_table(table.slice(0, bars - first))


def cost(script: str, arguments: list[str]) -> tuple[float, float, int]:
    """Seconds of wall clock, seconds of CPU time, and the peak in KiB."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script + _COST, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    wall = time.perf_counter() - begin
    cpu, peak = done.stdout.splitlines()[-1].split()
    return wall, float(cpu), int(peak)


if __name__ == "__main__":
    main()
