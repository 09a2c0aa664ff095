"""A graph as a file: canonical JSON, the same bytes for the same graph, and back with its content hash proved.

f64 values are `float.hex` texts and integers are decimal texts, so no reader of JSON can round them. Every table of the
graph is there: operators, constants, names, units, spans, scopes, ports, taps.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dag.diagnostics.span import Span
from dag.graphs.content_hash import content_hash
from dag.graphs.graph import Graph, Input, Output, Param, Scope, State, Tap
from dag.graphs.identifiers import identifier
from dag.language.lifetime import Lifetime, LifetimeKind
from dag.operators.lookups import lookup_in, op_named
from dag.operators.op import Op, Source
from dag.values.domain import Domain
from dag.values.types import F64, Axis, Kind, Members, Type, Value, array_type

#: The version of this layout.
FORMAT = 3

Json = dict[str, Any]


class DamagedGraph(ValueError):
    """The bytes are no graph, or not the graph they say they are."""


def graph_to_json(graph: Graph) -> bytes:
    """`graph` as canonical JSON: sorted keys, one node or port a line, UTF-8, a final newline."""
    document: Json = {
        "format": FORMAT,
        "name": graph.name,
        "content_hash": graph.content_hash,
        "status": graph.status,
        "nodes": [_node_to_json(graph, node) for node in range(len(graph))],
        "scopes": [
            {"path": s.path, "lane": s.lane, "doc": s.doc, "parent": s.parent, "span": _span_to_json(s.span)}
            | ({"slot": s.slot, "is_empty": s.is_empty} if s.slot else {})
            for s in graph.scopes
        ],
        "inputs": [
            {"name": p.name, "node": p.node, "domain": _domain_to_json(p.domain, graph.types[p.node])}
            for p in graph.inputs
        ],
        "params": [
            {
                "name": p.name,
                "node": p.node,
                "domain": _domain_to_json(p.domain, graph.types[p.node]),
                "default": None if p.default is None else _value_to_json(p.default, graph.types[p.node]),
            }
            for p in graph.params
        ],
        "states": [
            {
                "name": s.name,
                "node": s.node,
                "initial": _value_to_json(s.initial, graph.types[s.node]),
                "next": s.next,
                "cold": _value_to_json(s.cold, graph.types[s.node]),
                "lifetime": s.lifetime.kind.value,
                "max_age": _value_to_json(s.lifetime.max_age, F64),
                "warm_up": s.warm_up,
            }
            for s in graph.states
        ],
        "outputs": [
            {"name": o.name, "node": o.node, "safe": _value_to_json(o.safe, graph.types[o.node])} for o in graph.outputs
        ],
        "taps": [{"name": t.name, "node": t.node} for t in graph.taps],
    }
    if tables := _tables(graph):
        document["tables"] = [[str(word) for word in table] for table in tables]
    return ("{\n" + ",\n".join(_entries(document)) + "\n}\n").encode()


def graph_from_json(data: bytes) -> Graph:
    """The graph whose JSON this is.

    Raises DamagedGraph when the bytes are not what `graph_to_json` writes, or as `graph_from_document`.
    """
    try:
        document = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise DamagedGraph(f"this is not JSON: {problem}") from problem
    graph = graph_from_document(document)
    if graph_to_json(graph) != data:
        raise DamagedGraph(f"graph `{graph.name}` is not in its canonical form: build it again")
    return graph


def graph_from_document(document: Any) -> Graph:
    """The graph of a JSON document that is already parsed, on its own or inside another.

    Raises DamagedGraph when it has another format, or does not have the content hash that it claims: a changed constant,
    operator, name or domain is found here.
    """
    version = document.get("format") if isinstance(document, dict) else None
    if version != FORMAT:
        raise DamagedGraph(f"this dagc reads graphs of format {FORMAT}, this one has {version!r}: build it again")
    try:
        graph = _graph_from_document(document)
        recomputed = content_hash(graph)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as problem:
        raise DamagedGraph(
            f"the graph cannot be read ({type(problem).__name__}: {problem}): build it again"
        ) from problem
    if recomputed != graph.content_hash:
        raise DamagedGraph(
            f"graph `{graph.name}` was changed after it was written: it says its content hash is {graph.content_hash}, "
            f"but what it holds has {recomputed}: build it again"
        )
    return graph


def _entries(document: Json) -> Iterator[str]:
    for key, value in sorted(document.items()):
        if isinstance(value, list) and value:
            yield f"{json.dumps(key)}: [\n" + ",\n".join(_compact(item) for item in value) + "\n]"
        else:
            yield f"{json.dumps(key)}: {_compact(value)}"


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _node_to_json(graph: Graph, node: int) -> Json:
    op, type_, constant = graph.ops[node], graph.types[node], graph.constants[node]
    return {
        "op": op.name if isinstance(op, Op) else op.value,
        "args": graph.args[node],
        "type": _type_to_json(type_),
        "unit": graph.units[node],
        "constant": None if constant is None else _value_to_json(constant, type_),
        "name": graph.names[node],
        "identifier": graph.identifiers[node],
        "span": _span_to_json(graph.spans[node]),
        "owner": graph.owners[node],
        "total": graph.total[node],
    }


def _graph_from_document(document: Json) -> Graph:
    nodes: list[Json] = document["nodes"]
    for table in document.get("tables", ()):
        lookup_in(tuple(int(word) for word in table))
    types = tuple(_type_from_json(each["type"]) for each in nodes)
    ops = tuple(_op_from_json(each["op"]) for each in nodes)
    args = tuple(tuple(each["args"]) for each in nodes)
    _check_operands(ops, args, types)
    return Graph(
        name=document["name"],
        ops=ops,
        args=args,
        types=types,
        units=tuple(each["unit"] for each in nodes),
        constants=tuple(_optional_value(each["constant"], type_) for each, type_ in zip(nodes, types, strict=True)),
        names=tuple(each["name"] for each in nodes),
        identifiers=tuple(identifier(each["name"]) for each in nodes),
        spans=tuple(_span_from_json(each["span"]) for each in nodes),
        owners=tuple(each["owner"] for each in nodes),
        total=tuple(each["total"] for each in nodes),
        scopes=tuple(
            Scope(
                each["path"],
                each["lane"],
                each["doc"],
                each["parent"],
                _span_from_json(each["span"]),
                each.get("slot", ""),
                each.get("is_empty", False),
            )
            for each in document["scopes"]
        ),
        inputs=tuple(
            Input(each["name"], each["node"], _domain_from_json(each["domain"], types[each["node"]]))
            for each in document["inputs"]
        ),
        params=tuple(
            Param(
                each["name"],
                each["node"],
                _domain_from_json(each["domain"], types[each["node"]]),
                _optional_value(each["default"], types[each["node"]]),
            )
            for each in document["params"]
        ),
        states=tuple(
            State(
                each["name"],
                each["node"],
                _value_from_json(each["initial"], types[each["node"]]),
                each["next"],
                _value_from_json(each["cold"], types[each["node"]]),
                Lifetime(LifetimeKind(each["lifetime"]), float.fromhex(each["max_age"])),
                each["warm_up"],
            )
            for each in document["states"]
        ),
        outputs=tuple(
            Output(each["name"], each["node"], _value_from_json(each["safe"], types[each["node"]]))
            for each in document["outputs"]
        ),
        taps=tuple(Tap(each["name"], each["node"]) for each in document["taps"]),
        status=document["status"],
        content_hash=document["content_hash"],
    )


def _check_operands(ops: tuple[Op | Source, ...], args: tuple[tuple[int, ...], ...], types: tuple[Type, ...]) -> None:
    """Backends trust a graph: operands stand before their node and have the types its op takes."""
    for node, op in enumerate(ops):
        if not all(0 <= arg < node for arg in args[node]):
            raise ValueError(f"node {node} reads a node that does not stand before it")
        if isinstance(op, Op) and op.result_type(tuple(types[arg] for arg in args[node])) != types[node]:
            raise TypeError(f"node {node}: `{op}` does not fit its operands")


def _tables(graph: Graph) -> list[tuple[int, ...]]:
    """The tables that the graph's lookups choose from, each once."""
    return list(dict.fromkeys(op.table for op in graph.ops if isinstance(op, Op) and op.table))


def _op_from_json(name: str) -> Op | Source:
    try:
        return op_named(name)
    except KeyError:
        return Source(name)


def _type_to_json(type_: Type) -> object:
    if type_.axis is not None:
        axis = {"name": type_.axis.name, "labels": list(type_.axis.labels)}
        return {"array": _type_to_json(type_.element), "length": type_.length, "axis": axis}
    if type_.length is not None:
        return {"array": _type_to_json(type_.element), "length": type_.length}
    if type_.members is None:
        return type_.kind.value
    return {"enum": type_.members.name, "codes": type_.members.codes}


def _type_from_json(written: Any) -> Type:
    if isinstance(written, str):
        return Type(Kind(written))
    if "array" in written:
        axis = Axis(written["axis"]["name"], tuple(written["axis"]["labels"])) if "axis" in written else None
        return array_type(_type_from_json(written["array"]), written["length"], axis)
    return Type(Kind.ENUM, Members(written["enum"], tuple((name, code) for name, code in written["codes"])))


def _value_to_json(value: Value, type_: Type) -> str | bool:
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return float(value).hex()
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return str(int(value))
        case Kind.BOOL:
            return bool(value)


def _value_from_json(written: Any, type_: Type) -> Value:
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return float.fromhex(written)
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return int(written)
        case Kind.BOOL:
            return bool(written)


def _optional_value(written: Any, type_: Type) -> Value | None:
    return None if written is None else _value_from_json(written, type_)


def _domain_to_json(domain: Domain, type_: Type) -> Json:
    if domain.codes is not None:
        return {"codes": [str(code) for code in domain.codes]}
    return {
        "lo": _value_to_json(domain.lo, type_),
        "hi": _value_to_json(domain.hi, type_),
        "excludes_lo": domain.excludes_lo,
        "excludes_hi": domain.excludes_hi,
    }


def _domain_from_json(written: Json, type_: Type) -> Domain:
    if "codes" in written:
        codes = tuple(int(code) for code in written["codes"])
        return Domain(min(codes), max(codes), codes=codes)
    return Domain(
        _value_from_json(written["lo"], type_),
        _value_from_json(written["hi"], type_),
        written["excludes_lo"],
        written["excludes_hi"],
    )


def _span_to_json(span: Span | None) -> object:
    if span is None:
        return None
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_column": span.end_column,
        "text": span.text,
    } | ({} if span.arms is None else {"arms": [_span_to_json(each) for each in span.arms]})


def _span_from_json(written: Json | None) -> Span | None:
    if written is None:
        return None
    if "arms" not in written:
        return Span(**written)
    chosen, otherwise = map(_span_from_json, written["arms"])
    return Span(**{**written, "arms": (chosen, otherwise)})
