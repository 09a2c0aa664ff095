"""The text of an emitted C file, taken apart: the one function that computes the graph, and everything around it.

What stands around that function is the same in every kernel: a prelude, the helpers that the graph needs, loops over bars and
instances. It is compared block by block (blocks are parted by blank lines, comments and spacing do not count) with the
digests of blocks that were reviewed, which must also stand in the reviewed order. So a helper counts as an operator only
where its text is the text that was reviewed and that the operator tests hold against IEEE, on each processor's branch.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compile.structure.verdict import Unreadable

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines between two blank ones, spaced in one way, and the line of the file on which they begin."""

    text: str
    line: int

    @property
    def digest(self) -> str:
        return digest(self.text)


def digest(text: str) -> str:
    """What a reviewed block is known by."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def without_comments(text: str) -> str:
    """`text` with every comment made spaces; lines stay where they are. Raises Unreadable where text could hide in quotes."""
    bare = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    for number, line in enumerate(bare.split("\n"), 1):
        quoted = line.strip().startswith(("#include", "#error", 'extern "C"'))
        if "//" in line or "\\" in line or "??" in line or (("'" in line or '"' in line) and not quoted):
            raise Unreadable("a comment, a line break or a quotation that is not expected in emitted text", number)
    return bare


def blocks(bare: str, first_line: int = 1) -> Iterator[Block]:
    """The blocks of text without comments."""
    lines: list[str] = []
    for number, line in enumerate([*bare.split("\n"), ""], first_line):
        spaced = " ".join(line.split())
        if spaced:
            lines.append(spaced)
        elif lines:
            yield Block("\n".join(lines), number - len(lines))
            lines = []


def require_reviewed(found: Sequence[Block], reviewed: Sequence[tuple[str, str]]) -> set[str]:
    """The names of the reviewed blocks that `found` are, in their order. Raises Unreadable for the first that is none."""
    position = {known: place for place, (_, known) in enumerate(reviewed)}
    names: set[str] = set()
    last = -1
    for block in found:
        place = position.get(block.digest)
        if place is None:
            raise Unreadable(
                f"`{block.text[:60]}...` is not as it was reviewed (its digest is {block.digest})", block.line
            )
        if place <= last:
            raise Unreadable(f"`{block.text[:60]}...` does not stand in its place", block.line)
        last = place
        names.add(reviewed[place][0])
    return names


@dataclass(frozen=True, slots=True)
class Split:
    """A file as the text before a function, the function, and the text after it; lines count from 1."""

    before: list[Block]
    function: str
    line: int
    after: list[Block]


def split_at(bare: str, head: str) -> Split:
    """`bare` parted at the function whose definition begins with `head` at the start of a line. Raises Unreadable."""
    starts = [match.start() for match in re.finditer(rf"^{re.escape(head)}", bare, re.MULTILINE)]
    if len(starts) != 1:
        raise Unreadable(f"it has {len(starts)} functions `{head.split('(')[0].split()[-1]}`")
    (start,) = starts
    end = re.compile(r"^\}$", re.MULTILINE).search(bare, start)
    if end is None:
        raise Unreadable("the function does not end", bare.count("\n", 0, start) + 1)
    function = bare[start : end.end()]
    if "#" in function:
        raise Unreadable("a directive inside the function", bare.count("\n", 0, bare.index("#", start)) + 1)
    line = bare.count("\n", 0, start) + 1
    after = blocks(bare[end.end() :], line + function.count("\n"))
    return Split(list(blocks(bare[:start])), function, line, list(after))
