"""A program with something wrong, as one file that runs: the program, what is wrong with it, and how to see it again."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from compile.campaign.fuzz.programs.trial import ProgramFinding, TrialRows

_LINE = re.compile(r"^# replay (\{.*\})$", re.MULTILINE)
_RUN = """

if __name__ == "__main__":
    from dagc.fuzzing.programs import replay_file

    replay_file(__file__)
"""


@dataclass(frozen=True, slots=True)
class Case:
    """How a program is tried: its root, its rows, the backends that are lowered and proved, and those that are run."""

    root: str
    rows: TrialRows
    backends: tuple[str, ...]
    run: tuple[str, ...]


class DamagedCase(Exception):
    """A file that is no saved program."""


def to_text(program: str, case: Case, finding: ProgramFinding, origin: str) -> str:
    """The file. Its first lines say what was found; run as a program it says what is wrong today."""
    rows = case.rows
    replayed = {
        "root": case.root, "seed": rows.seed, "bars": rows.bars, "instances": rows.instances, "backends": case.backends,
        "run": case.run, "sort": finding.sort,
    }  # fmt: skip
    explained = "\n".join(f"#   {line}".rstrip() for line in finding.explained.splitlines())
    return f"# {finding.sort}, found by {origin}\n{explained}\n# replay {json.dumps(replayed)}\n{program}{_RUN}"


def from_text(text: str) -> Case:
    """The inverse, as far as the case goes; the program is the file itself. Raises DamagedCase."""
    found = _LINE.search(text)
    if found is None:
        raise DamagedCase("no saved program: a line `# replay {...}` says how one is run")
    try:
        held = json.loads(found[1])
        rows = TrialRows(held["seed"], held["bars"], held["instances"])
        return Case(held["root"], rows, tuple(held["backends"]), tuple(held["run"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise DamagedCase(f"the line `# replay {{...}}` is damaged: {problem}") from problem


def written(folder: Path, program: str, case: Case, finding: ProgramFinding, origin: str) -> Path:
    """The file of a finding, in `folder`, named after what was found."""
    stem = re.sub(r"[^a-z0-9]+", "-", finding.sort.lower()).strip("-")[:60]
    folder.mkdir(parents=True, exist_ok=True)
    text = to_text(program, case, finding, origin)
    number = 0
    while (path := folder / f"{stem}{f'-{number}' if number else ''}.py").exists() and path.read_text("utf-8") != text:
        number += 1
    path.write_text(text, encoding="utf-8")
    return path
