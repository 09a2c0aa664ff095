"""What a check found, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from compile.backend import Missing
from compile.check.compare import LANE, Comparison, Divergence, explain_divergence
from compile.proof.core.prove import sentence
from compile.proof.core.verdict import Unproved, Verdict
from dag.diagnostics.wording import counted, noun

#: What stands beside the rows of the lane.
ABOUT_LANE = " of your own function, called on numbers: every output, every state"


@dataclass(slots=True, repr=False)
class Report:
    """Counts of a check. `rows` are the rows replayed; `rows_of` says how many of them each backend was run on."""

    graph: str
    content_hash: str
    nodes: int
    source: str
    seed: int | None = None
    rows: int = 0
    rows_of: dict[str, int] = field(default_factory=dict[str, int])
    words: int = 0
    rejected: int = 0
    recomputed: int = 0
    differences: int = 0
    differences_of: dict[str, int] = field(default_factory=dict[str, int])
    firsts: dict[str, Divergence] = field(default_factory=dict[str, Divergence])
    missing: dict[str, Missing] = field(default_factory=dict[str, Missing])
    #: What a campaign exercised: figures by name, and a few lines for a terminal.
    coverage: dict[str, Any] = field(default_factory=dict[str, Any])
    coverage_lines: list[str] = field(default_factory=list[str])
    #: Files that were written about a divergence.
    written: list[str] = field(default_factory=list[str])

    #: What reading the artifacts back showed.
    proofs: list[Verdict] = field(default_factory=list[Verdict])
    #: What this machine's compilers made of them, a line each.
    compiled: list[str] = field(default_factory=list[str])
    #: Backends that were left out because nobody named them -> why, and the option that insists.
    left_out: dict[str, str] = field(default_factory=dict[str, str])
    #: Of the checks that were joined in this one, those that showed nothing: which, and why.
    hollow: list[str] = field(default_factory=list[str])

    def add(self, comparison: Comparison) -> None:
        """Count one comparison; each backend's first divergence is kept."""
        self.words += comparison.words
        self.differences += comparison.differences
        self.differences_of[comparison.backend] = (
            self.differences_of.get(comparison.backend, 0) + comparison.differences
        )
        if comparison.first is not None:
            self.firsts.setdefault(comparison.backend, comparison.first)

    def joined_with(self, other: Report) -> Report:
        """One report of two checks of the same graph, this one first."""
        return Report(
            self.graph,
            self.content_hash,
            self.nodes,
            f"{self.source}, then {other.source}",
            other.seed,
            self.rows + other.rows,
            {name: self.rows_of.get(name, 0) + rows for name, rows in other.rows_of.items()},
            self.words + other.words,
            self.rejected + other.rejected,
            self.recomputed + other.recomputed,
            self.differences + other.differences,
            {n: self.differences_of.get(n, 0) + other.differences_of.get(n, 0) for n in other.rows_of},
            {**other.firsts, **self.firsts},
            {**self.missing, **other.missing},
            {**self.coverage, **other.coverage},
            [*self.coverage_lines, *other.coverage_lines],
            [*self.written, *other.written],
            other.proofs,
            other.compiled,
            {**self.left_out, **other.left_out},
            [f"{each.source}: {each.nothing}" for each in (self, other) if each.nothing],
        )

    @property
    def nothing(self) -> str:
        """Why this check showed nothing, where it did: it is then no success."""
        if self.hollow:
            return "; ".join(self.hollow)
        if not self.rows:
            return "there was no row"
        if len(self.rows_of) < 2 or not self.words:
            return "there was nothing to compare the interpreter with"
        if self.rejected >= self.rows:
            return "the only row was rejected" if self.rows == 1 else f"all {self.rows:,} rows were rejected"
        return ""

    @property
    def first(self) -> Divergence | None:
        """The divergence at the earliest bar, of whichever backend; None where there is none."""
        return min(self.firsts.values(), key=lambda found: found.bar, default=None)

    @property
    def verdict(self) -> str:
        """The result in a few words; what was not run is never called identical."""
        if self.differences:
            return f"{counted(self.differences, 'word')} {'DIFFERS' if self.differences == 1 else 'DIFFER'}"
        if refuted := [each.artifact for each in self.proofs if isinstance(each, Unproved) and each.is_refuted]:
            return f"{', '.join(refuted)} NOT THE GRAPH'S PROGRAM"
        if self.nothing:
            return f"nothing was compared: {self.nothing}"
        if self.missing:
            return f"bit-identical but for {', '.join(self.missing)}, NOT CHECKED"
        return f"bit-identical; {', '.join(self.left_out)} left out" if self.left_out else "bit-identical"

    @property
    def passed(self) -> bool:
        """Whether every backend that was asked for ran, no bit differed and every artifact was proved."""
        return self.exit_code == 0

    def __repr__(self) -> str:
        return self.as_text()

    @property
    def exit_code(self) -> int:
        """0 identical, 1 different, 3 otherwise: nothing was compared, a backend's tool is missing, an artifact not proved."""
        unproved = [each for each in self.proofs if isinstance(each, Unproved)]
        if self.differences or any(each.is_refuted for each in unproved):
            return 1
        return 3 if self.missing or unproved or self.nothing else 0

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "graph": self.graph,
            "hash": self.content_hash,
            "source": self.source,
            "seed": self.seed,
            "rows": self.rows,
            "rows_of": dict(self.rows_of),
            "backends": list(self.rows_of),
            "taps": self.nodes,
            "words": self.words,
            "rejected_rows": self.rejected,
            "recomputed_rows": self.recomputed,
            "differences": self.differences,
            "differences_of": dict(self.differences_of),
            **({"structure": {each.artifact: sentence(each) for each in self.proofs}} if self.proofs else {}),
            **({"coverage": self.coverage} if self.coverage else {}),
            **({"written": self.written} if self.written else {}),
            "first_difference": None if self.first is None else self.first.as_json(),
            "first_difference_of": {name: found.as_json() for name, found in self.firsts.items()},
            "missing": [{"backend": name, "tool": m.tool, "fix": m.fix} for name, m in self.missing.items()],
            "left_out": [{"backend": name, "reason": reason} for name, reason in self.left_out.items()],
        }

    def as_text(self) -> str:
        """The report as a few lines for a terminal."""
        lines = [f"{self.graph}: {self.verdict}"]
        lines += [
            f"  {name:<15} {rows:>8,} {noun(rows, 'row')}{ABOUT_LANE if name == LANE else ''}"
            for name, rows in self.rows_of.items()
        ]
        lines += [f"  {name:<15}     MISSING: {m.tool}; get it with: {m.fix}" for name, m in self.missing.items()]
        lines += [f"  {name:<15} left out: {reason}" for name, reason in self.left_out.items()]
        seed = "" if self.seed is None else f", seed {self.seed}"
        lines.append(
            f"  {self.source}{seed}: {counted(self.nodes, 'value')} a row, {counted(self.words, 'word')} compared, {counted(self.rejected, 'row')} rejected"
        )
        if self.recomputed:
            lines.append(
                f"  xla: {counted(self.recomputed, 'row')} might have met a flushed subnormal, computed exactly"
            )
        lines += [f"  {sentence(each)}" for each in self.proofs]
        lines += [f"  {line}" for line in self.compiled]
        lines += [f"  {line}" for line in self.coverage_lines]
        for each in self.proofs:
            if isinstance(each, Unproved) and each.is_refuted:
                lines += ["", each.page()]
        for found in self.firsts.values():
            lines += ["", explain_divergence(found)]
        if self.written:
            lines += ["", *(f"  written  {path}" for path in self.written)]
        return "\n".join(lines)
