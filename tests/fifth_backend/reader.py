"""`columns.py` read back: every line is a term, and nothing else is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from compile.backend import Files
from compile.proof.core.source import SourceTerms
from compile.proof.core.verdict import Read, Reading, Unreadable
from dag.operators.lookups import is_op
from dag.operators.op import Source
from dag.values.types import Kind
from tests.fifth_backend.backend import constant
from tests.fifth_backend.record import FILE

_CONSTANT = re.compile(r'constant\("(\w+)", "([^"]*)"(?:, (\d+))?\)')
_APPLIED = re.compile(r'op\("(\w+)", (v\d+(?:, v\d+)*)\)')
_PORT = re.compile(r'(inputs|params|state)\["([^"]+)"\]')
_NAMED = re.compile(r'"([^"]+)": (v\d+|constant\([^)]*\))')


class ColumnsReader:
    """Reads the module line by line."""

    artifact = file = FILE

    def answers_for(self, files: Files) -> Collection[str]:
        """The module."""
        return [self.file]

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """Every value but constants."""
        graph = source.graph
        return [node for node in graph.single_values() if graph.ops[node] is not Source.CONST]

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """What the module computes. Raises Unreadable."""
        return _Lines(source).reading(files[FILE].decode().splitlines())


class _Lines:
    def __init__(self, source: SourceTerms) -> None:
        self._source, self._variables, self._reading = source, dict[str, int](), Reading()
        graph = source.graph
        self._ports = {
            **{("inputs", port.name): source.of[port.node] for port in graph.inputs},
            **{("params", port.name): source.of[port.node] for port in graph.params},
            **{("state", port.name): source.of[port.node] for port in graph.states},
        }

    def reading(self, lines: list[str]) -> Reading:
        """The whole of it."""
        found, graph = self._reading, self._source.graph
        body = lines.index("def step(inputs, params, state, op, constant):")
        if lines[:2] != [f'GRAPH = "{graph.content_hash}"', "INITIAL = {"] or lines[body - 3 : body] != ["}", "", ""]:
            raise Unreadable("the head is another", 1)
        for number, line in enumerate(lines[2 : body - 3], 3):
            found.initial_states |= self._named(line.strip().rstrip(","), number)
        values, outputs, after, last = (len(lines) - k for k in (4, 3, 2, 1))
        for number in range(body + 1, values):
            name, _, expression = lines[number].strip().partition(" = ")
            if name in self._variables or not re.fullmatch(r"v\d+", name):
                raise Unreadable(f"`{name}` has a value already, or is none", number + 1)
            self._variables[name] = self._term(expression, number + 1)
            found.nodes[int(name[1:])] = Read(self._variables[name], number + 1)
        if lines[values].strip() != f"values = [{', '.join(f'v{node}' for node in range(len(graph)))}]":
            raise Unreadable("the values are in another order", values + 1)
        found.outputs = self._named(self._inside(lines[outputs], "outputs", outputs), outputs + 1)
        found.next_states = self._named(self._inside(lines[after], "after", after), after + 1)
        if lines[last] != "    return values, outputs, after":
            raise Unreadable("it returns something else", last + 1)
        return found

    def _inside(self, line: str, name: str, number: int) -> str:
        prefix = f"    {name} = {{"
        if not (line.startswith(prefix) and line.endswith("}")):
            raise Unreadable(f"these are not its {name}", number + 1)
        return line[len(prefix) : -1]

    def _named(self, text: str, number: int) -> dict[str, Read]:
        entries = _NAMED.findall(text)
        if ", ".join(f'"{name}": {value}' for name, value in entries) != text or len(dict(entries)) != len(entries):
            raise Unreadable("an entry is written in another way, or twice", number)
        return {name: Read(self._term(value, number), number) for name, value in entries}

    def _term(self, text: str, number: int) -> int:
        terms = self._source.terms
        if text in self._variables:
            return self._variables[text]
        if match := _PORT.fullmatch(text):
            if (match[1], match[2]) in self._ports:
                return self._ports[match[1], match[2]]
        elif match := _CONSTANT.fullmatch(text):
            kind = Kind[match[1]]
            term = terms.constant(constant(match[1], match[2]), kind)
            return term if match[3] is None else terms.fill(term, ast.literal_eval(match[3]))
        elif (match := _APPLIED.fullmatch(text)) and is_op(match[1]):
            operands = match[2].split(", ")
            if self._variables.keys() >= {*operands}:
                return terms.term(match[1], *(self._variables[each] for each in operands))
        raise Unreadable(f"`{text}` is not known", number)
