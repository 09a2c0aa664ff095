"""What `dagc inspect --ranges` shows: the values each tap can take inside the declared domains."""

from __future__ import annotations

from typing import Any

from compile.analysis.facts import Floats, Integers, show
from compile.analysis.magnitude import LEAST_NORMAL, magnitudes
from compile.analysis.ranges import ranges
from dag.graphs.graph import Graph
from dag.values.types import Kind

LEAST_NORMAL_OF = {Kind.F64: 2.0**LEAST_NORMAL, Kind.F32: 2.0**-126}


def range_report(graph: Graph) -> list[dict[str, Any]]:
    """For each tap: its name, type, unit, range, what else it may be, and the ports and states of the bar it depends on."""
    known = ranges(graph)
    # A magnitude is proved on the understanding that what was not proved before it turned out to be no subnormal.
    unproved = sum(1 << node for node in magnitudes(graph).unproved)
    report: list[dict[str, Any]] = []
    for tap in graph.taps:
        fact, type_ = known.facts[tap.node], graph.types[tap.node]
        report.append(
            {
                "name": tap.name,
                "type": str(type_),
                "unit": graph.units[tap.node],
                "range": show(fact, type_),
                "may_be": _possible(fact, type_.kind, bool(known.above[tap.node] & unproved)),
                "depends_on": known.ports(tap.node),
            }
        )
    return report


def _possible(fact: object, kind: Kind, unproved: bool) -> list[str]:
    """The special values among those of a tap. Subnormal: neither its interval nor its magnitude excludes it."""
    if isinstance(fact, Integers):
        return ["zero"] if fact.zero else []
    if not isinstance(fact, Floats):
        return []
    found = {
        "zero": fact.plus_zero,
        "negative zero": fact.minus_zero,
        "NaN": fact.nan,
        "infinite": fact.infinite,
        "subnormal": fact.least < LEAST_NORMAL_OF[kind] and (kind is Kind.F32 or unproved),
    }
    return [name for name, possible in found.items() if possible]


def range_text(report: list[dict[str, Any]]) -> str:
    """The report as a table, a tap a line, and below how many taps can never be subnormal."""
    width = max((len(each["name"]) for each in report), default=0)
    lines: list[str] = []
    for each in report:
        special = f"  may be {', '.join(each['may_be'])}" if each["may_be"] else ""
        shown = each["depends_on"][:3]
        more = f" and {len(each['depends_on']) - len(shown)} more" if len(each["depends_on"]) > len(shown) else ""
        source = f"  from {', '.join(shown)}{more}" if shown else "  constant"
        lines.append(f"{each['name']:<{width}}  {each['range']}{special}{source}")
    numbers = [each for each in report if each["type"] in ("f64", "f32")]
    safe = sum("subnormal" not in each["may_be"] for each in numbers)
    return "\n".join([*lines, f"{safe} of {len(numbers)} floating-point taps can never be subnormal"])
