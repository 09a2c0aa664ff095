"""A pack of programs: written, tried, counted; findings are minimised and saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from compile.backend import Backend
from compile.backends import is_simulated, record_of
from compile.campaign.fuzz.programs.constructs import constructs_of
from compile.campaign.fuzz.programs.program import Program, write_program
from compile.campaign.fuzz.programs.redraw import redrawn
from compile.campaign.fuzz.programs.refusals import is_expected
from compile.campaign.fuzz.programs.saved import Case, written
from compile.campaign.fuzz.programs.shrink import shrink, without_unread
from compile.campaign.fuzz.programs.trial import ProgramFinding, ProgramResult, Prover, TrialRows, examine
from compile.interpreter.record import REFERENCE

#: Programs of one pack.
PACK = 25
SECONDS_TO_SHRINK = 60.0


@dataclass(frozen=True, slots=True)
class ProgramPack:
    """Programs `first` to `first + programs - 1` of a seed; `rtl_share` of them are simulated as Verilog."""

    number: int
    seed: int
    first: int
    programs: int
    rows: int
    rtl_share: float


@dataclass(slots=True)
class ProgramPackResult:
    """What a pack gave. `agreed` are the programs that went through everything without a finding."""

    programs: int = 0
    agreed: int = 0
    words: int = 0
    rows_of: Counter[str] = field(default_factory=Counter[str])
    proved: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    constructs: Counter[str] = field(default_factory=Counter[str])
    findings: list[str] = field(default_factory=list[str])
    explained: list[str] = field(default_factory=list[str])


def packs(seed: int, programs: int, rows: int, rtl_share: float) -> Iterator[ProgramPack]:
    """The packs of a run, in order."""
    for number, first in enumerate(range(0, programs, PACK)):
        yield ProgramPack(number, seed, first, min(PACK, programs - first), rows, rtl_share)


def run_pack(
    pack: ProgramPack, backends: Mapping[str, Backend], prove: Prover, out: Path, origin: str
) -> ProgramPackResult:
    """Try every program of a pack. One finding of each sort is minimised and saved in `out`."""
    tally = ProgramPackResult()
    found: set[str] = set()
    with TemporaryDirectory(prefix="dagc-programs-") as folder:
        for number in range(pack.first, pack.first + pack.programs):
            program = write_program(pack.seed, number)
            case = case_of(program, pack, backends)
            outcome = try_text(program.text, case, backends, prove, Path(folder))
            _count(tally, program, outcome)
            finding = outcome.finding
            if finding is None or is_expected(finding.sort) or finding.sort in found:
                continue
            found.add(finding.sort)
            small = smallest(program, case, finding, backends, prove, Path(folder))
            path = written(out, small.text, small.case, finding, f"{origin}, program {number}")
            tally.findings.append(str(path))
            tally.explained.append(f"{finding.sort}\n{finding.explained}")
    return tally


def case_of(program: Program, pack: ProgramPack, backends: Mapping[str, Backend]) -> Case:
    """How a program is tried: all backends lower it, and those whose turn it is run it."""
    number = program.number

    def is_run(name: str) -> bool:
        if is_simulated(name):
            return int((number + 1) * pack.rtl_share) > int(number * pack.rtl_share)
        return number % record_of(name).runs_one_in == 0

    run = tuple(name for name in backends if is_run(name))
    lowered = tuple(name for name in backends if not is_simulated(name) or name in run)
    instances = 4
    return Case(program.root, TrialRows(number, max(1, pack.rows // instances), instances), lowered, run)


def try_text(text: str, case: Case, backends: Mapping[str, Backend], prove: Prover, folder: Path) -> ProgramResult:
    """What becomes of a program that is this text."""
    file = folder / "program.py"
    file.write_text(text, encoding="utf-8")
    chosen = {name: backends[name] for name in case.backends if name in backends}
    return examine(file, case.root, case.rows, chosen, case.run, prove)


@dataclass(frozen=True, slots=True)
class Small:
    """A small program and how it is tried."""

    text: str
    case: Case


def smallest(
    program: Program,
    case: Case,
    finding: ProgramFinding,
    backends: Mapping[str, Backend],
    prove: Prover,
    folder: Path,
    seconds: float = SECONDS_TO_SHRINK,
) -> Small:
    """A small program of which the same is wrong, and nothing else: what the front accepts, or what the writers write."""

    def is_it(text: str, case: Case) -> bool:
        found = try_text(text, case, backends, prove, folder).finding
        return found is not None and found.sort == finding.sort

    fast = replace(case, backends=(REFERENCE,), run=())
    tried = fast if is_it(program.text, fast) else case
    if finding.in_front:
        small = redrawn(program, lambda each: is_it(each.text, replace(tried, root=each.root)), seconds)
        tried = replace(tried, root=small.root)
        return Small(without_unread(small.text, lambda text: is_it(text, tried)), replace(case, root=small.root))
    return Small(shrink(program.text, lambda text: is_it(text, tried), seconds), case)


def _count(tally: ProgramPackResult, program: Program, outcome: ProgramResult) -> None:
    tally.programs += 1
    tally.words += outcome.words
    tally.rows_of.update(outcome.rows_of)
    tally.proved.update(outcome.proved)
    if outcome.finding is None:
        tally.agreed += 1
        tally.constructs.update(constructs_of(program.text))
    elif outcome.finding.sort.startswith("refused "):
        tally.refused[outcome.finding.sort.removeprefix("refused ")] += 1
