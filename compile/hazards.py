"""Operations that Python refuses and hardware does not: found before anything runs, on the values that can really occur.

A divisor that may be zero, an integer that may leave its 64 (or 32) bits, `int(x)` of a number that no integer holds, the root
of a negative number. Each is judged where its result counts: `a / b if b > 0.0 else 0.0` is fine. What a lane says it wants on
every operand (`ieee_div`, `wrapping_add`, a lane without taps) is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from compile.analysis.assume import NOTHING_KNOWN, PathFacts
from compile.analysis.demand import demand
from compile.analysis.facts import I32_RANGE, I64_RANGE, Fact, Floats, Integers, is_empty, show
from compile.analysis.integer_transfer import (
    Exact,
    exact_difference,
    exact_magnitude,
    exact_negation,
    exact_product,
    exact_quotient,
    exact_shift_left,
    exact_sum,
    is_shift,
    leaves,
)
from compile.analysis.ranges import Ranges, quotient_ranges, ranges_once
from compile.analysis.transfer import exact_sum_of
from compile.analysis.values import value_of
from compile.operand_text import as_written, assigned_name, bare, operand_texts, window_place
from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import CompileError, Diagnostic, Label
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph, Input, Param
from dag.graphs.paths import ALWAYS, Path, Paths
from dag.operators import table as ops
from dag.operators.table import Family, Op, Source
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F32, F64, I32, I64, Type

#: Ports that one message names at most.
PORTS = 4
#: Every whole number up to this one is a float.
LARGEST_EXACT = 1 << 53


@dataclass(frozen=True, slots=True)
class _Hazard:
    """What is wrong with an operation: its code, which operand is to blame (None: all), what was expected, and how to fix it.

    `instead` is what the user may have meant; it comes before the rest of the fix.
    """

    code: str
    operand: int | None
    expected: str
    got: str
    fix: str
    instead: str = ""


_Texts = tuple[str, ...]
Port: TypeAlias = Input | Param
_Judge = Callable[[_Texts, tuple[Fact, ...], tuple[Type, ...]], _Hazard | None]


def refuse_hazards(graph: Graph) -> None:
    """Raise CompileError with every hazard of `graph`, prepared or as traced."""
    found = hazards(graph)
    if found:
        raise CompileError(found)


def hazards(graph: Graph) -> list[Diagnostic]:
    """Every hazard of `graph`, in the order of its source."""
    judged = [
        node
        for node in graph.operators()
        if (graph.ops[node] in _JUDGES or node in graph.whole_operands or node in graph.lookbacks)
        and not graph.total[node]
    ]
    if not judged:
        return []
    known = ranges_once(graph)
    paths: list[Paths] | None = None
    found: dict[tuple[object, ...], Diagnostic] = {}
    for node in judged:
        if _judge(graph, known, NOTHING_KNOWN, node) is None:
            continue
        paths = paths or demand(graph)
        for path in ((*one, *own) for one in paths[node] for own in graph.judged.get(node, ALWAYS)):
            if graph.ops[node] is ops.PUT:
                path = (*path, (graph.args[node][3], True))
            hazard = _on_path(graph, known, path, node)
            if hazard is not None:
                span = graph.spans[node]
                place = (span.file, span.line, span.column, hazard.code) if span else (node,)
                found.setdefault(place, _diagnostic(graph, known, node, hazard))
                break
    return sorted(found.values(), key=_place)


def _on_path(graph: Graph, known: Ranges, path: Path, node: int) -> _Hazard | None:
    """The hazard of `node` where the conditions of `path` hold; None where there is none, or where they cannot hold."""
    here = known.along(path)
    return None if here is None else _judge(graph, known, here, node)


def _judge(graph: Graph, known: Ranges, here: PathFacts, node: int) -> _Hazard | None:
    op, args = graph.ops[node], graph.args[node]
    assert isinstance(op, Op)
    facts = known.operands_under(here, node)
    if any(is_empty(fact) for fact in facts):
        return None
    if len(args) == 2 and args[0] == args[1] and op is ops.ISUB:
        return None
    texts = operand_texts(graph, as_written(graph, node))
    judge = _JUDGES.get(op)
    hazard = None if judge is None else judge(texts, facts, tuple(graph.types[arg] for arg in args))
    if hazard is None and node in graph.lookbacks:
        hazard = _lookback(texts, facts, graph.lookbacks[node])
    return hazard or (_rounded_before(graph, known, here, node, texts) if node in graph.whole_operands else None)


def _rounded_before(graph: Graph, known: Ranges, here: PathFacts, node: int, texts: _Texts) -> _Hazard | None:
    """Integers that are rounded before they are computed with or compared: Python takes them as they are."""
    op, args = graph.ops[node], graph.args[node]
    assert isinstance(op, Op)
    for whole in sorted(graph.whole_operands[node]):
        integer = value_of(graph, whole)
        if _fits(known.under(here, integer)) or _fits(quotient_ranges(graph).under(here, integer)):
            continue
        direct = (
            k for k, arg in enumerate(args) if arg == whole or (whole not in args and graph.constants[arg] is None)
        )
        operand, (left, right), (a, b) = next(direct), texts, (bare(text) for text in texts)
        if op in ops.FAMILIES[Family.QUOTIENT]:
            expected = "whole numbers of at most 2^53 on both sides of `/`, which Python divides exactly"
            fix = f"declare domains; float({a}) / float({b}) rounds each and the quotient"
            fix += f", ({left} // {right}) is whole and exact" if whole in args else ""
        elif op.gives == BOOL:
            expected = "whole numbers of at most 2^53 beside a float, with which Python compares them exactly"
            fix = f"declare a domain; float({(a, b)[operand]}) is rounded before it is compared, an integer beside an integer never"
        else:
            expected = "whole numbers of at most 2^53 where Python may have an integer or a float"
            fix = f"declare domains, or compute with floats: float({a}) {op.symbol} float({b})"
        return _Hazard("E068", operand, expected, "beyond 2^53", fix)
    return None


def _fits(fact: Fact) -> bool:
    """Whether floats hold all these whole numbers; where they are floats already, 2^53 may stand for 2^53 + 1."""
    if isinstance(fact, Integers):
        return fact.lo >= -LARGEST_EXACT and fact.hi <= LARGEST_EXACT
    return isinstance(fact, Floats) and fact.lo > -LARGEST_EXACT and fact.hi < LARGEST_EXACT


def _float_divisor(texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
    divisor = facts[1]
    assert isinstance(divisor, Floats)
    if not divisor.zero:
        return None
    a, b = texts
    return _Hazard(
        "E060", 1, "a divisor that is never zero", f"{show(divisor, types[1])}, zero included",
        f"write `({a} / {b} if {b} != 0.0 else 0.0)`, or declare a domain without zero; ieee_div({bare(a)}, {bare(b)}) takes the infinity",
    )  # fmt: skip


def _integer_divisor(symbol: str, texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
    a, b = facts
    assert isinstance(a, Integers)
    assert isinstance(b, Integers)
    if b.zero:
        return _Hazard(
            "E061", 1, f"a divisor of `{symbol}` that is never zero", f"{show(b, types[1])}, zero included",
            f"write `({texts[0]} {symbol} {texts[1]} if {texts[1]} != 0 else 0)`, or declare a domain without zero",
        )  # fmt: skip
    exact = exact_quotient(a, b) if symbol == "//" else None
    return _overflow(exact, I64_RANGE) if exact is not None else None


def _exact(rule: Callable[..., Exact]) -> _Judge:
    def judge(texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
        return _overflow(rule(*facts), I64_RANGE)

    return judge


def _overflow(exact: Exact, allowed: Exact, instead: str = "") -> _Hazard | None:
    if not leaves(exact, allowed):
        return None
    bits = 64 if allowed == I64_RANGE else 32
    return _Hazard(
        "E062", None, f"a result that fits {bits} bits, [{allowed[0]}, {allowed[1]}]",
        f"results from {exact[0]} to {exact[1]}",
        "limit with min and max" + ("" if instead else "; wrapping_add, _sub, _mul and _shl wrap on purpose"), instead,
    )  # fmt: skip


def _shift(symbol: str, texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
    value, places = facts
    assert isinstance(value, Integers)
    assert isinstance(places, Integers)
    value_text, text = (bare(each) for each in texts)
    wrapping = f"wrapping_shl({value_text}, {text})" if symbol == "<<" else ""
    if is_shift(places):
        instead = wrapping and f"{wrapping} drops the bits that leave"
        return _overflow(exact_shift_left(value, places), I64_RANGE, instead) if symbol == "<<" else None
    # `>>` by more than 63 places is Python's value; the tracer sees to it.
    counts, limited = (
        ("of 0 or more", f"max({text}, 0)")
        if symbol == ">>" and places.hi <= 63
        else ("from 0 to 63", f"min(max({text}, 0), 63)")
    )
    return _Hazard(
        "E062", 1, f"a count {counts} for `{symbol}`", show(places, types[1]), f"limit it: {limited}",
        wrapping and f"{wrapping} shifts by {text} modulo 64",
    )  # fmt: skip


def _narrowed(texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
    value = facts[0]
    assert isinstance(value, Integers)
    return _overflow((value.lo, value.hi), I32_RANGE)


def _whole(texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
    x, limit = facts[0], 2.0**63
    assert isinstance(x, Floats)
    fits = not x.has_numbers or (-limit <= x.lo and x.hi < limit)
    if fits and not x.nan:
        return None
    text = texts[0]
    bounded = text if fits else f"min(max({bare(text)}, -9e18), 9e18)"
    guards = ([f"limit it: {bounded}"] if not fits else []) + (
        [f"choose an integer for NaN: `(... if {text} == {text} else 0)`"] if x.nan else []
    )
    return _Hazard("E063", 0, "a number that a 64-bit integer can hold", show(x, types[0]), ", and ".join(guards))


def _root(texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
    x = facts[0]
    assert isinstance(x, Floats)
    if not x.negative:
        return None
    return _Hazard(
        "E064", 0, "a number that is never negative", show(x, types[0]),
        f"write `sqrt(max({bare(texts[0])}, 0.0))`, or declare domain(lo=0.0) where it comes from",
    )  # fmt: skip


def _outside(texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
    index, length = facts[1], types[0].length
    assert isinstance(index, Integers)
    assert length is not None
    if index.lo >= 0 and index.hi < length:
        return None
    text = bare(texts[1])
    return _Hazard(
        "E065", 1, f"an index from 0 to {length - 1}, inside the array of {length}", show(index, types[1]),
        f"limit it: min(max({text}, 0), {length - 1}), choose: `(... if 0 <= {texts[1]} < {length} else ...)`, or declare a domain",
    )  # fmt: skip


def _lookback(texts: _Texts, facts: tuple[Fact, ...], longest: int) -> _Hazard | None:
    length = facts[1]
    assert isinstance(length, Integers)
    if length.lo >= 1 and length.hi <= longest:
        return None
    text = bare(texts[1])
    return _Hazard(
        "E065", 1, f"a length from 1 to {longest}, which is `longest`", show(length, I64),
        f"declare domain(1, {longest}), or limit it: min(max({text}, 1), {longest})",
    )  # fmt: skip


def _sum_of_many(texts: _Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> _Hazard | None:
    return _overflow(exact_sum_of(facts, types[0].size), I64_RANGE)


_JUDGES: dict[Op, _Judge] = {
    ops.FOLD_IADD: _sum_of_many,
    **dict.fromkeys(ops.PLACES, _outside),
    **dict.fromkeys(ops.FAMILIES[Family.QUOTIENT], _float_divisor),
    ops.IDIV: partial(_integer_divisor, ops.IDIV.symbol),
    ops.IMOD: partial(_integer_divisor, ops.IMOD.symbol),
    ops.IADD: _exact(exact_sum),
    ops.ISUB: _exact(exact_difference),
    ops.IMUL: _exact(exact_product),
    ops.SHL: lambda texts, facts, types: _shift("<<", texts, facts, types),
    ops.SHR: lambda texts, facts, types: _shift(">>", texts, facts, types),
    ops.INEG: _exact(exact_negation),
    ops.IABS: _exact(exact_magnitude),
    ops.I64_TO_I32: _narrowed,
    **{op: _whole for op in ops.FAMILIES[Family.CONVERSION] if op.takes[0] in (F64, F32) and op.gives == I64},
    **dict.fromkeys(ops.FAMILIES[Family.ROOT], _root),
}


def _diagnostic(graph: Graph, known: Ranges, node: int, hazard: _Hazard) -> Diagnostic:
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
    hazard: _Hazard,
    unbounded: Sequence[Port],
    texts: _Texts,
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


def _beyond_window(past: str, place: int, length: int) -> tuple[_Hazard, tuple[str, ...]]:
    """`past[place]` of a window that may hold fewer values than that takes."""
    least = -place if place < 0 else place + 1
    holds = f"len({past}) > 0" if least == 1 else f"len({past}) >= {least}"
    expected = f"a place that the window has: it holds up to {counted(length, 'value')}, and none at first"
    fix = f"choose where there are as many: `({past}[{place}] if {holds} else ...)`"
    return _Hazard("E065", 1, expected, "", fix), (f"{past}[{place}], where len({past}) may be less than {least}",)


def _as_statement(graph: Graph, node: int, fix: str) -> str:
    """`fix`, whose first expression in backquotes is to be written: all of `x = (x / d if d != 0.0 else 0.0)` for `x /= d`."""
    name = assigned_name(graph, node)
    return fix.replace("`(", f"`{name} = (", 1) if name else fix


def _carried_total(graph: Graph, known: Ranges, node: int, texts: _Texts) -> str | None:
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


def _to_declare(graph: Graph, unbounded: Sequence[Port], texts: _Texts, args: tuple[int, ...]) -> str:
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


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    return (span.shown, span.line, span.column, diagnostic.code) if span else ("", 0, 0, diagnostic.code)
