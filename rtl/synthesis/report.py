"""Whose the cells are: the values of a graph, their lanes and source lines; and which of them limits the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dag.graphs.graph import Graph
from rtl.synthesis.flow import Netlist

KINDS = ("LUT", "FF", "DSP", "BRAM")
#: What is of no single value: valid bits, delays that several share, and logic whose nets a technology mapper left without names.
SHARED = "of no one value"
#: Values and lanes that a report lists.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Cost:
    """What one value or lane costs."""

    name: str
    at: str
    cells: Counter[str]


@dataclass(frozen=True, slots=True)
class CostReport:
    """What a pipeline costs: all of it, by lane and by value, the dearest first; and the value on its slowest path."""

    graph: Graph
    netlist: Netlist
    latency: int
    interval: int
    lanes: tuple[Cost, ...]
    values: tuple[Cost, ...]
    slowest: str

    def as_json(self) -> dict[str, Any]:
        """The whole report as JSON values."""
        placed = self.netlist.placed
        return {
            "name": self.graph.name,
            "graph": self.graph.content_hash,
            "family": self.netlist.family,
            "latency": self.latency,
            "interval": self.interval,
            "cells": _plain(self.netlist.totals),
            "mhz": None if placed is None else placed.mhz,
            "slowest": self.slowest or None,
            "critical_path_ns": None if placed is None else placed.nanoseconds,
            "device": {} if placed is None else {name: list(each) for name, each in placed.used.items()},
            "lanes": [{"name": each.name, "at": each.at, **_plain(each.cells)} for each in self.lanes],
            "values": [{"name": each.name, "at": each.at, **_plain(each.cells)} for each in self.values],
            "tools": list(self.netlist.tools),
        }

    def as_text(self) -> str:
        """For a terminal: the sums, the clock, and what is dearest."""
        placed, totals = self.netlist.placed, self.netlist.totals
        sums = ", ".join(f"{totals[kind]:,} {kind}" for kind in KINDS if totals[kind])
        lines = [
            f"{self.graph.name}  {self.netlist.family}  {sums or 'nothing'}; a row every {'clock' if self.interval == 1 else f'{self.interval} clocks'}, {self.latency} clocks late"
        ]
        if placed is not None:
            late = self.latency * 1000.0 / placed.mhz if placed.mhz else float("nan")
            lines.append(
                f"  {placed.mhz:.0f} MHz, so {late:,.0f} ns from a row to its results; limited by {self.slowest or 'nothing'}"
            )
        for title, costs in (("lane", self.lanes), ("value", self.values)):
            width = max([len(each.name) for each in costs[:SHOWN]] + [len(title)])
            lines.append(f"  {title.ljust(width)}" + "".join(f"{kind:>9}" for kind in KINDS))
            lines += [
                f"  {each.name.ljust(width)}"
                + "".join(f"{each.cells[kind]:>9,}" for kind in KINDS)
                + f"  {each.at}".rstrip()
                for each in costs[:SHOWN]
            ]
            if len(costs) > SHOWN:
                lines.append(f"  ... {len(costs) - SHOWN:,} more (--json lists them)")
        return "\n".join(lines)


def cost_report(graph: Graph, netlist: Netlist, latency: int, interval: int, names: Mapping[str, int]) -> CostReport:
    """The report of `netlist`; `names` has the node of each value's name in the Verilog."""
    of_values: dict[int | None, Counter[str]] = {}
    for instance, cells in netlist.of_instances.items():
        of_values.setdefault(_node_of(instance, names), Counter()).update(cells)
    shared = of_values.pop(None, Counter())
    of_lanes: dict[int, Counter[str]] = {}
    for node, cells in of_values.items():
        assert node is not None
        of_lanes.setdefault(graph.owners[node], Counter()).update(cells)
    scopes = graph.scopes
    lanes = [
        Cost(
            scopes[scope].path or graph.name,
            "" if (span := scopes[scope].span) is None else f"{span.file}:{span.line}",
            cells,
        )
        for scope, cells in of_lanes.items()
    ]
    values = [
        Cost(graph.names[node], "" if (span := graph.spans[node]) is None else f"{span.file}:{span.line}", cells)
        for node, cells in of_values.items()
        if node is not None
    ]
    rest = [Cost(SHARED, "", shared)] if shared else []
    slowest = ""
    if netlist.placed is not None:
        found = [_node_of(net.partition(".")[0], names) for net in netlist.placed.nets]
        slowest = next(
            (_told(graph, node) for node in found if node is not None), SHARED if netlist.placed.nets else ""
        )
    return CostReport(
        graph, netlist, latency, interval, tuple(_dearest([*lanes, *rest])), tuple(_dearest(values)), slowest
    )


def _told(graph: Graph, node: int) -> str:
    span = graph.spans[node]
    return f"`{graph.names[node]}`" + ("" if span is None else f", {span.file}:{span.line}")


def _dearest(costs: list[Cost]) -> Iterator[Cost]:
    yield from sorted(
        costs, key=lambda each: (-(each.cells["LUT"] + each.cells["FF"] + 100 * each.cells["DSP"]), each.name)
    )


def _node_of(instance: str, names: Mapping[str, int]) -> int | None:
    """The value that an instance, or a register, of the emitted Verilog is of: what belongs to it is called as it, with an ending."""
    parts = instance.split("_")
    for end in range(len(parts), 0, -1):
        node = names.get("_".join(parts[:end]))
        if node is not None:
            return node
    return None


def _plain(cells: Counter[str]) -> dict[str, int]:
    return {kind: cells[kind] for kind in KINDS}
