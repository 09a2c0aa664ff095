"""Fuzzing with random graphs, over all cores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from compile.backend import Missing
from compile.backends import backend, by_default, is_simulated, usable
from compile.campaign.findings.minimise import minimise
from compile.campaign.findings.reproducer import Reproducer, from_json, to_json
from compile.campaign.fuzz.graphs import GraphPack, packs, run_pack
from compile.campaign.run.journal import Journal, Step
from dag.diagnostics.wording import counted, noun
from dag.files.regular_file import read_short
from dagc.fuzzing.packs import key_of, run_packs


@dataclass(frozen=True, slots=True)
class GraphFuzzPlan:
    """What a run is asked to do; `rtl_share` is the share of the graphs that also goes through Verilog."""

    graphs: int
    seed: int
    rows: int
    backends: tuple[str, ...]
    rtl_share: float

    def command(self) -> str:
        """The command line of this run."""
        chosen = ",".join(self.backends)
        return (
            f"dagc fuzz --graphs {self.graphs} --seed {self.seed} --rows {self.rows} --backends {chosen} "
            f"--rtl-share {self.rtl_share:g}"
        )

    def key(self) -> str:
        """What makes two runs the same run: the plan, the compiler's own sources, and the tools' environment."""
        return key_of(asdict(self))


@dataclass(slots=True)
class GraphFuzzTotals:
    """What all packs gave together. `recomputed` are rows that XLA handed to the interpreter."""

    plan: GraphFuzzPlan
    graphs: int = 0
    rows_of: dict[str, int] = field(default_factory=dict[str, int])
    words: int = 0
    recomputed: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list[str])
    explained: list[str] = field(default_factory=list[str])
    missing: dict[str, Missing] = field(default_factory=dict[str, Missing])

    def add(self, step: Step) -> None:
        """Count one pack."""
        self.graphs += step["graphs"]
        self.words += step["words"]
        self.recomputed += step["recomputed"]
        for name, rows in step["rows_of"].items():
            self.rows_of[name] = self.rows_of.get(name, 0) + rows
        self.findings += step["findings"]
        self.explained += step["explained"]

    @property
    def count(self) -> int:
        """The graphs done so far."""
        return self.graphs

    @property
    def wanted(self) -> int:
        """The graphs asked for."""
        return self.plan.graphs

    @property
    def exit_code(self) -> int:
        """0 no disagreement, 1 a disagreement, 3 none as far as it went: nothing was compared, or a backend's tool is missing."""
        return 1 if self.findings else 3 if self.missing or self.is_hollow else 0

    @property
    def is_hollow(self) -> bool:
        """Whether nothing was compared: no graph was run, or none in a backend beside the interpreter."""
        return not self.words or len(self.rows_of) < 2

    def as_json(self) -> dict[str, Any]:
        """The totals as JSON values."""
        values = asdict(self)
        values["missing"] = [{"backend": name, "tool": m.tool, "fix": m.fix} for name, m in self.missing.items()]
        return values

    def as_text(self) -> str:
        """The totals as a few lines for a terminal."""
        what = "DIFFERENT" if self.findings else "bit-identical"
        if self.is_hollow and not self.findings:
            what = "nothing was compared"
        elif self.missing and not self.findings:
            what = f"bit-identical but for {', '.join(self.missing)}, NOT CHECKED"
        lines = [f"{self.graphs:,} of {self.plan.graphs:,} random graphs, seed {self.plan.seed}: {what}"]
        lines += [f"  {name:<15} {rows:>10,} {noun(rows, 'row')}" for name, rows in self.rows_of.items()]
        lines += [f"  {name:<15}     MISSING: {m.tool}; get it with: {m.fix}" for name, m in self.missing.items()]
        lines.append(f"  {counted(self.words, 'word')} compared in {self.seconds:,.0f} s")
        if self.recomputed:
            lines.append(
                f"  xla: {counted(self.recomputed, 'row')} might have met a flushed subnormal, computed exactly"
            )
        for path, explained in zip(self.findings, self.explained, strict=True):
            lines += ["", explained, f"  replay  dagc fuzz --replay {path}"]
        return "\n".join(lines)


def fuzz(plan: GraphFuzzPlan, out: Path, time_limit: float | None, jobs: int, quiet: bool) -> GraphFuzzTotals:
    """Run the packs of `plan` that the journal in `out` does not have yet; stops after the first disagreement.

    A disagreement is minimised and saved in `out`. After `time_limit` seconds no further pack is begun.
    """
    here, missing = usable(plan.backends)
    share = plan.rtl_share if any(map(is_simulated, here)) else 0.0
    key = plan.key()
    journal = Journal.opened(out / f"journal-{key[:12]}.jsonl", key)
    todo = packs(plan.seed, plan.graphs, plan.rows, share)
    given = (here, plan.command(), str(out))
    return run_packs(
        GraphFuzzTotals(plan, missing=missing), "graphs", todo, _work, given, journal, time_limit, jobs, quiet
    )


def _work(pack: GraphPack, names: tuple[str, ...], command: str, out: str) -> Step:
    """One pack, in a worker; disagreements are minimised and saved here."""
    backends = {name: backend(name) for name in names}
    outcome = run_pack(pack, backends)
    paths: list[str] = []
    explained: list[str] = []
    for finding in outcome.findings:
        small = minimise(backends, finding)
        path = Path(out) / f"{small.backend}-{small.graph.content_hash[:12]}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(to_json(small, f"{command}, pack {pack.number}"))
        paths.append(str(path))
        explained.append(small.explained())
    return {
        "graphs": pack.graphs,
        "rows_of": outcome.rows_of,
        "words": outcome.words,
        "recomputed": outcome.recomputed * pack.graphs,
        "findings": paths,
        "explained": explained,
    }


def replay(path: Path, names: Sequence[str] | None = None) -> tuple[Reproducer, list[str], dict[str, Missing]]:
    """Run a saved disagreement again: what is wrong today, explained, and the backends whose tool is missing.

    Raises DamagedReproducer, OSError.
    """
    reproducer = from_json(read_short(path).decode())
    here, missing = usable(by_default() if names is None else names)
    backends = {name: backend(name) for name in here}
    return reproducer, [found.explained() for found in reproducer.replay(backends)], missing
