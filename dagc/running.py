"""From a lane to loaded runners: what build, check and tap share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from compile.backend import Files, Missing, Runner
from compile.bundle import BundleProblem
from compile.pipeline import prepare
from dag.graph import Graph
from dag.types import Value
from dagc.backends import backend
from dagc.data import DataProblem, parse_value
from dagc.parameters import bound_values


def graph_of(target: str) -> Graph:
    """The prepared graph of `FILE.py:LANE`. Raises CompileError."""
    from dag.loading import load_lane
    from dag.trace import trace

    return prepare(trace(load_lane(target)))


def graph_of_bundle(folder: Path) -> Graph:
    """The graph in a bundle's folder, whatever was done to the other files. Raises BundleProblem."""
    from compile.bundle import GRAPH, read_artifacts
    from dag.graph_json import graph_from_json

    files = read_artifacts(folder)
    if GRAPH not in files:
        raise BundleProblem(f"{folder}/{GRAPH} is missing")
    return graph_from_json(files[GRAPH])


def runners_of(
    graph: Graph, names: Iterable[str], files: Files | None = None
) -> tuple[dict[str, Runner], dict[str, Missing]]:
    """Loaded runners by name, and the backends whose tool this machine lacks.

    The artifacts are emitted afresh, or taken from `files` where they are given. Raises BundleProblem when `files` lack one.
    """
    runners: dict[str, Runner] = {}
    missing: dict[str, Missing] = {}
    for name in names:
        each = backend(name)
        absent = each.missing()
        if absent is not None:
            missing[name] = absent
            continue
        try:
            runners[name] = each.load(graph, each.lower(graph) if files is None else files)
        except KeyError as problem:
            raise BundleProblem(f"the bundle has no {problem} for {name}: build it with --emit {name}") from problem
    return runners, missing


def parameters_of(graph: Graph, settings: Iterable[str]) -> Mapping[str, Value]:
    """Every parameter's value: the defaults, with `name=value` settings laid over them. Raises BindingProblem, DataProblem."""
    types = {param.name: graph.types[param.node] for param in graph.params}
    given: dict[str, object] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise DataProblem(f"--param {setting}: expected NAME=VALUE, for example {next(iter(types), 'x')}=1")
        try:
            given[name.strip()] = parse_value(text.strip(), types[name.strip()]) if name.strip() in types else text
        except ValueError:
            given[name.strip()] = text
    return bound_values(graph, given)
