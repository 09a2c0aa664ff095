"""What is known of operators, kept in `evidence.json`: by backend and op, with the hash of the text it is about.

Whoever signs for a graph asks `operator_evidence`. There are no dates in it and no times: the same cores, operands and tools give the
same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from compile.backend import Backend, Missing, Refusal
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dagc.operators.keys import text_key, tools_of

FILE = Path(__file__).with_name("evidence.json")


@dataclass(frozen=True, slots=True)
class OperatorTrial:
    """One op of one backend: how many rows of operands, drawn from which seed, agreed with whom (name -> rows).

    `exhaustive` names formats at which every operand was tried on the same core's source; `proved` is a claim that is the op's
    whole meaning, shown for all operands at full width; `related` are relations between its core and another that were shown.
    """

    text: str
    tools: str
    rows: int
    seed: int
    against: Mapping[str, int]
    exhaustive: tuple[str, ...] = field(default=())
    proved: tuple[str, ...] = field(default=())
    related: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may be said of an op: `status` is "proved", "exhaustive" or "tested", or why nothing may be said."""

    op: str
    status: str
    tried: OperatorTrial | None

    @property
    def stands(self) -> bool:
        """Whether the text and the tools are those that were tried."""
        return self.status in ("proved", "exhaustive", "tested")

    def as_json(self) -> dict[str, Any]:
        """For a certificate."""
        found = {} if self.tried is None else asdict(self.tried)
        return {"status": self.status, **found}


def operator_evidence(graph: Graph, backend: Backend) -> dict[str, Evidence]:
    """What is known of every op that `graph` uses, in `backend`, by the op's name."""
    used = dict.fromkeys(op.row for op in graph.ops if isinstance(op, Op))
    return {op.name: _known(backend, op) for op in sorted(used, key=lambda op: op.name)}


def summary(found: Iterable[Evidence]) -> str:
    """One line: how many ops stand on what, and which do not."""
    evidence = list(found)
    counts = [
        f"{sum(each.status == status for each in evidence)} {status}" for status in ("proved", "exhaustive", "tested")
    ]
    rows = min((each.tried.rows for each in evidence if each.stands and each.tried), default=0)
    rest = [f"{each.op}: {each.status}" for each in evidence if not each.stands]
    return "; ".join([f"{len(evidence)} operators, {', '.join(counts)}, each on {rows:,} rows or more", *rest])


def _known(backend: Backend, op: Op) -> Evidence:
    if isinstance(backend.table[op], Refusal):
        return Evidence(op.name, "refused by this backend", None)
    tried = read_evidence().get(backend.name.removesuffix("_interleaved"), {}).get(op.name)
    if tried is None:
        return Evidence(op.name, "not tried alone: arrays are tested in whole graphs", None)
    if tried.text != text_key(backend, op):
        return Evidence(op.name, "changed since it was tried", tried)
    if isinstance(backend.missing(), Missing) or tried.tools != tools_of(backend):
        return Evidence(op.name, f"tried with other tools: {tried.tools}", tried)
    return Evidence(op.name, "proved" if tried.proved else "exhaustive" if tried.exhaustive else "tested", tried)


@cache
def read_evidence() -> dict[str, dict[str, OperatorTrial]]:
    """The file: by backend and op."""
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: {op: _tried(each) for op, each in rows.items()} for name, rows in found.items()}


def _tried(entry: Mapping[str, Any]) -> OperatorTrial:
    fields: dict[str, Any] = {**entry}
    fields |= {key: tuple(entry[key]) for key in ("exhaustive", "proved", "related")}
    return OperatorTrial(**fields)


def write_evidence(found: Mapping[str, Mapping[str, OperatorTrial]]) -> None:
    """Replace the file."""
    shown = {name: {op: asdict(each) for op, each in sorted(rows.items())} for name, rows in sorted(found.items())}
    FILE.write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")
    read_evidence.cache_clear()
