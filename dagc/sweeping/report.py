"""What a sweep says, as text, as JSON and as a table in a file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from dag.values.words import show
from dagc.sweeping.identity import binding_ids
from dagc.sweeping.sweep import SURE, Sweep


def as_json(found: Sweep, top: int) -> dict[str, Any]:
    """One document."""
    return {
        "name": found.graph.name,
        "graph": found.graph.content_hash,
        "reward": found.reward,
        "bindings": len(found.order),
        "bars": {"chosen_by": found.split.chosen, "judged_from": found.split.judged, "all": found.split.bars},
        "luck": found.luck,
        "overfitting": found.overfitting,
        "top": found.rows(top),
    }


def as_text(found: Sweep, top: int) -> str:
    """For a terminal."""
    rows = found.rows(top)
    split = found.split
    outside = f", judged by the last {split.bars - split.judged:,}" if split.judged < split.bars else ""
    lines = [
        f"{found.graph.name}: {len(found.order):,} bindings, chosen by the first {split.chosen:,} bars{outside}",
        f"  by luck alone the best of them would have a ratio of {found.luck:.4f} a bar",
        f"  the best of one half of the bars is below the median of the other in {found.overfitting:.0%} of all halves",
        "",
    ]
    names = [name for name, column in found.params.items() if (column != column[0]).any()]
    head = ["binding", *names, "ratio", "above luck", "out of sample", "rejected"]
    table = [[_cell(found, row, name) for name in head] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *table, strict=True)]
    for cells in (head, *table):
        lines.append("  " + "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    winners = sum(row["significant"] for row in rows)
    verdict = f"{winners} of these are" if winners else "none of these is"
    lines += ["", f"{verdict} better than luck: above it with {SURE:.0%}, and better than nothing out of sample"]
    return "\n".join(lines)


def _cell(found: Sweep, row: dict[str, Any], name: str) -> str:
    match name:
        case "binding":
            return str(row["binding"])
        case "ratio":
            return f"{row['ratio']:.4f}"
        case "above luck":
            return f"{row['above_luck']:.1%}"
        case "out of sample":
            return "" if row["outside_ratio"] is None else f"{row['outside_ratio']:.4f}"
        case "rejected":
            return f"{row['rejected']:,}"
        case _:
            node = next(param.node for param in found.graph.params if param.name == name)
            return show(row["params"][name], found.graph.types[node])


def write_table(found: Sweep, path: Path) -> None:
    """Every binding from the best on, as CSV: its number and identity, its parameters exactly, and how it is judged."""
    ids = binding_ids(found.graph, found.params)
    nodes = {param.name: param.node for param in found.graph.params}
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        judged = ["mean", "ratio", "above_luck", "outside_ratio", "rejected"]
        table.writerow(["binding", "id", *found.params, *judged])
        for row in found.rows(len(found.order)):
            values = [show(row["params"][name], found.graph.types[nodes[name]]) for name in found.params]
            table.writerow([row["binding"], ids[row["binding"] - 1], *values, *(row[name] for name in judged)])
