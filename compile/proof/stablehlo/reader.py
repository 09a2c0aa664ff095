"""`kernel.stablehlo` and `xla_kernel.json` read back into terms: MLIR's parser, and none of the code that emitted them.

Every function is recognised by what it computes, not by its name (`compile.proof.stablehlo.operator_expansions`); `@main` is
then a list of operators. What its arguments are, constants to the bit, is read from `xla_kernel.json`, which the caller of
the kernel reads too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compile.backend import Files
from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import INPUT, PARAM, STATE
from compile.proof.core.verdict import Read, Reading, Unreadable
from compile.proof.stablehlo.functions import Functions
from compile.proof.stablehlo.guard import WatcherCall, check_guard
from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64
from compile.proof.stablehlo.text import Function, Statement, functions_of
from dag.operators.lookups import lookup_in
from dag.operators.table import LOOKUP
from dag.values.types import Kind, Type
from dag.values.words import value_of, wrap_i64

TEXT, INTERFACE = "kernel.stablehlo", "xla_kernel.json"


@dataclass(frozen=True, slots=True)
class StableHloReader:
    """Reads the XLA kernel of one bar of one instance; see `compile.proof.core.verdict.Reader`."""

    artifact: str = TEXT
    file: str = TEXT

    def answers_for(self, files: Files) -> Collection[str]:
        """The text, and what says of its arguments what they are."""
        return [TEXT, INTERFACE]

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """Every operator's value: the kernel returns them all. Arrays are returned, and shown by what is read from them."""
        return [node for node in source.graph.operators() if not source.graph.types[node].is_memory]

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """The kernel's values, and its guard compared with what the graph needs watched. Raises Unreadable."""
        functions = functions_of(_text(files, TEXT))
        if "main" not in functions:
            raise Unreadable("there is no function `main`")
        return _Kernel(source, functions, _interface(files)).reading()


def _text(files: Files, name: str) -> str:
    if name not in files:
        raise Unreadable(f"there is no {name} among the files")
    try:
        return files[name].decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Unreadable(f"{name} is not text: {problem}") from None


@dataclass(frozen=True, slots=True)
class _Interface:
    """What the file says of the kernel: its arguments, and the identifiers of its results."""

    arguments: tuple[dict[str, Any], ...]
    results: tuple[str, ...]


#: What an argument may say of itself.
_SAYS = frozenset(("source", "name", "identifier", "type", "word", "next", "length", "words"))


def _interface(files: Files) -> _Interface:
    """The interface, which nothing in it may say twice: a caller that goes by names would take the one or the other."""
    try:
        found = json.loads(_text(files, INTERFACE), object_pairs_hook=_without_repetition)
        if {*found} != {"arguments", "results"}:
            raise Unreadable(f"{INTERFACE} says {', '.join(sorted(found))}; expected arguments and results")
        interface = _Interface(tuple(dict(each) for each in found["arguments"]), tuple(map(str, found["results"])))
        strange = sorted({key for each in interface.arguments for key in each} - _SAYS)
        if strange:
            raise Unreadable(f"{INTERFACE}: an argument says `{strange[0]}`, which is not known")
        _refuse_second("identifier", [*(each["identifier"] for each in interface.arguments), *interface.results])
        for source in ("zero", "input", "param", "state"):
            _refuse_second(source, [each["name"] for each in interface.arguments if each["source"] == source])
    except (ValueError, KeyError, TypeError) as problem:
        raise Unreadable(f"{INTERFACE} is damaged: {problem!r}") from None
    return interface


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _refuse_second("key", [key for key, _ in pairs])
    return dict(pairs)


def _refuse_second(what: str, names: Sequence[str]) -> None:
    """Raise Unreadable for the first of `names` that stands there a second time."""
    seen = set[str]()
    for name in names:
        if name in seen:
            raise Unreadable(f"{INTERFACE}: the {what} `{name}` stands there twice")
        seen.add(name)


class _Kernel:
    """`main` of one text, statement by statement."""

    def __init__(self, source: SourceTerms, functions: dict[str, Function], interface: _Interface) -> None:
        self._source = source
        self._functions = functions
        self._main = functions["main"]
        self._interface = interface
        self._known = Functions(functions)
        #: The graph term of each value of `main`; None of the run-time zero and of what belongs to the guard.
        self._terms: list[int | None] = []
        self._zero = -1
        #: The arguments that are tables, and the lookup in each.
        self._tables: dict[int, str] = {}
        self._watched: dict[int, WatcherCall] = {}

    def reading(self) -> Reading:
        """Read all of it."""
        self._read_arguments()
        for statement in self._main.statements:
            self._terms.append(self._term(statement))
        reading = Reading()
        shown = self._results(reading)
        graph = self._source.graph
        for output in graph.outputs:
            reading.outputs[output.name] = _named(shown, graph.identifiers[output.node])
        for argument in self._interface.arguments:
            if argument["source"] == "state":
                reading.next_states[str(argument["name"])] = _named(shown, str(argument.get("next")))
        for state in graph.states:
            reading.initial_states[state.name] = Read(self._source.initial(state.initial, graph.types[state.node]), 0)
        if graph.status is not None:
            reading.status = _named(shown, graph.identifiers[graph.status])
        reading.assumed |= {
            "the caller passes in the constants and roles of xla_kernel.json, 0 as the fence, and the graph's initial states",
            *self._known.assumed,
        }
        # Where a value is another one, that is the finding, and the guard is compared with values that the kernel has not.
        if all(read.term == self._source.of[node] for node, read in reading.nodes.items()):
            watched = check_guard(self._source, self._main, self._watched)
            reading.assumed.add(
                f"where the guard is raised the caller computes the row again; all {watched} nodes that may be subnormal are watched"
            )
        return reading

    def _read_arguments(self) -> None:
        arguments, main = self._interface.arguments, self._main
        if len(arguments) != len(main.params):
            raise Unreadable(f"it takes {len(main.params)} arguments, {INTERFACE} names {len(arguments)}", main.line)
        for place, (argument, sort) in enumerate(zip(arguments, main.params, strict=True)):
            try:
                self._terms.append(self._argument(place, argument, sort))
            except (KeyError, ValueError, TypeError) as problem:
                raise Unreadable(f"{INTERFACE}: argument {argument} is not understood: {problem}") from None

    def _argument(self, place: int, argument: Mapping[str, Any], sort: str) -> int | None:
        type_ = Type(Kind(argument["type"]), length=argument.get("length"))
        if sort != sort_of(type_) or (argument["source"] == "table") is not ("words" in argument):
            raise Unreadable(
                f"argument `{argument['identifier']}` is {sort}, {INTERFACE} says {type_}", self._main.line
            )
        terms, name = self._source.terms, str(argument["name"])
        match argument["source"]:
            case "zero":
                self._zero = place
                return None
            case "table":
                self._tables[place] = lookup_in(
                    tuple(wrap_i64(int(word, 16)) for word in argument["words"].split())
                ).name
                return None
            case "constant":
                return terms.constant(value_of(int(argument["word"], 16), type_), type_.kind)
            case "input" | "param" | "state" as role:
                graph = self._source.graph
                nodes = {
                    "input": {port.name: port.node for port in graph.inputs},
                    "param": {port.name: port.node for port in graph.params},
                    "state": {port.name: port.node for port in graph.states},
                }
                node = nodes[role].get(name)
                if node is None or (graph.types[node].kind, graph.types[node].length) != (type_.kind, type_.length):
                    raise Unreadable(f"{role} `{name}` of type {type_} is not the graph's")
                return terms.leaf({"input": INPUT, "param": PARAM, "state": STATE}[role], name, graph.types[node])
            case other:
                raise Unreadable(f"{INTERFACE}: an argument from `{other}` is not known")

    def _term(self, statement: Statement) -> int | None:
        if statement.op != "func.call":
            if statement.sort == BOOL and statement.op in ("constant", "or"):
                return None  # the guard's; whatever else reads it is refused below
            raise Unreadable(f"`{statement.op}` stands outside the functions of operators", statement.line)
        places = statement.operands
        is_zero = tuple(place == self._zero for place in places)
        try:
            called = self._known.called(statement.said["callee"], is_zero, statement.line)
        except Unreadable as problem:
            raise Unreadable(problem.what + self._asked_by(statement.result), problem.line) from None
        if called.name == LOOKUP.name and not called.is_watcher:
            return self._looked_up(places, statement.line)
        operands = [self._terms[place] for place in places[: called.operands]]
        if any(operand is None for operand in operands):
            raise Unreadable(f"`{called.name}` is handed the fence's zero, or a part of the guard", statement.line)
        known = tuple(operand for operand in operands if operand is not None)
        if called.is_watcher:
            self._watched[statement.result] = WatcherCall(called.name, known)
            return None
        return self._source.terms.term(called.name, *known)

    def _looked_up(self, places: Sequence[int], line: int) -> int:
        place, table = self._terms[places[0]], self._tables.get(places[1])
        if place is None or table is None:
            raise Unreadable("a lookup of what is no value of the graph, or in no table", line)
        return self._source.terms.term(table, place)

    def _asked_by(self, place: int) -> str:
        """Whose value stands at this place of `main`: for a message."""
        graph = self._source.graph
        for name, returned in zip(self._interface.results, self._main.returns, strict=False):
            if returned == place and name in graph.identifiers:
                node = graph.identifiers.index(name)
                span = graph.spans[node]
                return f"; node `{graph.names[node]}`{f' ({span.at})' if span else ''} is computed by it"
        return ""

    def _results(self, reading: Reading) -> dict[str, Read]:
        """What the kernel returns and takes, by the names its caller knows it by; fills `reading.nodes`."""
        main, names = self._main, self._interface.results
        identifiers = {identifier: node for node, identifier in enumerate(self._source.graph.identifiers)}
        if len(main.returns) != len(names) + 1:
            raise Unreadable(
                f"it returns {len(main.returns)} values, {INTERFACE} names {len(names)} and the guard", main.line
            )
        shown = {
            str(argument["identifier"]): Read(term, main.line)
            for argument, term in zip(self._interface.arguments, self._terms, strict=False)
            if term is not None
        }
        for place, name in zip(main.returns, names, strict=False):
            term, statement = self._terms[place], main.definition(place)
            if name not in identifiers or term is None:
                raise Unreadable(f"result `{name}` is no node of the graph, or a part of the guard", main.line)
            shown[name] = Read(term, statement.line if statement else main.line)
            if not self._source.graph.types[identifiers[name]].is_memory:
                reading.nodes[identifiers[name]] = shown[name]
        return shown


def _named(shown: Mapping[str, Read], name: str) -> Read:
    if name not in shown:
        raise Unreadable(f"`{name}` is neither an argument nor a result of the kernel")
    return shown[name]


def sort_of(type_: Type) -> str:
    """How the kernel holds a value of this type."""
    element = F64 if type_.is_float else BOOL if type_.kind is Kind.BOOL else I64
    return element if type_.length is None else f"{element}[{type_.length}]"
