"""One unit of a campaign: rows drawn and steered, run in every backend, compared, and what happened on them counted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.backend import Batch, Result, Runner
from compile.backends import widest
from compile.campaign.drawing.sample import Universe, sample, universe_of
from compile.campaign.events.catalogue import Catalogue, catalogue_of
from compile.campaign.events.mutation import Mutator, mutators_of
from compile.campaign.events.search import Found, Search
from compile.campaign.events.steering import Steering, near_to_json
from compile.campaign.run.histories import History, batch_of, history_of, to_json
from compile.campaign.run.plan import Plan
from compile.check.compare import LANE, Comparison, comparable_nodes, compare, rows_of
from compile.check.run import first_instances, instances_of, only_instances, rejected_rows
from compile.interpreter.record import REFERENCE
from compile.lane.check import LaneCheck, words_a_row
from dag.graphs.graph import Graph
from dag.values.floating_point import in_standard_environment
from dag.values.words import words_of_column

#: What one unit did, as JSON values: it travels between processes and machines, and is kept in a journal.
Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """What all units of one campaign in one process share. `runners` has the interpreter."""

    graph: Graph
    plan: Plan
    runners: Mapping[str, Runner]
    catalogue: Catalogue
    universe: Universe
    mutators: Mapping[int, Mutator]
    nodes: tuple[int, ...]
    #: The lane that the graph was made of, where there is one.
    lane: LaneCheck | None = None

    @classmethod
    def of(cls, graph: Graph, plan: Plan, runners: Mapping[str, Runner], lane: LaneCheck | None = None) -> Bench:
        """A bench for `graph`."""
        universe = universe_of(graph)
        catalogue, mutators, nodes = catalogue_of(graph), mutators_of(universe), tuple(comparable_nodes(graph))
        return cls(graph, plan, runners, catalogue, universe, mutators, nodes, lane)

    @property
    def widest(self) -> str:
        """The fastest of the runners that see every row: it probes for the search and counts for the coverage."""
        return widest(self.runners)


@in_standard_environment
def run_unit(bench: Bench, number: int, steering: Steering) -> Outcome:
    """Unit `number`, given what the rounds before it saw."""
    rng = np.random.default_rng([bench.plan.seed, number])
    batch, found = _drawn(bench, number, steering, rng)
    limits = {name: bench.plan.limit(name, number) for name in bench.runners}
    results: dict[str, Result] = {}
    seen: dict[str, int] = {}
    recomputed = 0
    for name, runner in bench.runners.items():
        if limits[name]:
            part = first_instances(batch, limits[name])
            results[name], seen[name] = runner.run(part, bench.nodes), part.instances
            recomputed += getattr(runner, "recomputed_rows", 0)
    on_numbers = _lane_compared(bench, batch, results[REFERENCE], bench.plan.limit(LANE, number))
    comparisons = _compared(bench, batch, results, seen)
    whole = results[bench.widest]
    counts = bench.catalogue.count(whole, steering.open_nodes(bench.catalogue, number))
    return {
        "rows": rows_of(batch),
        "rows_of": {name: batch.bars * count for name, count in seen.items()},
        "words": sum(each.words for each in comparisons),
        "rejected": rejected_rows(bench.graph, whole),
        "recomputed": recomputed,
        "lane": [on_numbers.words // words_a_row(bench.graph), on_numbers.words],
        "events": [[int(place), int(counts[place])] for place in np.flatnonzero(counts)],
        "fingerprints": {name: fingerprint(bench.graph, result, bench.nodes) for name, result in results.items()},
        "sought": found.sought,
        "near": [near_to_json(bench.graph, near) for near in found.near],
        "findings": [_finding(bench, batch, each) for each in (on_numbers, *comparisons) if each.differences],
    }


def _lane_compared(bench: Bench, batch: Batch, exact: Result, instances: int) -> Comparison:
    """The lane on numbers on the first `instances`, against the interpreter."""
    if bench.lane is None or not instances:
        return Comparison(LANE, 0, 0, None)
    return bench.lane.compare(first_instances(batch, instances), only_instances(exact, slice(0, instances)))


def _drawn(bench: Bench, number: int, steering: Steering, rng: np.random.Generator) -> tuple[Batch, Found]:
    """The rows: drawn afresh in the first round and in long units, elsewhere every second instance comes from the search."""
    plan = bench.plan
    bars, instances = plan.shape(number)
    fresh = sample(bench.universe, bars, instances, rng)
    targets = steering.targets(bench.catalogue, rng) if plan.is_searched(number) and bench.mutators else []
    if not targets:
        return fresh, Found()
    search = Search(bench.catalogue, bench.mutators, bench.runners[bench.widest], bars)
    found = search.run(fresh, targets, steering.near, rng)
    room = instances // 2
    kept = found.histories if len(found.histories) <= room else _some(found.histories, room, rng)
    every: list[History] = [history_of(fresh, instance, bars) for instance in range(instances)]
    every[1 : 2 * len(kept) : 2] = kept
    return batch_of(every, bars), found


def _some(found: Sequence[History], room: int, rng: np.random.Generator) -> list[History]:
    """`room` of them, in their order; the first are those on which something happened."""
    happened = len(found) // 2 if len(found) < 2 * room else room // 2
    others = np.sort(rng.choice(np.arange(happened, len(found)), room - happened, replace=False))
    return [*found[:happened], *(found[int(place)] for place in others)]


def _compared(bench: Bench, batch: Batch, results: Mapping[str, Result], seen: Mapping[str, int]) -> list[Comparison]:
    """Everyone against the interpreter where it went; beyond, against the widest, and where they differ it is asked who is wrong."""
    graph, nodes = bench.graph, bench.nodes
    exact, count = results[REFERENCE], seen[REFERENCE]
    leader = widest(results)
    comparisons: list[Comparison] = []
    for name, result in results.items():
        if name == REFERENCE:
            continue
        shared = slice(0, min(seen[name], count))
        comparisons.append(compare(graph, only_instances(exact, shared), only_instances(result, shared), name, nodes))
    if any(each.differences for each in comparisons):
        return comparisons
    for name, result in results.items():
        if name in (REFERENCE, leader) or seen[name] <= count:
            continue
        beyond = slice(count, seen[name])
        wide = only_instances(results[leader], beyond)
        comparison = compare(graph, wide, only_instances(result, beyond), name, nodes, first_instance=count)
        if comparison.first is None:
            comparisons.append(comparison)
            continue
        # What they returned is compared, not a second run: a bit that goes wrong only in company would be right alone.
        one = np.array([comparison.first.instance])
        exact = bench.runners[REFERENCE].run(instances_of(batch, one), nodes)
        blamed = [
            compare(graph, exact, only_instances(results[each], one), each, nodes, first_instance=int(one[0]))
            for each in (leader, name)
        ]
        return [*comparisons, *blamed]
    return comparisons


def _finding(bench: Bench, batch: Batch, comparison: Comparison) -> Outcome:
    found = comparison.first
    finding: Outcome = {"backend": comparison.backend, "differences": comparison.differences}
    if found is None:
        return finding | {
            "bar": batch.bars - 1,
            "instance": 0,
            **to_json(bench.graph, history_of(batch, 0, batch.bars)),
        }
    history = history_of(batch, found.instance, found.bar + 1)
    return finding | {
        "bar": found.bar,
        "instance": found.instance,
        "divergence": found.as_json(),
        **to_json(bench.graph, history),
    }


def fingerprint(graph: Graph, result: Result, nodes: Sequence[int]) -> str:
    """A digest of every word of `result`: per node a sum weighted by place, modulo 2^64, and sha256 over those.

    Whoever runs the same rows gets the same one. It finds a changed word; it does not commit anybody to anything.
    """
    digest = hashlib.sha256()
    for node in nodes:
        digest.update(_folded(words_of_column(result.nodes[node], graph.types[node])))
    for state in graph.states:
        digest.update(_folded(words_of_column(result.state[state.name], graph.types[state.node])))
    return digest.hexdigest()


def _folded(words: np.ndarray[tuple[int, ...], np.dtype[np.uint64]]) -> bytes:
    flat = words.reshape(-1)
    odd = np.arange(flat.size, dtype=np.uint64) * np.uint64(0x9E37_79B9_7F4A_7C16) + np.uint64(1)
    return (int((flat * odd).sum(dtype=np.uint64)) + flat.size * 0x1_0000_0000_0000_0000).to_bytes(16, "little")
