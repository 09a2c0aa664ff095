"""Steering to events nobody has seen: from the rows that came nearest, the best of many small changes, again and again.

The search only proposes rows; what happens on them is counted, and compared, like everything else. It is a function of the
rows it starts from and of the generator: the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from compile.backend import Batch, Result, Runner
from compile.campaign.events.catalogue import Catalogue
from compile.campaign.events.mutation import Mutator
from compile.campaign.events.nearness import Distances, nearness
from compile.campaign.run.histories import History, batch_of, history_of
from compile.check.compare import comparable_nodes
from compile.check.run import only_instances

#: Events sought at a time, changes tried on each at a time, and how often.
GROUPS, PROBES, STEPS = 8, 32, 8
#: Share of changes that leave the domain, where a rejected row can be what is sought, and elsewhere.
OUTSIDE_GATE, OUTSIDE = 0.3, 0.0
#: A row that is rejected cannot show an event of an accepted one, but may be on the way.
REJECTED = 128.0


@dataclass(frozen=True, slots=True)
class NearestRow:
    """The nearest that any row came to an event."""

    event: int
    distance: float
    bar: int
    history: History


@dataclass(slots=True)
class SearchResult:
    """What a search gives: histories worth comparing, the nearest rows to what was not reached, which events were sought."""

    histories: list[History] = field(default_factory=list[History])
    near: list[NearestRow] = field(default_factory=list[NearestRow])
    sought: list[int] = field(default_factory=list[int])


@dataclass(slots=True)
class Search:
    """A search with one runner, the fastest there is."""

    catalogue: Catalogue
    mutators: Mapping[int, Mutator]
    runner: Runner
    bars: int

    def run(
        self, fresh: Batch, targets: Sequence[int], known: Mapping[int, NearestRow], rng: np.random.Generator
    ) -> SearchResult:
        """Seek `targets` (event numbers), GROUPS at a time; the first rows are those of `fresh` and what is `known`."""
        nodes = comparable_nodes(self.catalogue.graph)
        found = SearchResult()
        result = self.runner.run(fresh, nodes)
        waiting = list(targets)
        groups: list[NearestRow] = []
        population: list[History] = []
        for _ in range(STEPS):
            while waiting and len(groups) < GROUPS:
                begun = self._begin(waiting.pop(0), fresh, result, known, rng)
                if begun is not None:
                    found.sought.append(begun.event)
                    groups.append(begun)
            if not groups:
                break
            population = [self._probe(near, probe, rng) for near in groups for probe in range(PROBES)]
            probed = self.runner.run(batch_of(population, self.bars), nodes)
            groups = self._best(groups, population, probed, found, rng)
        found.near = groups
        found.histories += population
        return found

    def _begin(
        self, event: int, fresh: Batch, result: Result, known: Mapping[int, NearestRow], rng: np.random.Generator
    ) -> NearestRow | None:
        if self.catalogue.events[event].node not in self.mutators:
            return None
        distances = self._distances(event, result)
        if distances is None:
            instance = int(rng.integers(fresh.instances))
            bar = int(rng.integers(fresh.bars))
            return NearestRow(event, REJECTED, bar, history_of(fresh, instance, fresh.bars))
        bar, instance = divmod(int(np.argmin(distances)), distances.shape[1])
        here = NearestRow(event, float(distances[bar, instance]), bar, history_of(fresh, instance, fresh.bars))
        before = known.get(event)
        return before if before is not None and before.distance <= here.distance else here

    def _distances(self, event: int, result: Result) -> Distances | None:
        """The distance of every row from the event; None where nothing leads there."""
        graph, entry = self.catalogue.graph, self.catalogue.events[event]
        distances = nearness(graph, entry.node, entry.name, result)
        if distances is None:
            return None
        distances = np.where(np.isfinite(distances), distances, 4 * REJECTED)
        accepted = self.catalogue.accepted(result)
        if accepted is None or entry.node in self.catalogue.gates:
            return distances
        return np.where(accepted, distances, distances + REJECTED)

    def _probe(self, near: NearestRow, probe: int, rng: np.random.Generator) -> History:
        if probe == 0:
            return near.history
        entry = self.catalogue.events[near.event]
        share = OUTSIDE_GATE if entry.node in self.catalogue.gates else OUTSIDE
        return self.mutators[entry.node].mutated(near.history, near.bar, rng, share, near.distance)

    def _best(
        self,
        groups: list[NearestRow],
        population: list[History],
        probed: Result,
        found: SearchResult,
        rng: np.random.Generator,
    ) -> list[NearestRow]:
        """Each group's nearest row now; a group whose event happened is done, and its row is kept."""
        going: list[NearestRow] = []
        for number, near in enumerate(groups):
            first = number * PROBES
            part = only_instances(probed, slice(first, first + PROBES))
            entry = self.catalogue.events[near.event]
            happened = self.catalogue.masks_of(entry.node, part)[entry.name]
            accepted = self.catalogue.accepted(part)
            if accepted is not None and entry.node not in self.catalogue.gates:
                happened = happened & accepted
            if happened.any():
                found.histories.append(population[first + int(np.argwhere(happened)[0][1])])
                continue
            distances = self._distances(near.event, part)
            if distances is None:
                # Nothing leads there: wander.
                going.append(NearestRow(near.event, REJECTED, near.bar, population[first + int(rng.integers(PROBES))]))
                continue
            bar, probe = divmod(int(np.argmin(distances)), distances.shape[1])
            going.append(NearestRow(near.event, float(distances[bar, probe]), bar, population[first + probe]))
        return going
