"""Parameter values by the names that a graph gives its parameters."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from enum import Enum
from typing import Any

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.graphs.graph import Graph
from dag.language.leaves import code_of
from dag.values.floating_point import in_standard_environment
from dag.values.types import Kind, Type, Value
from dag.values.words import round_f32, show


def flatten(params: object) -> dict[str, Value]:
    """The values of a `@params` object by dotted field path, as `Graph.params` names them; enum members by their codes.

    For a lane with several parameter objects: a mapping from argument to object. Raises TypeError for anything else.
    """
    if isinstance(params, Mapping):
        return {
            f"{argument}.{name}": value for argument, each in params.items() for name, value in flatten(each).items()
        }
    if not dataclasses.is_dataclass(params) or isinstance(params, type):
        raise TypeError(f"parameters are an instance of a @params class, not {params!r}")
    values: dict[str, Value] = {}
    for field in dataclasses.fields(params):
        value: Any = getattr(params, field.name)
        if dataclasses.is_dataclass(value):
            values |= {f"{field.name}.{name}": inner for name, inner in flatten(value).items()}
        else:
            values[field.name] = code_of(value) if isinstance(value, Enum) else value
    return values


@in_standard_environment
def complete(graph: Graph, values: Mapping[str, Value]) -> dict[str, Value]:
    """`values`, with the graph's defaults for the rest: a full binding.

    Raises CompileError that names every parameter that is missing, unknown, of another type, or outside its domain.
    """
    problems: list[Diagnostic] = []
    known = {param.name: param for param in graph.params}
    for name in values:
        if name not in known:
            close = difflib.get_close_matches(name, list(known), n=1)
            fix = f"did you mean `{close[0]}`?" if close else "leave it out"
            problems.append(
                _problem("E051", name, f"a parameter of {graph.name}: {', '.join(known)}", f"`{name}`", fix)
            )
    bound: dict[str, Value] = {}
    for name, param in known.items():
        type_ = graph.types[param.node]
        value = values.get(name, param.default)
        if value is None:
            fix = f"pin it: {name} in {param.domain}"
            problems.append(_problem("E050", name, f"a value for `{name}`, which has no default", "none", fix))
        elif not _fits(value, type_):
            problems.append(
                _problem(
                    "E052",
                    name,
                    f"`{name}` of type {type_}",
                    repr(value),
                    f"give a value of type {type_}",
                    "Parameter of another type",
                )
            )
        elif not param.domain.contains(held := _held(value, type_)):
            shown = show(held, type_)
            problems.append(_problem("E052", name, f"`{name}` in {param.domain}", shown, "give a value in its domain"))
        else:
            bound[name] = held
    if problems:
        raise CompileError(problems)
    return bound


def _fits(value: Value, type_: Type) -> bool:
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return isinstance(value, float | int) and not isinstance(value, bool)
        case Kind.BOOL:
            return isinstance(value, bool)
        case Kind.I32:
            return isinstance(value, int) and not isinstance(value, bool) and -(1 << 31) <= value < 1 << 31
        case Kind.I64 | Kind.ENUM:
            return isinstance(value, int) and not isinstance(value, bool)


def _held(value: Value, type_: Type) -> Value:
    """A value that fits, as its parameter holds it: rounding a float32 may bring it to an end of the domain."""
    if type_.kind is Kind.F32:
        return round_f32(float(value))
    return float(value) if type_.kind is Kind.F64 else value


def _problem(code: str, node: str, expected: str, got: str, fix: str, title: str = "") -> Diagnostic:
    return Diagnostic(code, title or CODES[code][0], None, node, expected, (got,), fix)
