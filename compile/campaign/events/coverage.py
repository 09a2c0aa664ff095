"""What a campaign exercised, read like code coverage: events seen of events possible, for each lane and each of its values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from compile.campaign.events.catalogue import Catalogue, Counts
from compile.campaign.run.tally import digest_of

#: Lanes and nodes that the short text names.
SHORT = 6


@dataclass(frozen=True, slots=True)
class NodeCoverage:
    """One node: the possible events it showed, those it never did, and what the ranges rule out but happened."""

    node: int
    seen: tuple[str, ...]
    unseen: tuple[str, ...]
    ruled_out: tuple[str, ...]
    contradictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each event of the catalogue happened."""

    catalogue: Catalogue
    counts: Counts

    def nodes(self) -> Iterator[NodeCoverage]:
        """Every node that has events, in order."""
        events = self.catalogue.events
        start = 0
        while start < len(events):
            stop = start
            while stop < len(events) and events[stop].node == events[start].node:
                stop += 1
            here = [(events[place], int(self.counts[place])) for place in range(start, stop)]
            yield NodeCoverage(
                events[start].node,
                tuple(event.name for event, count in here if event.is_possible and count),
                tuple(event.name for event, count in here if event.is_possible and not count),
                tuple(event.name for event, count in here if not event.is_possible and not count),
                tuple(event.name for event, count in here if not event.is_possible and count),
            )
            start = stop

    @property
    def seen(self) -> int:
        """Possible events that happened."""
        return sum(len(each.seen) for each in self.nodes())

    @property
    def possible(self) -> int:
        """Events that the range analysis does not rule out."""
        return sum(event.is_possible for event in self.catalogue.events)

    @property
    def digest(self) -> str:
        """sha256 of the counts, in the catalogue's order."""
        return digest_of(self.counts.tolist())

    def as_json(self) -> dict[str, Any]:
        """Totals, and every node with its events."""
        graph = self.catalogue.graph
        nodes: list[dict[str, Any]] = []
        for each in self.nodes():
            span = graph.spans[each.node]
            nodes.append(
                {
                    "node": graph.names[each.node],
                    "lane": graph.scopes[graph.owners[each.node]].path or graph.name,
                    "op": getattr(graph.ops[each.node], "value", None) or str(graph.ops[each.node]),
                    "at": None if span is None else span.at,
                    "seen": list(each.seen),
                    "never": list(each.unseen),
                    "impossible": list(each.ruled_out),
                    **({"happened_though_impossible": list(each.contradictions)} if each.contradictions else {}),
                }
            )
        return {"graph": graph.content_hash, **self.figures(), "nodes": nodes}

    def figures(self) -> dict[str, Any]:
        """The totals."""
        return {"events_possible": self.possible, "events_seen": self.seen, "digest": self.digest}

    def never(self) -> dict[str, list[str]]:
        """For each value the possible events that never happened."""
        names = self.catalogue.graph.names
        return {names[each.node]: list(each.unseen) for each in self.nodes() if each.unseen}

    def lanes(self) -> dict[int, tuple[int, int]]:
        """For each scope of the graph with events: how many were seen, of how many."""
        totals: dict[int, tuple[int, int]] = {}
        for each in self.nodes():
            scope = self.catalogue.graph.owners[each.node]
            seen, possible = totals.get(scope, (0, 0))
            totals[scope] = seen + len(each.seen), possible + len(each.seen) + len(each.unseen)
        return totals

    def as_text(self) -> str:
        """The whole report: a line a lane, below it a line a value with what was never exercised."""
        graph = self.catalogue.graph
        by_scope: dict[int, list[NodeCoverage]] = {}
        for each in self.nodes():
            by_scope.setdefault(graph.owners[each.node], []).append(each)
        lines = [f"{self.headline()}", "", f"{'lane / value':<44} {'events':>9} {'':>6}  never exercised"]
        for scope, (seen, possible) in self.lanes().items():
            lines += ["", f"{self._lane(scope):<44} {_share(seen, possible)}"]
            for each in by_scope[scope]:
                span = graph.spans[each.node]
                at = f"  {span.at}" if span else ""
                name = f"  {graph.names[each.node]}"
                never = ", ".join(each.unseen)
                lines.append(
                    f"{name:<44} {_share(len(each.seen), len(each.seen) + len(each.unseen))}  {never}{at}".rstrip()
                )
                if each.contradictions:
                    lines.append(
                        f"    THE RANGE ANALYSIS IS WRONG: it rules out {', '.join(each.contradictions)}, which happened"
                    )
        return "\n".join(lines) + "\n"

    def headline(self) -> str:
        """One line: how much of what is possible was seen."""
        seen, possible = self.seen, self.possible
        return f"{self.catalogue.graph.name}: {seen:,} of {possible:,} possible events seen, {_percent(seen, possible)}"

    def short(self) -> list[str]:
        """A few lines for a terminal: the headline, and the lanes that are covered least."""
        worst = sorted(self.lanes().items(), key=lambda item: item[1][0] / item[1][1] if item[1][1] else 1.0)
        lines = [f"coverage: {self.seen:,} of {self.possible:,} possible events, {_percent(self.seen, self.possible)}"]
        lines += [
            f"  {self._lane(scope):<40} {_share(seen, possible)}"
            for scope, (seen, possible) in worst[:SHORT]
            if seen < possible
        ]
        wrong = [each for each in self.nodes() if each.contradictions]
        lines += [
            f"  THE RANGE ANALYSIS IS WRONG at {self.catalogue.graph.names[each.node]}: {', '.join(each.contradictions)}"
            for each in wrong[:SHORT]
        ]
        return lines

    def _lane(self, scope: int) -> str:
        graph = self.catalogue.graph
        return graph.scopes[scope].path or graph.scopes[scope].lane


def _percent(seen: int, possible: int) -> str:
    """Rounded down, so that only everything is 100 %."""
    return f"{math.floor(1000 * seen / possible) / 10 if possible else 100.0:.1f} %"


def _share(seen: int, possible: int) -> str:
    return f"{f'{seen}/{possible}':>9} {_percent(seen, possible):>7}"
