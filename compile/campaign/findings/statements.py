"""A graph as a short list of statements in JSON, built again through the public builder.

Unlike `dag.graphs.json_form` it holds no hash, no order and nothing that can be worked out again, so that a file written once can
be read for ever.
"""

from __future__ import annotations

from typing import Any

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph, Scope
from dag.operators.table import OPS, Op, Source
from dag.values.domain import Domain, whole_domain
from dag.values.types import Kind, Type, Value, array_type, enum_type
from dag.values.words import show, value_of, word_of

Json = dict[str, Any]


def graph_to_statements(graph: Graph) -> Json:
    """The graph: scopes, a statement a node, what the states become, outputs."""
    domains = {port.node: port.domain for port in graph.ports()}
    defaults = {param.node: param.default for param in graph.params}
    labels = {port.node: port.name for port in (*graph.ports(), *graph.states)}
    initial = {state.node: state.initial for state in graph.states}
    nodes: list[Json] = []
    for node, op in enumerate(graph.ops):
        type_, constant = graph.types[node], graph.constants[node]
        entry: Json = {
            "name": graph.names[node],
            "type": _type_to_json(type_),
            "is": getattr(op, "value", None) or str(op),
        }
        if graph.args[node]:
            entry["of"] = [graph.names[arg] for arg in graph.args[node]]
        if graph.units[node] != "1":
            entry["unit"] = graph.units[node]
        if graph.owners[node]:
            entry["scope"] = graph.owners[node]
        if constant is not None:
            entry |= {"word": _hex(constant, type_), "value": show(constant, type_)}
        if node in labels:
            entry["label"] = labels[node]
        if node in initial:
            entry["initial"] = _hex(initial[node], type_)
        if node in domains and domains[node] != whole_domain(type_):
            entry["domain"] = _domain_to_json(domains[node], type_)
        default = defaults.get(node)
        if default is not None:
            entry["default"] = _hex(default, type_)
        nodes.append(entry)
    return {
        "name": graph.name,
        "scopes": [[scope.path, scope.lane, scope.parent] for scope in graph.scopes],
        "nodes": nodes,
        "next": {state.name: graph.names[state.next] for state in graph.states},
        "outputs": {o.name: [graph.names[o.node], _hex(o.safe, graph.types[o.node])] for o in graph.outputs},
        "status": None if graph.status is None else graph.names[graph.status],
    }


def graph_from_statements(document: Json) -> tuple[Graph, dict[str, int]]:
    """The graph, and which of its nodes each name of the document is.

    Raises KeyError, TypeError or ValueError where `document` is not what `graph_to_statements` writes.
    """
    builder = GraphBuilder(document["name"])
    builder.adopt_scopes(tuple(Scope(path, lane, "", parent, None) for path, lane, parent in document["scopes"]))
    made: dict[str, int] = {}
    for entry in document["nodes"]:
        made[entry["name"]] = _added(builder, entry, made)
    for name, following in document["next"].items():
        builder.set_next(name, made[following])
    for name, (node, safe) in document["outputs"].items():
        builder.output(name, made[node], _value(safe, builder.type_of(made[node])))
    if document["status"] is not None:
        builder.set_status(made[document["status"]])
    graph = builder.freeze()
    by_name = {name: node for node, name in enumerate(graph.names)}
    return graph, {name: by_name[name] for name in made if name in by_name}


def _added(builder: GraphBuilder, entry: Json, made: dict[str, int]) -> int:
    type_, unit = _type_from_json(entry["type"]), entry.get("unit", "1")
    match entry["is"]:
        case Source.CONST.value:
            return builder.const(_value(entry["word"], type_), type_, unit)
        case Source.INPUT.value:
            return builder.input(entry["label"], type_, unit, _domain(entry, type_))
        case Source.PARAM.value:
            default = _value(entry["default"], type_) if "default" in entry else None
            return builder.param(entry["label"], type_, unit, _domain(entry, type_), default)
        case Source.STATE.value:
            return builder.state(entry["label"], type_, unit, _value(entry["initial"], type_))
        case name:
            op: Op = OPS[name]
            node = builder.op(op, tuple(made[arg] for arg in entry["of"]), unit=unit, owner=entry.get("scope", 0))
            if not type_.is_array:
                builder.tap(entry["name"], node)
            return node


def _type_to_json(type_: Type) -> Any:
    if type_.length is not None:
        return [_type_to_json(type_.element), type_.length]
    return type_.kind.value if type_.members is None else {type_.members.name: dict(type_.members.codes)}


def _type_from_json(written: Any) -> Type:
    if isinstance(written, str):
        return Type(Kind(written))
    if isinstance(written, list):
        return array_type(_type_from_json(written[0]), written[1])
    ((name, codes),) = written.items()
    return enum_type(name, codes)


def _domain_to_json(domain: Domain, type_: Type) -> Json:
    if domain.codes is not None:
        return {"codes": list(domain.codes)}
    return {
        "lo": _hex(domain.lo, type_),
        "hi": _hex(domain.hi, type_),
        "excludes_lo": domain.excludes_lo,
        "excludes_hi": domain.excludes_hi,
    }


def _domain(entry: Json, type_: Type) -> Domain:
    written = entry.get("domain")
    if written is None:
        return whole_domain(type_)
    if "codes" in written:
        return Domain(min(written["codes"]), max(written["codes"]), codes=tuple(written["codes"]))
    ends = (_value(written["lo"], type_), _value(written["hi"], type_))
    return Domain(*ends, written["excludes_lo"], written["excludes_hi"])


def _hex(value: Value, type_: Type) -> str:
    return f"{word_of(value, type_):016x}"


def _value(word: str, type_: Type) -> Value:
    return value_of(int(word, 16), type_)
