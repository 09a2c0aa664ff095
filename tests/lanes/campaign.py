"""The long campaign: millions of rows of every lane through its reference function and every backend in software.

    python -m tests.lanes.campaign [LANE ...] [--rows N] [--seed S] [--journal FOLDER]

Each lane keeps a journal, so a campaign that was ended goes on where it was; the same command after it is done says so.
A lane whose graph has changed starts again. Ends with 1 at the first difference, which it shows.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from compile.backends import backend
from compile.campaign.run.journal import Journal
from compile.pipeline import prepare
from dag.trace import trace
from tests.lanes.expected import expected
from tests.lanes.held import assert_words, words_in
from tests.lanes.oracles import LANES, ORACLES
from tests.lanes.universe import rows_of_universe
from tests.support.software import SOFTWARE

CHUNK = 200_000


def run_lane(name: str, rows: int, seed: int, folder: Path) -> int:
    """Hold lane `name` against its oracle until its journal has `rows` rows; returns how many it has. AssertionError where they differ."""
    graph = prepare(trace(LANES[name]))
    key = f"{name} {graph.content_hash} seed {seed} in chunks of {CHUNK}"
    journal = Journal.opened(folder / f"{name}.jsonl", key)
    runners = {which: each.load(graph, each.lower(graph)) for which in SOFTWARE for each in [backend(which)]}
    for step in range(len(journal.steps), -(-rows // CHUNK)):
        batch = rows_of_universe(graph, CHUNK, seed=seed * 1_000_003 + step)
        wanted = expected(graph, ORACLES[name], batch)
        for which, runner in runners.items():
            assert_words(graph, batch, wanted, words_in(graph, runner, batch), which)
        journal.add(step, {"rows": batch.bars * batch.instances, "answered": int(wanted.answered.sum())})
    return sum(int(step["rows"]) for step in journal.steps.values())


def main() -> int:
    """Run the campaign of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.lanes.campaign", description=__doc__)
    parser.add_argument("lanes", nargs="*", metavar="LANE", help="lanes to check; all of them without")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of each lane (10,000,000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--journal", type=Path, default=Path("build/lane_campaign"), metavar="FOLDER")
    asked = parser.parse_args()
    unknown = set(asked.lanes) - set(ORACLES)
    if unknown:
        parser.error(
            f"no lane of the library is called {', '.join(sorted(unknown))}; there are {', '.join(sorted(ORACLES))}"
        )
    for name in asked.lanes or ORACLES:
        began = time.monotonic()
        try:
            rows = run_lane(name, asked.rows, asked.seed, asked.journal)
        except AssertionError as difference:
            print(difference)
            return 1
        print(f"{name:26} {rows:12,} rows, the same bits everywhere   {time.monotonic() - began:8.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
