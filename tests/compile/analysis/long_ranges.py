"""The long form of test_ranges: fresh random graphs with random domains, as many as asked for.

python -m tests.compile.analysis.long_ranges --graphs 5000 --seed 10000
"""

from __future__ import annotations

import argparse

from compile.campaign.drawing.random_graph import random_graph
from compile.passes.reject_out_of_domain import reject_out_of_domain
from tests.compile.analysis.test_ranges import BARS, INSTANCES, violations
from tests.support.arithmetic_graphs import arithmetic_graph
from tests.support.narrow_domains import with_narrow_domains


def main() -> None:
    """Judge the graphs one by one; print every value outside its facts, and the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graphs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=10_000)
    given = parser.parse_args()
    wrong = 0
    for seed in range(given.seed, given.seed + given.graphs):
        graph = (
            random_graph(seed, operators=120, arrays=True, folds=True)
            if seed % 2
            else arithmetic_graph(seed, 40, seed % 3 > 0)
        )
        narrow = with_narrow_domains(graph, seed)
        for problem in violations(reject_out_of_domain(narrow) if seed % 4 == 2 else narrow, seed):
            wrong += 1
            print(f"seed {seed}: {problem}")
    print(
        f"{given.graphs:,} graphs, {given.graphs * BARS * INSTANCES:,} graph rows, {wrong:,} nodes outside their facts"
    )
    raise SystemExit(wrong > 0)


if __name__ == "__main__":
    main()
