"""The interpreter backend: a Python module out, that module run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compile.backend import Files, Missing, refuse_unsupported
from compile.interpreter.emit import emit_interpreter
from compile.interpreter.record import FILE, REFERENCE
from compile.interpreter.runner import InterpreterRunner
from compile.interpreter.table import TABLE
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.values.floating_point import in_standard_environment


class Interpreter:
    """`interpreter.py`: what the other backends are compared with."""

    @property
    def name(self) -> str:
        return REFERENCE

    @property
    def table(self) -> Mapping[Op, object]:
        return TABLE

    def missing(self) -> Missing | None:
        """Nothing: Python is here."""
        return None

    @in_standard_environment
    def lower(self, graph: Graph) -> Files:
        """The one module."""
        refuse_unsupported(graph, self)
        return {FILE: emit_interpreter(graph).encode()}

    @in_standard_environment
    def load(self, graph: Graph, files: Files) -> InterpreterRunner:
        """The module in `files`, executed. Raises ValueError when it is no Python, or another graph's."""
        namespace: dict[str, Any] = {"__name__": f"interpreter of {graph.name}"}
        try:
            exec(compile(files[FILE], FILE, "exec"), namespace)
        except SyntaxError as problem:
            raise ValueError(f"{FILE} was changed and is no Python any more: {problem}; build it again") from problem
        made_for = namespace.get("GRAPH")
        if made_for != graph.content_hash:
            raise ValueError(f"{FILE} was made from graph {made_for}, not from {graph.content_hash}; build it again")
        return InterpreterRunner(graph, namespace["step"])
