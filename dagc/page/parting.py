"""What a page says of another run beside its own: where they part, what first and why, and what followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dagc.debugging.difference.compare import Replay, difference
from dagc.debugging.listing import Listed

#: Values that followed which a page lists.
MOST_FOLLOWED = 500


def parting(other: Replay, run: Replay, shown: Sequence[Listed]) -> dict[str, Any]:
    """The difference as JSON values, from the other run to the page's own; values by their names on the page where it has them.
    `marks` are the bars on which they part, and on which the first output does."""
    called = {_name(each): each.name for kind in ("variable", "state", "output", "input", "parameter") for each in shown if each.kind == kind}  # fmt: skip
    found = difference(other, run)
    outputs = {each.name for each in run.graph.outputs}
    marks = [*found.frontier[:1], *[each for each in found.followed if each.name in outputs][:1]]
    document = {
        **found.as_json(),
        "count": len(found.followed),
        "defect": found.is_defect,
        "marks": [each.first for each in marks],
    }
    for part in ("frontier", "followed"):
        listed = getattr(found, part)[:MOST_FOLLOWED]
        document[part] = [{**asdict(each), "value": called.get(each.name)} for each in listed]
    return document


def _name(each: Listed) -> str:
    return f"state:{each.own}" if each.kind == "state" else each.own
