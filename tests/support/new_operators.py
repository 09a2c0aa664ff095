"""Run on a copy of the source that has the guide's operators: proves, runs and takes away their lines, one at a time.

Prints a JSON document: which tables have a line for `isign`, and what is said of it without that line.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import compile  # noqa: A004
import dag
import rtl
from compile.analysis.ranges import ranges
from compile.backend import Batch
from compile.backends import backend, emitting, software
from compile.campaign.drawing.special_values import SPECIAL_F32, SPECIAL_F64, SPECIAL_I64
from compile.proof.core.prove import prove
from compile.proof.core.verdict import Proved
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import OPS
from dag.values.domain import whole_domain
from dag.values.types import F32, F64, I64
from dag.values.words import column_dtype, words_of_column

NEW = {"isign": (I64, SPECIAL_I64), "positive": (F64, SPECIAL_F64), "positive_f32": (F32, SPECIAL_F32)}


def graph_of(*names: str) -> Graph:
    """Each operator on an input and on a constant."""
    builder = GraphBuilder("new_operators")
    builder.open_scope("", "new_operators")
    for name in names:
        type_, values = NEW[name]
        x = builder.input(f"x_{name}", type_, "1", whole_domain(type_))
        builder.output(f"of_{name}", builder.op(OPS[name], (x,)), values[0])
        builder.output(f"on_zero_{name}", builder.op(OPS[name], (builder.const(values[0] * 0, type_, "1"),)), values[0])
    builder.close_scope()
    return builder.freeze()


def problems(graph: Graph) -> Iterator[str]:
    """What is wrong with it: an exception of the compiler, an artifact that is not proved, a range that is not known."""
    for name in emitting():
        try:
            files = backend(name).lower(graph)
        except KeyError as missing:
            yield f"{name}: no line for {missing}"
            continue
        yield from (each.page() for each in prove(graph, files) if not isinstance(each, Proved))
    try:
        ranges(graph)
    except KeyError as missing:
        yield f"ranges: no line for {missing}"


def differences(graph: Graph) -> Iterator[str]:
    """Words that a backend computes and that are not the meaning's."""
    rows = max(len(values) for _, values in NEW.values())
    columns = {
        f"x_{name}": np.resize(np.array(values, column_dtype(type_)), rows) for name, (type_, values) in NEW.items()
    }
    batch = Batch({name: column[np.newaxis] for name, column in columns.items()}, {}, None, 1, rows)
    nodes = {name: next(each.node for each in graph.outputs if each.name == f"of_{name}") for name in NEW}
    for which in software():
        one = backend(which)
        if one.missing() is not None:
            continue
        found = one.load(graph, one.lower(graph)).run(batch, [*nodes.values()])
        for name, node in nodes.items():
            type_ = NEW[name][0]
            meant = np.array([OPS[name].meaning(x) for x in columns[f"x_{name}"].tolist()], column_dtype(type_))
            if (words_of_column(found.nodes[node][0], type_) != words_of_column(meant, type_)).any():
                yield f"{which}: {name}"


Table = MutableMapping[Any, Any]


def tables(name: str) -> tuple[dict[str, Table], list[Table]]:
    """`file:TABLE` -> every table of the compiler in whose text the operator is named; and those that are made of them."""
    written: dict[str, Table] = {}
    derived: list[Table] = []
    for module in _modules():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for variable, value in vars(module).items():
            has_line = isinstance(value, dict) and (name in value or OPS[name] in value)
            if not has_line or not re.search(rf"^{variable}\b.*=", source, re.MULTILINE):
                continue
            if re.search(rf"\b{name}\b", source, re.IGNORECASE):
                written[f"{module.__name__.replace('.', '/')}.py:{variable}"] = value
            else:
                derived.append(value)
    return written, derived


def _modules() -> Iterator[ModuleType]:
    for package in (dag, compile, rtl):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not each.name.endswith("__main__") and not each.ispkg:
                yield importlib.import_module(each.name)


def main() -> None:
    whole, of_one = graph_of(*NEW), graph_of("isign")
    said: dict[str, list[str]] = {}
    wrong = [*problems(whole), *differences(whole)]
    written, derived = tables("isign")
    for title, table in written.items():
        key = "isign" if "isign" in table else OPS["isign"]
        line = table.pop(key)
        followers = [each for each in derived if each.get(key) is line]
        for each in followers:
            del each[key]
        said[title] = list(problems(of_one))
        for each in (table, *followers):
            each[key] = line
    json.dump({"wrong": wrong, "asks": said}, sys.stdout)


if __name__ == "__main__":
    main()
