"""Fuzzing with random programs, whole source files, over all cores."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from compile.backend import Missing
from compile.backends import backend, is_simulated, usable
from compile.campaign.fuzz.programs.constructs import CONSTRUCTS
from compile.campaign.fuzz.programs.run import ProgramPack, packs, run_pack, try_text
from compile.campaign.fuzz.programs.saved import Case, DamagedCase, from_text
from compile.campaign.fuzz.programs.trial import ProgramFinding
from compile.campaign.run.journal import Journal, Step
from dag.diagnostics.wording import counted, noun
from dag.files.source_file import Unreadable, read_source
from dagc.building.proving import proofs_of
from dagc.fuzzing.packs import key_of, run_packs
from dagc.terminal.exits import OK, REJECTED, TOOL_MISSING

_COUNTED = ("programs", "agreed", "words")
_BY_NAME = ("rows_of", "proved", "refused", "constructs")


@dataclass(frozen=True, slots=True)
class ProgramFuzzPlan:
    """What a run is asked to do; `rtl_share` is the share of the programs that is also simulated as Verilog."""

    programs: int
    seed: int
    rows: int
    backends: tuple[str, ...]
    rtl_share: float

    def command(self) -> str:
        """The command line of this run."""
        chosen = ",".join(self.backends)
        return (
            f"dagc fuzz --programs {self.programs} --seed {self.seed} --program-rows {self.rows} --backends {chosen} "
            f"--rtl-share {self.rtl_share:g}"
        )

    def key(self) -> str:
        """What makes two runs the same run: the plan, the compiler's own sources, and the tools' environment."""
        return key_of(["programs", asdict(self)])


@dataclass(slots=True)
class ProgramFuzzTotals:
    """What all packs gave together."""

    plan: ProgramFuzzPlan
    programs: int = 0
    agreed: int = 0
    words: int = 0
    rows_of: Counter[str] = field(default_factory=Counter[str])
    proved: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    constructs: Counter[str] = field(default_factory=Counter[str])
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list[str])
    explained: list[str] = field(default_factory=list[str])
    missing: dict[str, Missing] = field(default_factory=dict[str, Missing])

    def add(self, step: Step) -> None:
        """Count one pack."""
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + step[name])
        for name in _BY_NAME:
            getattr(self, name).update(step[name])
        self.findings += step["findings"]
        self.explained += step["explained"]

    @property
    def count(self) -> int:
        """The programs done so far."""
        return self.programs

    @property
    def wanted(self) -> int:
        """The programs asked for."""
        return self.plan.programs

    @property
    def exit_code(self) -> int:
        """0 nothing wrong, 1 something is, 3 nothing as far as it went: no word was compared, or a backend's tool is missing."""
        return REJECTED if self.findings else TOOL_MISSING if self.missing or not self.words else OK

    def as_json(self) -> dict[str, Any]:
        """The totals as JSON values."""
        values = {each.name: getattr(self, each.name) for each in fields(self)} | {"plan": asdict(self.plan)}
        values["missing"] = [{"backend": name, "tool": m.tool, "fix": m.fix} for name, m in self.missing.items()]
        return values

    def as_text(self) -> str:
        """The totals for a terminal: what was compared, what was refused, and which constructs were in what agreed."""
        what = (
            "WRONG"
            if self.findings
            else "numbers and backends agree, word by word"
            if self.words
            else "nothing was compared"
        )
        if self.missing and not self.findings:
            what += f", but for {', '.join(self.missing)}, NOT CHECKED"
        lines = [f"{self.programs:,} of {self.plan.programs:,} random programs, seed {self.plan.seed}: {what}"]
        lines.append(
            f"  {self.agreed:,} agreed in everything; {counted(self.words, 'word')} compared in {self.seconds:,.0f} s"
        )
        lines += [f"  {name:<15} {rows:>10,} {noun(rows, 'row')}" for name, rows in self.rows_of.items()]
        lines += [f"  {name:<15}     MISSING: {m.tool}; get it with: {m.fix}" for name, m in self.missing.items()]
        if self.proved:
            lines.append(
                "  proved          " + ", ".join(f"{name} {counted(n, 'time')}" for name, n in self.proved.items())
            )
        if self.refused:
            lines.append(
                "  refused         "
                + ", ".join(f"{codes} {counted(n, 'time')}" for codes, n in self.refused.most_common())
            )
        lines += _table(self.constructs)
        for path, explained in zip(self.findings, self.explained, strict=True):
            lines += ["", explained, f"  replay  dagc fuzz --replay {path}"]
        return "\n".join(lines)


def _table(constructs: Counter[str]) -> list[str]:
    """In how many of the programs that agreed each construct stood; what stood in none is there with a 0."""
    if not constructs:
        return []
    names = [*CONSTRUCTS, *sorted(set(constructs) - set(CONSTRUCTS))]
    cells = [f"{name:<32} {constructs[name]:>7,}" for name in names]
    return [
        "  programs that agreed, by what stands in them",
        *("    " + "   ".join(cells[i : i + 2]) for i in range(0, len(cells), 2)),
    ]


def fuzz(plan: ProgramFuzzPlan, out: Path, time_limit: float | None, jobs: int, quiet: bool) -> ProgramFuzzTotals:
    """Run the packs of `plan` that the journal in `out` does not have yet. What is found is minimised and saved in `out`.

    After `time_limit` seconds, or a pack with a finding, no further pack is begun.
    """
    here, missing = usable(plan.backends)
    share = plan.rtl_share if any(map(is_simulated, here)) else 0.0
    key = plan.key()
    journal = Journal.opened(out / f"programs-{key[:12]}.jsonl", key)
    todo = packs(plan.seed, plan.programs, plan.rows, share)
    given = (here, plan.command(), str(out))
    return run_packs(
        ProgramFuzzTotals(plan, missing=missing), "programs", todo, _work, given, journal, time_limit, jobs, quiet
    )


def _work(pack: ProgramPack, names: tuple[str, ...], command: str, out: str) -> Step:
    """One pack, in a worker."""
    tally = run_pack(pack, {name: backend(name) for name in names}, proofs_of, Path(out), command)
    return {each.name: getattr(tally, each.name) for each in fields(tally)}


def replay(path: Path) -> tuple[Case, ProgramFinding | None, dict[str, Missing]]:
    """Try a saved program again: what is wrong with it today, and the backends whose tool is missing.

    Raises DamagedCase.
    """
    try:
        text = read_source(path)
    except Unreadable as problem:
        raise DamagedCase(str(problem)) from None
    case = from_text(text)
    here, missing = usable(case.backends)
    backends = {name: backend(name) for name in here}
    with TemporaryDirectory(prefix="dagc-programs-") as folder:
        return case, try_text(text, case, backends, proofs_of, Path(folder)).finding, missing


def replay_file(path: str) -> None:
    """What a saved program does when it is run: says what is wrong with it, and exits with 1 while something is."""
    case, finding, missing = replay(Path(path))
    print(f"{case.root}: {'nothing is wrong' if finding is None else finding.sort}")
    if finding is not None:
        print(finding.explained)
    sys.exit(REJECTED if finding is not None else TOOL_MISSING if missing else OK)
