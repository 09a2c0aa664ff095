"""The kill matrix as a table, its survivors, and what explains them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.mutation.matrix import ABSENT, ALIVE, GRAPH, KILLED, LATENCY, NOT_RUN, OPERATOR, PASS, Outcome

#: Which layer has to find each kind.
DUTY = {GRAPH: "structure", LATENCY: "structure", OPERATOR: "campaign", PASS: "structure"}
#: (lowering or "", name) -> why the layer that has no duty here does not find it, or why nothing can.
_HANDED_IN = (
    "Whoever runs this artifact hands the states in, initial ones too, so its own initial values are not run; structure reads them "
    "where they stand, in the interpreter, `kernel.c` and the Verilog."
)
_BEGINNINGS = (
    "a state begins elsewhere",
    "a state begins with the other zero",
    "a count begins one late",
    "a flag begins set",
)
EXPLAINED: dict[tuple[str, str], str] = {
    **{(lowering, name): _HANDED_IN for lowering in ("interpreter", "c", "c_batch") for name in _BEGINNINGS},
    ("interpreter", "an array is one element short"): _HANDED_IN,
    ("xla", "a flush is left out"): (
        "XLA's own arithmetic flushes, and a row that it may have changed is computed again by the interpreter, from the right graph."
    ),
}


def gaps(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Mutants that the layer with the duty ran on and did not find, or that another layer missed and nobody explains."""
    return [each for each in outcomes if ALIVE in (each.structure, each.campaign) and not explanation(each)]


def explanation(outcome: Outcome) -> str:
    """Why a layer may miss it; "" where nothing explains that."""
    name = outcome.mutant.name
    return EXPLAINED.get((outcome.mutant.lowering, name)) or EXPLAINED.get(("", name), "")


def page(outcomes: Sequence[Outcome]) -> str:
    """Markdown: a row a lowering and kind, then the survivors."""
    lines = [
        "| lowering | kind | mutants | structure kills | campaign kills | both | only structure | only campaign | neither | not in the artifact |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for each in outcomes:
        groups.setdefault((each.mutant.lowering, each.mutant.label), []).append(each)
    for (lowering, label), group in groups.items():
        lines.append(f"| {lowering} | {label} | {' | '.join(map(str, _counts(group)))} |")
    lines.append(f"| **all** | | {' | '.join(map(str, _counts(list(outcomes))))} |")
    for each in outcomes:
        if ALIVE in (each.structure, each.campaign):
            layers = " and ".join(
                layer for layer, said in (("structure", each.structure), ("campaign", each.campaign)) if said == ALIVE
            )
            why = explanation(each) or "UNEXPLAINED"
            lines.append(f"- {each.mutant.lowering}, {each.mutant.name}: survives {layers}. {why}")
    return "\n".join(lines)


def _counts(group: Sequence[Outcome]) -> tuple[str | int, ...]:
    planted = [each for each in group if each.structure != ABSENT]
    found = Counter((each.structure == KILLED, each.campaign == KILLED) for each in planted)
    structure = "-" if all(each.structure == NOT_RUN for each in planted) else found[True, True] + found[True, False]
    campaign = "-" if all(each.campaign == NOT_RUN for each in planted) else found[True, True] + found[False, True]
    both, only_structure, only_campaign, neither = (
        found[key] for key in ((True, True), (True, False), (False, True), (False, False))
    )
    return len(planted), structure, campaign, both, only_structure, only_campaign, neither, len(group) - len(planted)
