"""The developer guide as data: the diffs of each section, and the source with some of them applied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "developer-guide.md"


@dataclass(frozen=True, slots=True)
class Change:
    """What a diff does to one file; a hunk is the lines before and the lines after. A new file has no lines before."""

    path: str
    hunks: tuple[tuple[str, str], ...]

    def applied(self, text: str) -> str:
        """`text` with every hunk applied. Raises ValueError where its lines are not there exactly once."""
        for before, after in self.hunks:
            if before and text.count(before) != 1:
                raise ValueError(
                    f"{self.path}: the guide's diff no longer applies; these lines are there {text.count(before)} times:\n{before}"
                )
            text = text.replace(before, after) if before else after
        return text


def sections() -> dict[str, list[Change]]:
    """Title of each section of the guide -> the changes that it shows, those of its subsections included."""
    _, *parts = re.split(r"^## (.*)$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        title: [change for block in re.findall(r"^```diff\n(.*?)^```", body, re.M | re.S) for change in _changes(block)]
        for title, body in zip(parts[::2], parts[1::2], strict=True)
    }


def _changes(block: str) -> Iterable[Change]:
    for part in re.split(r"^(?=--- )", block, flags=re.MULTILINE)[1:]:
        head, *hunks = re.split(r"^@@\n", part, flags=re.MULTILINE)
        path = re.search(r"^\+\+\+ b/(\S+)$", head, re.MULTILINE)
        assert path is not None, head
        yield Change(path[1], tuple((_side(hunk, "-"), _side(hunk, "+")) for hunk in hunks))


def _side(hunk: str, sign: str) -> str:
    """The lines of one side. An empty line of context may have lost its space."""
    lines = [line or " " for line in hunk.splitlines()]
    return "".join(f"{line[1:]}\n" for line in lines if line[0] in (" ", sign))


def changed_files(changes: Iterable[Change]) -> dict[str, str]:
    """Path -> text of every file that the changes touch, applied in order to the source as it is."""
    texts: dict[str, str] = {}
    for change in changes:
        file = ROOT / change.path
        before = texts.get(change.path) or (file.read_text(encoding="utf-8") if file.exists() else "")
        texts[change.path] = change.applied(before)
    return texts
