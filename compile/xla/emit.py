"""A graph as StableHLO text: one function per op, one line per node, under the user's own names.

`kernel.stablehlo` is the program of one bar of one instance (tensors of one row), valid as it stands. `compile.xla.program`
widens it to many rows and runs it over the bars. Constants are arguments, not literals; `xla_kernel.json` holds their
words, and says what every argument and result is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from compile.analysis.magnitude import magnitudes
from compile.backend import Files
from compile.passes.flush_subnormals import unseen
from compile.xla.guard import watcher_text, watchers
from compile.xla.operators import BOOL, I64, TABLE, function_of, function_text, table_tensor, tensor_of
from dag.graphs.graph import Graph
from dag.graphs.identifiers import identifier
from dag.operators.op import Op
from dag.values.types import Kind, Type
from dag.values.words import MASK, show, value_of, word_of

KERNEL = "kernel.stablehlo"
INTERFACE = "xla_kernel.json"
#: The run-time integer 0 that fences products. No node's identifier holds a dot.
ZERO = "%fence.zero"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of the kernel.

    `source` is "zero", "table", "constant", "param", "state" or "input"; `word` is a constant's 64 bits, `words` those of a
    table that all rows share, `next` the identifier of what a state holds at the next bar, `length` that of an array.
    """

    source: str
    name: str
    identifier: str
    kind: Kind
    word: int = 0
    next: str = ""
    length: int | None = None
    words: tuple[int, ...] = ()

    @property
    def type(self) -> Type:
        """The argument's type; of an enum, its kind."""
        return Type(self.kind, length=self.length)

    @property
    def tensor(self) -> str:
        """The StableHLO type: of a table, one for all rows."""
        return f"tensor<{self.length}xi64>" if self.words else tensor_of(self.type)


@dataclass(frozen=True, slots=True)
class Interface:
    """The kernel's arguments, in order, and the identifiers of the nodes it returns, in order, before the guard."""

    arguments: tuple[Argument, ...]
    results: tuple[str, ...]

    def sizes(self) -> set[int]:
        """How many elements the arrays among the arguments have, and the two pools that hold the constants."""
        floats = [each.type.is_float for each in self.arguments if each.source == "constant"]
        lengths = {each.length for each in self.arguments if each.length is not None}
        return {*lengths, sum(floats), len(floats) - sum(floats)}

    def ports(self) -> tuple[tuple[str, ...], ...]:
        """What a caller relies on: sources, names, identifiers and types of the arguments, then the results."""
        arguments = (
            (each.source, each.name, each.identifier, f"{each.kind.value}{each.length or ''}")
            for each in self.arguments
        )
        return (*arguments, self.results)


def emit(graph: Graph) -> Files:
    """`kernel.stablehlo` and `xla_kernel.json` of `graph`; the same graph gives the same bytes."""
    interface = interface_of(graph)
    return {KERNEL: _module(graph, interface).encode(), INTERFACE: _json_of(interface).encode()}


def interface_of(graph: Graph) -> Interface:
    """The arguments and results that the kernel of `graph` has."""
    of = graph.identifiers
    arguments = [Argument("zero", "", ZERO[1:], Kind.I64)]
    for node, constant in enumerate(graph.constants):
        if constant is not None:
            type_ = graph.types[node]
            word = word_of(constant, type_)
            arguments.append(Argument("constant", graph.names[node], of[node], type_.kind, word))
    for op in dict.fromkeys(op for op in graph.ops if isinstance(op, Op) and op.table):
        words = tuple(word & MASK for word in op.table)
        arguments.append(Argument("table", op.digest, table_identifier(op), Kind.I64, length=len(words), words=words))
    for param in graph.params:
        type_ = graph.types[param.node]
        arguments.append(Argument("param", param.name, of[param.node], type_.kind, length=type_.length))
    for state in graph.states:
        type_ = graph.types[state.node]
        arguments.append(
            Argument("state", state.name, of[state.node], type_.kind, next=of[state.next], length=type_.length)
        )
    for port in graph.inputs:
        type_ = graph.types[port.node]
        arguments.append(Argument("input", port.name, of[port.node], type_.kind, length=type_.length))
    return Interface(tuple(arguments), tuple(of[node] for node in graph.operators()))


def table_identifier(op: Op) -> str:
    """What the table of a lookup is called in the text; no node's identifier holds a dot."""
    return f"table.{op.digest[:12]}"


def _json_of(interface: Interface) -> str:
    """One line for each argument and each result."""
    arguments = [json.dumps(_fields(each)) for each in interface.arguments]
    results = [json.dumps(each) for each in interface.results]
    return "\n".join(
        [
            "{",
            ' "arguments": [',
            "  " + ",\n  ".join(arguments),
            " ],",
            ' "results": [',
            "  " + ",\n  ".join(results),
            " ]",
            "}",
            "",
        ]
    )


def _fields(argument: Argument) -> dict[str, str | int]:
    fields: dict[str, str | int] = {"source": argument.source, "name": argument.name, "identifier": argument.identifier}
    fields["type"] = argument.kind.value
    if argument.source == "constant":
        fields["word"] = f"{argument.word:016x}"
    if argument.words:
        fields["words"] = " ".join(f"{word:016x}" for word in argument.words)
    if argument.source == "state":
        fields["next"] = argument.next
    if argument.length is not None:
        fields["length"] = argument.length
    return fields


def interface_from_json(text: bytes) -> Interface:
    """The inverse of what `emit` writes; raises ValueError where `text` is no such file."""
    try:
        content = json.loads(text)
        arguments = tuple(
            Argument(
                each["source"],
                each["name"],
                each["identifier"],
                Kind(each["type"]),
                int(each.get("word", "0"), 16),
                each.get("next", ""),
                each.get("length"),
                tuple(int(word, 16) for word in each.get("words", "").split()),
            )
            for each in content["arguments"]
        )
        return Interface(arguments, tuple(content["results"]))
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"{INTERFACE} is damaged: {problem!r}; build the bundle again") from problem


def _module(graph: Graph, interface: Interface) -> str:
    hidden = unseen(graph)
    calls = watchers(graph, [node for node in magnitudes(graph).unproved if node not in hidden])
    body = [*_node_lines(graph), *_guard_lines(graph, calls)]
    functions: dict[str, list[str]] = {}
    for node in graph.operators():
        op = graph.ops[node]
        assert isinstance(op, Op)
        type_, takes = graph.types[node], [graph.types[arg] for arg in graph.args[node]]
        functions[function_of(op, type_, takes)] = function_text(op, type_, takes)
    for name, watched in calls:
        functions[name] = watcher_text(name, [graph.types[each] for each in watched])
    nodes = list(graph.operators())
    returned = [*(f"%{graph.identifiers[node]}" for node in nodes), "%guard.any"]
    types = [*(tensor_of(graph.types[node]) for node in nodes), BOOL]
    lines = [
        f"// {graph.name}: one bar of one instance; {graph.content_hash}",
        f"module @{identifier(graph.name)} {{",
        "  func.func public @main(",
        *(f"    {line}" for line in _separated(_arguments(graph, interface))),
        f"  ) -> ({', '.join(types)}) {{",
        *(f"    {line}" for line in body),
        f"    return {', '.join(returned)} : {', '.join(types)}",
        "  }",
    ]
    for name in sorted(functions):
        lines += ["", *(f"  {line}" for line in functions[name])]
    return "\n".join([*lines, "}", ""])


def _separated(arguments: list[tuple[str, str]]) -> list[str]:
    last = len(arguments) - 1
    return [f"{text}{'' if index == last else ','}  // {doc}" for index, (text, doc) in enumerate(arguments)]


def _arguments(graph: Graph, interface: Interface) -> list[tuple[str, str]]:
    """For each argument its declaration and a comment."""
    units = dict(zip(graph.identifiers, graph.units, strict=True))
    lines: list[tuple[str, str]] = []
    for argument in interface.arguments:
        match argument.source:
            case "zero":
                doc = "always 0: the fence of every product"
            case "constant":
                doc = f"constant {show(value_of(argument.word, Type(argument.kind)), Type(argument.kind))}"
            case "table":
                doc = f"table {argument.name}"
            case source:
                doc = f"{source} {argument.name} [{units[argument.identifier]}]"
        lines.append((f"%{argument.identifier}: {argument.tensor}", doc))
    return lines


def _node_lines(graph: Graph) -> list[str]:
    lines: list[str] = []
    for node in graph.operators():
        op = graph.ops[node]
        assert isinstance(op, Op)
        operands = [(f"%{graph.identifiers[arg]}", tensor_of(graph.types[arg])) for arg in graph.args[node]]
        if TABLE[op.row].is_fenced:
            operands.append((ZERO, I64))
        if op.table:
            operands.append((f"%{table_identifier(op)}", table_tensor(op)))
        span = graph.spans[node]
        comment = f"  // {span.at}" if span else ""
        type_ = graph.types[node]
        function = function_of(op, type_, [graph.types[arg] for arg in graph.args[node]])
        lines.append(_call(f"%{graph.identifiers[node]}", function, operands, tensor_of(type_)) + comment)
    return lines


def _guard_lines(graph: Graph, calls: list[tuple[str, tuple[int, ...]]]) -> list[str]:
    """`%guard.any`: whether any watcher saw a subnormal, or an input outside the contract."""
    lines = ["// The guard: whether flushing subnormals to zero may have changed this row."]
    flags: list[str] = []
    for name, nodes in calls:
        flags.append(f"%guard.{len(flags)}")
        operands = [(f"%{graph.identifiers[node]}", tensor_of(graph.types[node])) for node in nodes]
        lines.append(_call(flags[-1], name, operands, BOOL))
    lines.append(f"%guard.none = stablehlo.constant dense<false> : {BOOL}")
    total = "%guard.none"
    for index, flag in enumerate(flags):
        name = "%guard.any" if index == len(flags) - 1 else f"%guard.to.{index}"
        lines.append(f"{name} = stablehlo.or {total}, {flag} : {BOOL}")
        total = name
    if not flags:
        lines.append(f"%guard.any = stablehlo.or %guard.none, %guard.none : {BOOL}")
    return lines


def _call(result: str, function: str, operands: list[tuple[str, str]], gives: str) -> str:
    names = ", ".join(name for name, _ in operands)
    types = ", ".join(tensor for _, tensor in operands)
    return f"{result} = func.call @{function}({names}) : ({types}) -> {gives}"
