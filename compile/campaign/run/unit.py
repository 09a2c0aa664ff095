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
from compile.campaign.events.search import Search, SearchResult
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
UnitResult = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CampaignContext:
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
    def of(
        cls, graph: Graph, plan: Plan, runners: Mapping[str, Runner], lane: LaneCheck | None = None
    ) -> CampaignContext:
        """The context of a campaign over `graph`."""
        universe = universe_of(graph)
        catalogue, mutators, nodes = catalogue_of(graph), mutators_of(universe), tuple(comparable_nodes(graph))
        return cls(graph, plan, runners, catalogue, universe, mutators, nodes, lane)

    @property
    def widest(self) -> str:
        """The fastest of the runners that see every row: it probes for the search and counts for the coverage."""
        return widest(self.runners)


@in_standard_environment
def run_unit(context: CampaignContext, number: int, steering: Steering) -> UnitResult:
    """Unit `number`, given what the rounds before it saw."""
    rng = np.random.default_rng([context.plan.seed, number])
    batch, found = _drawn(context, number, steering, rng)
    limits = {name: context.plan.limit(name, number) for name in context.runners}
    results: dict[str, Result] = {}
    seen: dict[str, int] = {}
    recomputed = 0
    for name, runner in context.runners.items():
        if limits[name]:
            part = first_instances(batch, limits[name])
            results[name], seen[name] = runner.run(part, context.nodes), part.instances
            recomputed += getattr(runner, "recomputed_rows", 0)
    on_numbers = _lane_compared(context, batch, results[REFERENCE], context.plan.limit(LANE, number))
    comparisons = _compared(context, batch, results, seen)
    whole = results[context.widest]
    counts = context.catalogue.count(whole, steering.open_nodes(context.catalogue, number))
    return {
        "rows": rows_of(batch),
        "rows_of": {name: batch.bars * count for name, count in seen.items()},
        "words": sum(each.words for each in comparisons),
        "rejected": rejected_rows(context.graph, whole),
        "recomputed": recomputed,
        "lane": [on_numbers.words // words_a_row(context.graph), on_numbers.words],
        "events": [[int(place), int(counts[place])] for place in np.flatnonzero(counts)],
        "fingerprints": {name: fingerprint(context.graph, result, context.nodes) for name, result in results.items()},
        "sought": found.sought,
        "near": [near_to_json(context.graph, near) for near in found.near],
        "findings": [_finding(context, batch, each) for each in (on_numbers, *comparisons) if each.differences],
    }


def _lane_compared(context: CampaignContext, batch: Batch, exact: Result, instances: int) -> Comparison:
    """The lane on numbers on the first `instances`, against the interpreter."""
    if context.lane is None or not instances:
        return Comparison(LANE, 0, 0, None)
    return context.lane.compare(first_instances(batch, instances), only_instances(exact, slice(0, instances)))


def _drawn(
    context: CampaignContext, number: int, steering: Steering, rng: np.random.Generator
) -> tuple[Batch, SearchResult]:
    """The rows: drawn afresh in the first round and in long units, elsewhere every second instance comes from the search."""
    plan = context.plan
    bars, instances = plan.shape(number)
    fresh = sample(context.universe, bars, instances, rng)
    targets = steering.targets(context.catalogue, rng) if plan.is_searched(number) and context.mutators else []
    if not targets:
        return fresh, SearchResult()
    search = Search(context.catalogue, context.mutators, context.runners[context.widest], bars)
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


def _compared(
    context: CampaignContext, batch: Batch, results: Mapping[str, Result], seen: Mapping[str, int]
) -> list[Comparison]:
    """Everyone against the interpreter where it went; beyond, against the widest, and where they differ it is asked who is wrong."""
    graph, nodes = context.graph, context.nodes
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
        exact = context.runners[REFERENCE].run(instances_of(batch, one), nodes)
        blamed = [
            compare(graph, exact, only_instances(results[each], one), each, nodes, first_instance=int(one[0]))
            for each in (leader, name)
        ]
        return [*comparisons, *blamed]
    return comparisons


def _finding(context: CampaignContext, batch: Batch, comparison: Comparison) -> UnitResult:
    found = comparison.first
    finding: UnitResult = {"backend": comparison.backend, "differences": comparison.differences}
    if found is None:
        return finding | {
            "bar": batch.bars - 1,
            "instance": 0,
            **to_json(context.graph, history_of(batch, 0, batch.bars)),
        }
    history = history_of(batch, found.instance, found.bar + 1)
    return finding | {
        "bar": found.bar,
        "instance": found.instance,
        "divergence": found.as_json(),
        **to_json(context.graph, history),
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
