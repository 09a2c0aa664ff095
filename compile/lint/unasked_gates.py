"""Orders that ask no gate, though there are gates beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from compile.lint.finding import declared_at, finding, listed
from compile.lint.gates import gates_of, sinks_of
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane, Lane
from dag.language.marks import UNSAID, Gate, Sink


def orders_without_gate(graph: Graph, lane: AnyLane) -> Iterator[Diagnostic]:
    """W025 for each sink of a lane that asks no hard gate, where its file has or imports lanes that are hard gates.

    A sink that names its gate is judged by E075; one that says `gate=None` needs none.
    """
    if gates_of(graph):
        return
    beside = [name for name, other in _lanes_beside(lane) if _is_hard_gate(other)]
    for output, claim in sinks_of(graph) if beside else ():
        if any(isinstance(mark, Sink) and mark.gate == UNSAID for mark in claim.marks):
            yield finding(
                "W025", graph, output.node, output.name,
                f"sink `{output.name}`, {declared_at(claim)}, to ask a hard gate, or to say that it needs none",
                (f"no hard gate is asked; beside it there {'is' if len(beside) == 1 else 'are'} {listed([f'`{name}`' for name in beside])}",),
                f"let the gate decide last: `... and {beside[0]}(...)`; or declare it: sink(..., gate=None)",
                span=claim.declared,
            )  # fmt: skip


def _lanes_beside(lane: AnyLane) -> Iterator[tuple[str, Lane[..., Any]]]:
    """The lanes that the file of a lane declares or imports, but for the lane itself."""
    for name, value in lane.function.__globals__.items():
        if isinstance(value, Lane) and value.function is not lane.function:
            yield name, value


def _is_hard_gate(lane: Lane[..., Any]) -> bool:
    """Whether a lane is declared to return a hard gate; False where its annotations cannot be read."""
    try:
        returned = get_type_hints(lane.function, include_extras=True).get("return")
        return any(Gate("hard") in _marks(each) for each in (returned, *_fields(returned)))
    except Exception:  # whatever is wrong with an annotation is reported where the lane is traced
        return False


def _marks(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()


def _fields(annotation: Any) -> tuple[Any, ...]:
    """The annotations of the fields of a record; nothing for any other type."""
    plain = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    has_fields = isinstance(plain, type) and hasattr(plain, "__dataclass_fields__")
    return tuple(get_type_hints(plain, include_extras=True).values()) if has_fields else ()
