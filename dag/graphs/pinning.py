"""Pinning: a graph whose every parameter has its one value, which is then part of its content hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.graphs.binding import complete
from dag.graphs.content_hash import content_hash
from dag.graphs.graph import Graph, Param
from dag.language.marks import Calibrated, ClaimSite
from dag.values.types import Type, Value
from dag.values.words import show

_FORMATS = {"f64": "float64", "f32": "float32", "i64": "int64", "i32": "int32"}


@dataclass(frozen=True, slots=True)
class Artefact:
    """Where a calibrated value comes from: the method, the number format it was computed in, and the hash of the data."""

    method: str
    dtype: str
    data: str


@dataclass(frozen=True, slots=True)
class Pins:
    """What one writer pins: its name (a file, a preset), the values by parameter, and where calibrated ones come from."""

    origin: str
    values: Mapping[str, Value]
    artefacts: Mapping[str, Artefact]


def pinned(graph: Graph, writers: Sequence[Pins]) -> Graph:
    """`graph` with the pins for defaults, so that its content hash covers them.

    Raises CompileError that names every parameter that is unpinned (E080), pinned by two writers (E081), calibrated without
    saying how (E082), unknown (E051), or of another type or outside its domain (E052).
    """
    values = {name: value for each in writers for name, value in each.values.items()}
    problems = [*_unpinned(graph, values), *_pinned_twice(graph, writers), *_uncalibrated(graph, writers)]
    bound: Mapping[str, Value] = {}
    try:
        bound = complete(graph, values)
    except CompileError as error:
        problems += [each for each in error.diagnostics if each.code != "E050"]
    if problems:
        raise CompileError(problems)
    return with_defaults(graph, bound)


def with_defaults(graph: Graph, values: Mapping[str, Value]) -> Graph:
    """`graph` with these values, checked ones, for the defaults of its parameters."""
    params = tuple(replace(param, default=values[param.name]) for param in graph.params)
    fixed = replace(graph, params=params, content_hash="")
    return replace(fixed, content_hash=content_hash(fixed))


def _unpinned(graph: Graph, values: Mapping[str, Value]) -> list[Diagnostic]:
    return [
        _problem(
            "E080", graph, param,
            f"every parameter of a deployed graph pinned: `{param.name}` in {param.domain}",
            "no pin" + ("" if param.default is None else f"; its default, {_shown(graph, param, param.default)}, is no decision"),
            f"add `{param.name} = ...` to the pin file; `dagc pins FILE.py:LANE` writes one to begin with",
        )
        for param in graph.params
        if param.name not in values
    ]  # fmt: skip


def _pinned_twice(graph: Graph, writers: Sequence[Pins]) -> list[Diagnostic]:
    problems: list[Diagnostic] = []
    for param in graph.params:
        given = [(each.origin, each.values[param.name]) for each in writers if param.name in each.values]
        if len(given) > 1:
            got = tuple(f"{origin} writes {_shown(graph, param, value)}" for origin, value in given)
            expected = f"one writer of `{param.name}`"
            problems.append(_problem("E081", graph, param, expected, got, "pin it in one place, and delete the other"))
    return problems


def _uncalibrated(graph: Graph, writers: Sequence[Pins]) -> list[Diagnostic]:
    artefacts = {name: artefact for each in writers for name, artefact in each.artefacts.items()}
    pins = {name for each in writers for name in each.values}
    marked = {
        claim.name
        for claim in graph.claims
        if claim.place is ClaimSite.PARAM and any(isinstance(mark, Calibrated) for mark in claim.marks)
    }
    problems: list[Diagnostic] = []
    for param in graph.params:
        if param.name not in marked or param.name not in pins:
            continue
        got = _missing(artefacts.get(param.name), graph.types[param.node])
        if got:
            expected = (
                f"`{param.name}`, a calibrated parameter, with its method, number format and the hash of its data"
            )
            fix = (
                f'[{param.name}] with value = ..., method = "...", '
                f'dtype = "{_FORMATS.get(str(graph.types[param.node]), "float64")}", data = "sha256:..."'
            )
            problems.append(_problem("E082", graph, param, expected, got, fix))
    return problems


def _missing(artefact: Artefact | None, type_: Type) -> str:
    if artefact is None:
        return "a bare value"
    digest = artefact.data.removeprefix("sha256:")
    is_hash = artefact.data.startswith("sha256:") and len(digest) == 64 and not set(digest) - set("0123456789abcdef")
    if not artefact.method.strip():
        return "no method"
    if not is_hash:
        return f"data = {artefact.data!r}, which is no sha256 of 64 hex digits"
    wanted = _FORMATS.get(str(type_), artefact.dtype)
    return "" if artefact.dtype == wanted else f"dtype = {artefact.dtype!r} for a parameter of type {type_} ({wanted})"


def _shown(graph: Graph, param: Param, value: Value) -> str:
    try:
        return show(value, graph.types[param.node])
    except (TypeError, ValueError):
        return repr(value)


def _problem(code: str, graph: Graph, param: Param, expected: str, got: str | tuple[str, ...], fix: str) -> Diagnostic:
    given = (got,) if isinstance(got, str) else got
    return Diagnostic(code, CODES[code][0], graph.spans[param.node], param.name, expected, given, fix)
