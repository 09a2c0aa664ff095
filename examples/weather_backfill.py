"""Mends the settlements of a table: revenue, profit and who won, from the positions and the result. A dry run unless --apply is given.

    python examples/weather_backfill.py settled.csv            (says what would change)
    python examples/weather_backfill.py settled.csv --apply    (writes it)

The table has the columns yes, no [contracts], result (YES, NO, UNKNOWN), cost, fees, revenue, profit [cents] and won (true, false).
A second run changes nothing.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from lanes.batch import mend
from lanes.enums import MarketResult
from lanes.weather import backfill_settlement

Row = dict[str, str]


def settled(row: Row) -> Row:
    """The row as it should be."""
    found = backfill_settlement(
        int(row["revenue"]),
        int(row["profit"]),
        row["won"] == "true",
        float(row["yes"]),
        float(row["no"]),
        MarketResult[row["result"]],
        int(row["cost"]),
        int(row["fees"]),
    )
    return row | {"revenue": str(found.revenue), "profit": str(found.profit), "won": str(found.won).lower()}


def main() -> None:
    """Read, say what changes, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--apply", action="store_true", help="write the changes; without it nothing is written")
    given = parser.parse_args()
    path: Path = given.table
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    at = {id(row): place for place, row in enumerate(rows)}
    changes = mend(rows, settled, lambda row: None)
    for change in changes:
        differing = [name for name in change.before if change.before[name] != change.after[name]]
        said = ", ".join(f"{name} {change.before[name]} -> {change.after[name]}" for name in differing)
        print(f"row {at[id(change.before)] + 1}: {said}")
        rows[at[id(change.before)]] = change.after
    if given.apply and changes:
        with path.open("w", newline="", encoding="utf-8") as stream:
            table = csv.DictWriter(stream, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
    print(
        f"{path}: {len(changes)} of {len(rows)} rows {'written' if given.apply else 'would change; --apply writes them'}"
    )


if __name__ == "__main__":
    main()
