"""The diagnostic of a hazard: where its operands come from, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from compile.analysis.facts import I32_RANGE, I64_RANGE, Integers, show
from compile.analysis.integer_transfer import (
    exact_difference,
    exact_sum,
)
from compile.analysis.ranges import Ranges
from compile.hazards.hazard import Hazard, Texts
from compile.operand_text import as_written, assigned_name, bare, operand_texts, window_place
from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import Diagnostic, Label
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph, Input, Param
from dag.operators import table as ops
from dag.operators.op import Source
from dag.values.domain import whole_domain
from dag.values.types import I32, I64

#: Ports that one message names at most.
PORTS = 4

Port: TypeAlias = Input | Param


def diagnostic_of(graph: Graph, known: Ranges, node: int, hazard: Hazard) -> Diagnostic:
    written = as_written(graph, node)
    texts, args = operand_texts(graph, written), graph.args[written]
    blamed = args if hazard.operand is None else (args[hazard.operand],)
    unbounded = _unbounded(graph, known, blamed)
    if hazard.operand is None:
        each = zip(texts, args, strict=True)
        got = (hazard.got, *(f"{bare(text)}: {show(known.facts[arg], graph.types[arg])}" for text, arg in each))
    else:
        is_literal = graph.ops[args[hazard.operand]] is Source.CONST
        got = (bare(texts[hazard.operand]) + ("" if is_literal else f": {hazard.got}"),)
    window = window_place(graph, written) if hazard.code == "E065" else None
    if window is not None:
        past, place = window
        hazard, got = _beyond_window(past, place, graph.types[args[0]].length or 0)
    fix = _fix(graph, known, written, hazard, unbounded, texts, args)
    sources = _sources(graph, known, blamed)
    scope = graph.scopes[graph.owners[node]]
    written_by_a_pass = (
        graph.ops[node] is ops.PUT
    )  # so that a rejected row writes nothing; its scope says nothing to the author
    called = (f"in lane `{scope.lane}`, called as `{scope.path}`",) if scope.path and not written_by_a_pass else ()
    notes = (*sources, *called)
    title, span = CODES[hazard.code][0], graph.spans[node]
    labels = tuple(_labels(graph, known, blamed, unbounded))
    return Diagnostic(hazard.code, title, span, graph.names[node], hazard.expected, got, fix, notes, labels)


def _fix(
    graph: Graph,
    known: Ranges,
    node: int,
    hazard: Hazard,
    unbounded: Sequence[Port],
    texts: Texts,
    args: tuple[int, ...],
) -> str:
    """How to mend it: of an integer, what was perhaps meant comes first, then a domain; a literal is simply another one."""
    if hazard.code != "E062":
        return _as_statement(graph, node, hazard.fix)
    if hazard.operand is not None:
        if graph.ops[args[hazard.operand]] is Source.CONST:
            return f"write {hazard.expected}"
        texts, args = (texts[hazard.operand],), (args[hazard.operand],)
    grown = _carried_total(graph, known, node, texts) if hazard.operand is None else None
    if grown and not unbounded:
        return grown
    declare = f"declare a domain for {_to_declare(graph, unbounded, texts, args)}, or {hazard.fix}"
    declare += f". {grown[0].upper()}{grown[1:]}" if grown else ""
    return f"{hazard.instead}; or {declare}" if hazard.instead else declare


def _beyond_window(past: str, place: int, length: int) -> tuple[Hazard, tuple[str, ...]]:
    """`past[place]` of a window that may hold fewer values than that takes."""
    least = -place if place < 0 else place + 1
    holds = f"len({past}) > 0" if least == 1 else f"len({past}) >= {least}"
    expected = f"a place that the window has: it holds up to {counted(length, 'value')}, and none at first"
    fix = f"choose where there are as many: `({past}[{place}] if {holds} else ...)`"
    return Hazard("E065", 1, expected, "", fix), (f"{past}[{place}], where len({past}) may be less than {least}",)


def _as_statement(graph: Graph, node: int, fix: str) -> str:
    """`fix`, whose first expression in backquotes is to be written: all of `x = (x / d if d != 0.0 else 0.0)` for `x /= d`."""
    name = assigned_name(graph, node)
    return fix.replace("`(", f"`{name} = (", 1) if name else fix


def _carried_total(graph: Graph, known: Ranges, node: int, texts: Texts) -> str | None:
    """The way out for what is carried and grows from bar to bar, which no domain limits; None where nothing is."""
    op, args = graph.ops[node], graph.args[node]
    facts = [fact for arg in args if isinstance(fact := known.facts[arg], Integers)]
    carried = next(((text, arg) for text, arg in zip(texts, args, strict=True) if _is_carried(graph, arg)), None)
    if carried is None or op not in (ops.IADD, ops.ISUB):
        return None
    name, arg = carried
    (least, greatest), most = (I64_RANGE, "10**15") if graph.ops[arg] is Source.STATE else (I32_RANGE, "10**9")
    total, wrapping, exact = (
        (" + ", "wrapping_add", exact_sum(*facts))
        if op is ops.IADD
        else (" - ", "wrapping_sub", exact_difference(*facts))
    )
    limited = total.join(texts)
    limited = f"min({limited}, {most})" if exact[1] > greatest else limited
    limited = f"max({limited}, -{most})" if exact[0] < least else limited
    wraps = f"{wrapping}({', '.join(map(bare, texts))})"
    return f"limit what is carried: {name} = {limited}; or carry a float, carry(initial=0.0), or let it wrap: {wraps}"


def _is_carried(graph: Graph, node: int) -> bool:
    """Whether this is what a state holds, an int32 that is computed with as an int too."""
    if graph.ops[node] is ops.I32_TO_I64:
        (node,) = graph.args[node]
    return graph.ops[node] is Source.STATE


def _to_declare(graph: Graph, unbounded: Sequence[Port], texts: Texts, args: tuple[int, ...]) -> str:
    """What needs a domain: the ports without one that the operands depend on, else the operands that are no constants."""
    if unbounded:
        return " and ".join(f"{_kind(port)} `{port.name}`" for port in unbounded[:PORTS])
    computed = {text: None for text, arg in zip(texts, args, strict=True) if graph.ops[arg] is not Source.CONST}
    return " and ".join(f"`{text}`" for text in computed or texts)


def _unbounded(graph: Graph, known: Ranges, nodes: tuple[int, ...]) -> list[Port]:
    """The integer ports that say nothing of their domain, and that reach `nodes` on this bar or through what is carried."""
    states = {state.name: state for state in graph.states}
    pending, seen = [name for node in nodes for name in known.ports(node)], dict[str, None]()
    while pending:
        name = pending.pop()
        if name not in seen:
            seen[name] = None
            pending += known.ports(states[name].next) if name in states else []
    return [
        port
        for port in graph.ports()
        if port.name in seen
        and graph.types[port.node] in (I64, I32)
        and port.domain == whole_domain(graph.types[port.node])
    ]


def _labels(graph: Graph, known: Ranges, nodes: tuple[int, ...], unbounded: Sequence[Port]) -> Iterator[Label]:
    """Where the ports are declared that the operands' values come from."""
    names = {name for node in nodes for name in known.ports(node)} | {port.name for port in unbounded}
    for port in [port for port in graph.ports() if port.name in names][:PORTS]:
        span = graph.spans[port.node]
        if span is not None:
            says = "without a domain" if port in unbounded else str(port.domain)
            yield Label(span, f"{_kind(port)} `{port.name}` is declared here, {says}")


def _kind(port: Port) -> str:
    return "input" if isinstance(port, Input) else "parameter"


def _sources(graph: Graph, known: Ranges, nodes: tuple[int, ...]) -> Iterator[str]:
    """The ports whose domains the operands' values come from."""
    ports: dict[str, Port] = {port.name: port for port in graph.ports()}
    names = [name for node in nodes for name in known.ports(node)]
    shown = list(dict.fromkeys(names))
    for name in shown[:PORTS]:
        if name in ports:
            yield f"it depends on {_kind(ports[name])} `{name}`, declared {ports[name].domain}"
        else:
            yield f"it depends on what `{name}` carries"
    if len(shown) > PORTS:
        yield f"and on {len(shown) - PORTS} more"


def place_of(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    return (span.shown, span.line, span.column, diagnostic.code) if span else ("", 0, 0, diagnostic.code)
