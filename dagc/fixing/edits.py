"""Pieces of a Python text, and replacing them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in the place of the characters `start` to `end` of a file; where they are equal, nothing is replaced."""

    start: int
    end: int
    text: str

    def meets(self, other: Edit) -> bool:
        """Whether one of the two changes what the other one replaces."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Source:
    """A Python text and its tree."""

    text: str
    tree: ast.Module

    @classmethod
    def of(cls, text: str) -> Source:
        """Raises SyntaxError."""
        return cls(text, ast.parse(text))

    def place(self, line: int, column: int) -> int:
        """The character at which a line's UTF-8 byte `column` stands; lines count from 1, columns from 0."""
        return line_start(self.text, line) + len(self.text.split("\n")[line - 1].encode()[:column].decode())

    def ends(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        """Where `node` begins and ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.place(node.lineno, node.col_offset), self.place(node.end_lineno, node.end_col_offset)

    def text_of(self, node: ast.expr) -> str:
        """The piece that `node` is, without brackets around it."""
        start, end = self.ends(node)
        return self.text[start:end]

    def at(self, line: int, column: int) -> Iterator[ast.expr]:
        """The expressions that begin at a line's character `column`, both counted from 1."""
        wanted = line_start(self.text, line) + column - 1
        for node in ast.walk(self.tree):
            if isinstance(node, ast.expr) and node.lineno == line and self.ends(node)[0] == wanted:
                yield node


def apart(edits: Sequence[Edit]) -> list[Edit]:
    """Those of `edits` that can be made at once, the first of any two that meet; each once."""
    chosen: list[Edit] = []
    for edit in edits:
        if edit not in chosen and not any(edit.meets(other) for other in chosen):
            chosen.append(edit)
    return chosen


def edited(text: str, edits: Sequence[Edit]) -> str:
    """`text` with edits that do not meet."""
    for edit in sorted(edits, key=lambda each: (each.start, each.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def placed(edits: Sequence[Edit]) -> dict[Edit, tuple[int, int]]:
    """Where the texts of edits that do not meet begin and end once all are made."""
    found, moved = dict[Edit, tuple[int, int]](), 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        found[edit] = (edit.start + moved, edit.start + moved + len(edit.text))
        moved += len(edit.text) - (edit.end - edit.start)
    return found


def line_start(text: str, line: int) -> int:
    """The character at which a line begins; lines count from 1."""
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1])
