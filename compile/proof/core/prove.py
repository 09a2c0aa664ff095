"""Every artifact of a build that can be read back, proved or not, and what a certificate says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from compile.backend import Files
from compile.backends import readers
from compile.proof.core.axioms import Axiom
from compile.proof.core.judge import judge
from compile.proof.core.standing import Standing
from compile.proof.core.verdict import Proved, Reader, Unproved, Verdict
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph

#: What these proofs are about, as the certificate says it.
STATEMENT = (
    "a proved artifact computes the graph for all inputs, parameters and states and at every bar: from equal states and equal "
    "inputs, the same operators in the same order on the same operands and constants, hence equal values, outputs, status and "
    "next states; and equal initial states"
)


def prove(graph: Graph, files: Files, having: Sequence[Reader] | None = None) -> list[Verdict]:
    """The verdict on every artifact among `files` that one of the readers reads (None: every reader that there is)."""
    return [
        replace(judge(graph, each, files), files=tuple(sorted(each.answers_for(files))))
        for each in (readers(files) if having is None else having)
        if each.file in files
    ]


def claims(verdicts: Sequence[Verdict], standing: Mapping[str, Standing]) -> dict[str, Any]:
    """What a certificate says of these verdicts, and of every file of the bundle, as JSON values."""
    named = {axiom for each in verdicts if isinstance(each, Proved) for axiom in each.axioms}
    return {
        "statement": STATEMENT,
        "artifacts": {each.artifact: _claim(each) for each in verdicts},
        "files": {name: each.value for name, each in standing.items()},
        "axioms": {axiom.name: axiom.value for axiom in Axiom if axiom in named},
    }


def _claim(verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case Proved(says=str(says)) if says:
            return {"verdict": "proved", "says": says, "assumed": list(verdict.assumed)}
        case Proved():
            return {
                "verdict": "proved",
                "values": verdict.nodes,
                "states": verdict.states,
                "outputs": verdict.outputs,
                "axioms": [axiom.name for axiom in verdict.axioms],
                "assumed": list(verdict.assumed),
            }
        case Unproved():
            return {"verdict": "unproved", "reason": verdict.reason, "node": verdict.node, "place": verdict.place}


def changed_claims(claimed: Mapping[str, Any] | None, found: Mapping[str, Any]) -> list[str]:
    """In what a certificate's words differ from what the proofs say now: a line for each artifact, axiom or statement."""
    if not isinstance(claimed, Mapping):
        return ["it says nothing of structure"]
    problems: list[str] = []
    for part in ("artifacts", "files", "axioms"):
        said = claimed.get(part)
        said = said if isinstance(said, Mapping) else {}
        for name in sorted({*said, *found[part]}):
            if said.get(name) != found[part].get(name):
                problems.append(f"{name}: {_difference(said.get(name), found[part].get(name))}")
    if claimed.get("statement") != found["statement"]:
        problems.append("what is claimed of a proved artifact has other words")
    strangers = sorted(set(claimed) - set(found))
    return [*problems, *(f"`{name}` is nothing that is claimed of structure" for name in strangers)]


def _difference(claimed: Any, found: Any) -> str:
    """`claims values 66, found 65` for the first field that differs, where both have fields."""
    if isinstance(claimed, Mapping) and isinstance(found, Mapping):
        for name in sorted({*claimed, *found}, key=lambda name: (name != "verdict", name)):
            if claimed.get(name) != found.get(name):
                return f"claims {name} {claimed.get(name, 'nothing')}, found {found.get(name, 'nothing')}"
    return f"claims {_shown(claimed)}, found {_shown(found)}"


def _shown(claim: Any) -> str:
    if isinstance(claim, Mapping):
        return str(claim.get("verdict", claim))
    return "nothing" if claim is None else repr(claim)


def sentence(verdict: Verdict) -> str:
    """A verdict in a line, for people."""
    if isinstance(verdict, Unproved):
        where = f" ({verdict.place})" if verdict.place else ""
        return f"{verdict.artifact}: NOT PROVED: {verdict.reason}{where}"
    if verdict.says:
        return f"{verdict.artifact}: proved: {verdict.says}"
    return (
        f"{verdict.artifact}: proved for all inputs and all bars: {counted(verdict.nodes, 'value')}, "
        f"{counted(verdict.states, 'state')}, {counted(verdict.outputs, 'output')}"
    )
