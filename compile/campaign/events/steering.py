"""What a campaign knows after a round: how often each event happened, and how near rows came to those that never did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compile.campaign.events.catalogue import Catalogue, Counts
from compile.campaign.events.search import NearestRow
from compile.campaign.run import histories
from dag.graphs.graph import Graph

#: How many near rows are remembered: the nearest ones.
REMEMBERED = 48
#: Events that one unit seeks.
TARGETS = 24
#: An event sought so often and never met is left to chance.
MOST_TRIES = 12

#: Every so many units all nodes are watched, those too that have shown everything they can: what is ruled out may happen.
WATCHED_EVERY = 8


@dataclass(slots=True)
class Steering:
    """Merged outcomes. Units of a round read it, none changes it; `merge` is called in the order of units."""

    counts: Counts
    near: dict[int, NearestRow] = field(default_factory=dict[int, NearestRow])
    tries: dict[int, int] = field(default_factory=dict[int, int])

    @classmethod
    def of(cls, catalogue: Catalogue) -> Steering:
        """Nothing seen yet."""
        return cls(np.zeros(len(catalogue.events), np.int64))

    def targets(self, catalogue: Catalogue, rng: np.random.Generator) -> list[int]:
        """Events that are possible and were never seen, those sought least often first."""
        unseen = [
            number
            for number, event in enumerate(catalogue.events)
            if event.is_possible and not self.counts[number] and self.tries.get(number, 0) < MOST_TRIES
        ]
        order = rng.permutation(len(unseen))
        return sorted((unseen[place] for place in order), key=lambda number: self.tries.get(number, 0))[:TARGETS]

    def open_nodes(self, catalogue: Catalogue, number: int) -> frozenset[int] | None:
        """The nodes that unit `number` watches: those with an event left to see; every so many units all (None)."""
        if number % WATCHED_EVERY == 0:
            return None
        return frozenset(
            event.node
            for event, count in zip(catalogue.events, self.counts, strict=True)
            if event.is_possible and not count
        )

    def merge(self, graph: Graph, outcome: Mapping[str, Any]) -> None:
        """Add what one unit saw."""
        for number, count in outcome["events"]:
            self.counts[number] += count
        for number in outcome["sought"]:
            self.tries[number] = self.tries.get(number, 0) + 1
        for entry in outcome["near"]:
            near = near_from_json(graph, entry)
            before = self.near.get(near.event)
            if before is None or near.distance < before.distance:
                self.near[near.event] = near

    def settle(self) -> None:
        """At the end of a round: forget rows near to what was seen by now, and all but the nearest."""
        left = [near for number, near in self.near.items() if not self.counts[number]]
        left.sort(key=lambda near: (near.distance, near.event))
        self.near = {near.event: near for near in left[:REMEMBERED]}

    def as_json(self, graph: Graph) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "counts": self.counts.tolist(),
            "near": [near_to_json(graph, near) for near in self.near.values()],
            "tries": sorted(self.tries.items()),
        }

    @classmethod
    def from_json(cls, graph: Graph, document: Mapping[str, Any]) -> Steering:
        """The inverse of `as_json`."""
        near = [near_from_json(graph, entry) for entry in document["near"]]
        return cls(
            np.array(document["counts"], np.int64),
            {each.event: each for each in near},
            dict(document["tries"]),
        )


def near_to_json(graph: Graph, near: NearestRow) -> dict[str, Any]:
    """A near row as JSON values; the bars after it are not kept."""
    kept = histories.until(near.history, near.bar)
    return {
        "event": near.event,
        "distance": near.distance.hex(),
        "bar": near.bar,
        **histories.to_json(graph, kept),
    }


def near_from_json(graph: Graph, document: Mapping[str, Any]) -> NearestRow:
    """The inverse of `near_to_json`."""
    distance = float.fromhex(document["distance"])
    return NearestRow(document["event"], distance, document["bar"], histories.from_json(graph, document))
