"""An optimised HLO module as XLA prints it, as plain rows: computations, their instructions, what each says.

A line inside a computation that is no instruction raises `Unreadable`. Layouts are dropped: they say where, not what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from compile.proof.core.verdict import Unreadable


@dataclass(frozen=True, slots=True)
class Instruction:
    """`element` and `dimensions` are its shape, "" and () of a tuple; `literal` is what stands in the parentheses of a constant
    or parameter; `said` its attributes but for where it came from, which `origin` tells: a line of the kernel's text.
    """

    computation: str
    name: str
    opcode: str
    element: str
    dimensions: tuple[int, ...]
    operands: tuple[str, ...]
    literal: str
    said: Mapping[str, str]
    origin: int
    line: int


@dataclass(frozen=True, slots=True)
class Computation:
    """Instructions, operands before their readers; the last but by name `root` is the result."""

    name: str
    instructions: Mapping[str, Instruction]
    root: str


@dataclass(frozen=True, slots=True)
class HloModule:
    """The computations by name, and the name of the one that is run."""

    computations: Mapping[str, Computation]
    entry: str


_HEAD = re.compile(r"^(ENTRY )?%([\w.\-]+) \(.*\{$")
_LINE = re.compile(r"^\s+(ROOT )?%([\w.\-]+) = (\(.*?\)|[a-z0-9]+\[[\d,]*\](?:\{[^}]*\})?) ([a-z][\w\-]*)\((.*)$")
_SHAPE = re.compile(r"^([a-z0-9]+)\[([\d,]*)\]")
#: Attributes that say nothing of what is computed.
_ASIDE = frozenset(("metadata", "backend_config", "frontend_attributes"))


def hlo_module(text: str) -> HloModule:
    """The module of `text`. Raises Unreadable."""
    computations: dict[str, Computation] = {}
    entry = name = root = ""
    body: dict[str, Instruction] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if head := _HEAD.match(line):
            name, root, body = head.group(2), "", {}
            entry = name if head.group(1) else entry
        elif line == "}" and body is not None:
            computations[name] = Computation(name, body, root)
            body = None
        elif body is not None:
            found = _LINE.match(line)
            if not found:
                raise Unreadable(f"`{line.strip()[:80]}` is no instruction", number)
            body[found.group(2)] = _instruction(name, found, number)
            root = found.group(2) if found.group(1) else root
    if not entry:
        raise Unreadable("there is no entry computation")
    return HloModule(computations, entry)


def _instruction(computation: str, found: re.Match[str], line: int) -> Instruction:
    _, name, type_, opcode, rest = found.groups()
    inner, attributes = _parted(rest, line)
    shape = _SHAPE.match(type_)
    element, dimensions = (shape.group(1), shape.group(2)) if shape else ("", "")
    said, origin = _attributes(attributes)
    return Instruction(
        computation,
        name,
        opcode,
        element,
        tuple(map(int, dimensions.split(","))) if dimensions else (),
        tuple(re.findall(r"%([\w.\-]+)", inner)),
        inner,
        said,
        origin,
        line,
    )


def _parted(rest: str, line: int) -> tuple[str, str]:
    """What stands in the parentheses, and what follows them."""
    depth = 1
    for place, character in enumerate(rest):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if not depth:
            return rest[:place], rest[place + 1 :]
    raise Unreadable("a parenthesis is not closed", line)


def _attributes(text: str) -> tuple[dict[str, str], int]:
    said: dict[str, str] = {}
    depth, start = 0, 0
    parts: list[str] = []
    for place, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append(text[start:place])
            start = place + 1
    for part in (*parts, text[start:]):
        name, _, value = part.strip().partition("=")
        if name:
            said[name] = value
    source = re.search(r'source_file="-" source_line=(\d+)', said.get("metadata", ""))
    kept = {name: value for name, value in said.items() if name not in _ASIDE}
    if called := re.search(r'op_name="((?:[^"\\]|\\.)*)"', said.get("metadata", "")):
        kept["op_name"] = called.group(1).replace("\\'", "'")
    return kept, int(source.group(1)) if source else 0
