"""The text of an emitted C file, taken apart: the one function that computes the graph, and everything around it.

What stands around that function is the same in every kernel: a prelude, the helpers that the graph needs, loops over bars and
instances. It is compared block by block (blocks are parted by blank lines, comments and spacing do not count) with the
digests of blocks that were reviewed, which must also stand in the reviewed order. So a helper counts as an operator only
where its text is the text that was reviewed and that the operator tests hold against IEEE, on each processor's branch.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from compile.backend import Files
from compile.proof.core.verdict import Unreadable

#: What a block belongs to, and its digest, in the order in which the blocks stand.
Reviewed = Sequence[tuple[str, str]]
#: So many lines in a row are looked for as added ones.
_MOST_ADDED = 3
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


def text_of(files: Files, name: str) -> str:
    """A C file as text. Raises Unreadable where it is missing or no text."""
    if name not in files:
        raise Unreadable(f"{name} is missing")
    try:
        return files[name].decode()
    except UnicodeDecodeError as problem:
        raise Unreadable(f"{name} is no text") from problem


#: A function, or a table, where it is defined or used.
_CALLED = re.compile(r"\b(dagc_\w+)(?=[(\[])")
#: A line that goes on in the next one, which can end a comment where no reader sees it; a trigraph is the same to a compiler.
_JOINED = re.compile(r"(\\|\?\?/)[^\S\n]*\n")
#: Lines in which a quotation is expected: nothing can hide in it.
_QUOTED = re.compile(r'#include [<"][\w.]+[>"]|#error "[^"]*"|extern "C" \{|return "[\w.-]*";')


def without_comments(text: str) -> str:
    """`text` with every comment made spaces; lines stay where they are. Raises Unreadable where text could hide from a reader."""
    if joined := _JOINED.search(text):
        raise Unreadable("a line that goes on in the next one", text.count("\n", 0, joined.start()) + 1)
    bare = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    for number, line in enumerate(bare.split("\n"), 1):
        if any(not " " <= each <= "~" for each in line.replace("\t", " ")):
            raise Unreadable("a character that no emitted text has outside comments", number)
        quoted = _QUOTED.fullmatch(" ".join(line.split()))
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


def require_reviewed(found: Sequence[Block], reviewed: Reviewed, required: Collection[str]) -> set[str]:
    """The names of the reviewed blocks that `found` are, in their order.

    Raises Unreadable for the first that is none, and where a block is missing: every block of a name in `required`, and of any
    name of which one stands there.
    """
    position = {known: place for place, (_, known) in enumerate(reviewed)}
    standing: set[int] = set()
    last = -1
    for block in found:
        place = position.get(block.digest)
        if place is None:
            raise _unreviewed(block, position)
        if place <= last:
            raise Unreadable(f"`{block.text[:60]}...` does not stand in its place", block.line)
        last = place
        standing.add(place)
    names = {reviewed[place][0] for place in standing}
    for place, (name, known) in enumerate(reviewed):
        if place not in standing and (name in names or name in required):
            raise Unreadable(f"a reviewed block of the {name} is missing (its digest is {known})", last_line(found))
    return names


def _unreviewed(block: Block, reviewed: Collection[str]) -> Unreadable:
    """What to say of a block that nobody reviewed, and the line to look at: the first that was put into a reviewed block, where
    it is one but for added lines; else the first of the block."""
    lines = block.text.split("\n")
    for count, first in product(range(1, _MOST_ADDED + 1), range(len(lines))):
        if digest("\n".join([*lines[:first], *lines[first + count :]])) in reviewed:
            return Unreadable(f"`{lines[first][:60]}` is not as it was reviewed: it was added", block.line + first)
    where = f", in this line or the {len(lines) - 1} after it" if len(lines) > 1 else ""
    return Unreadable(f"`{lines[0][:60]}` is not as it was reviewed{where} (its digest is {block.digest})", block.line)


def names_of(found: Sequence[Block]) -> set[str]:
    """What the functions and tables in `found` are called."""
    return {name for block in found for name in _CALLED.findall(block.text)}


def require_helpers(bare: str, helpers: Collection[str], reviewed: Reviewed) -> None:
    """Raise Unreadable where `bare` calls a helper that is none of `helpers`, which stand in it."""
    known = {name for name, _ in reviewed}
    for call in re.finditer(r"\b(dagc_\w+)\(", bare):
        if call[1] in known and call[1] not in helpers:
            raise Unreadable(f"`{call[1]}` is called and does not stand there", bare.count("\n", 0, call.start()) + 1)


def last_line(found: Sequence[Block]) -> int:
    """The line on which the last of `found` begins; 0 where there is none."""
    return found[-1].line if found else 0


@dataclass(frozen=True, slots=True)
class Split:
    """A file as the text before a function, the function, and the text after it; lines count from 1."""

    before: list[Block]
    function: str
    line: int
    after: list[Block]


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a file, and the line on which it begins."""

    text: str
    line: int


def split_at(bare: str, head: str) -> Split:
    """`bare` parted at the function whose definition begins with `head` at the start of a line. Raises Unreadable."""
    start, end = _function(bare, head)
    line = bare.count("\n", 0, start) + 1
    after = blocks(bare[end:], bare.count("\n", 0, end) + 1)
    return Split(list(blocks(bare[:start])), bare[start:end], line, list(after))


def split_at_both(bare: str, first: str, second: str) -> tuple[list[Block], Text, Text, Text, list[Block]]:
    """`bare` parted at two functions, as at one: what is before, the first, what is between, the second, and what is after.

    Raises Unreadable.
    """
    (start, end), (start_of_second, end_of_second) = _function(bare, first), _function(bare, second)
    if start_of_second < end:
        raise Unreadable("two functions stand in another order", bare.count("\n", 0, start_of_second) + 1)
    if "#" in bare[end:start_of_second]:
        raise Unreadable("a directive between the functions", bare.count("\n", 0, bare.index("#", end)) + 1)

    def text(begin: int, stop: int) -> Text:
        return Text(bare[begin:stop], bare.count("\n", 0, begin) + 1)

    after = blocks(bare[end_of_second:], bare.count("\n", 0, end_of_second) + 1)
    return (
        list(blocks(bare[:start])),
        text(start, end),
        text(end, start_of_second),
        text(start_of_second, end_of_second),
        list(after),
    )


def _function(bare: str, head: str) -> tuple[int, int]:
    """Where the function whose definition begins with `head` begins and ends. Raises Unreadable."""
    starts = [match.start() for match in re.finditer(rf"^{re.escape(head)}", bare, re.MULTILINE)]
    if len(starts) != 1:
        *_, name = re.findall(r"(\w+)\(", head)
        raise Unreadable(f"it has {len(starts)} functions `{name}`")
    (start,) = starts
    end = re.compile(r"^\}$", re.MULTILINE).search(bare, start)
    if end is None:
        raise Unreadable("the function does not end", bare.count("\n", 0, start) + 1)
    if "#" in bare[start : end.end()]:
        raise Unreadable("a directive inside the function", bare.count("\n", 0, bare.index("#", start)) + 1)
    return start, end.end()
