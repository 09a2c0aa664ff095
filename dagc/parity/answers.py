"""What the user's code answers, as words of the lane's outputs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

import numpy as np

from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dag.language.annotations import shape_of
from dag.language.lane import AnyLane
from dag.language.shapes import Leaf, leaves
from dag.values.types import Kind, Type
from dag.values.words import word_of
from dagc.data.problem import DataProblem
from dagc.debugging.naming_help import did_you_mean
from dagc.live.values import WrongType, value_as


def outputs_of(lane: AnyLane, graph: Graph) -> tuple[str, ...]:
    """The outputs in the order in which the lane returns them, its status left out."""
    shape = shape_of(lane.function.__annotations__["return"], lane.function.__globals__)
    known = {output.name for output in graph.outputs} - {graph.status_output()}
    if isinstance(shape, Leaf):
        return tuple(known)
    order = [name for path, _ in leaves(shape) for name in (path, f"result.{path}") if name in known]
    return tuple(order)


def chosen_outputs(names: Sequence[str], wanted: str | None) -> tuple[str, ...]:
    """The outputs that the user's code answers, in its order: those of `--output`, else all. Raises DataProblem."""
    if wanted is None:
        return tuple(names)
    chosen = tuple(name.strip() for name in wanted.split(",") if name.strip())
    for name in chosen:
        if name not in names:
            raise DataProblem(f"--output {name}: there is no such output: {did_you_mean(name, tuple(names))}")
    return chosen


def parts_of(answer: Any, names: Sequence[str]) -> dict[str, Any]:
    """The answer by output name: a mapping or an object by names, a tuple (nested or not) in order, a single value as the
    first output. Raises DataProblem where it is none of these."""
    if isinstance(answer, Mapping):
        found = {name: answer[name] for name in names if name in answer}
    elif _is_record(answer):
        found = {name: getattr(answer, name) for name in names if hasattr(answer, name)}
        if not found and isinstance(answer, tuple):
            return parts_of(tuple(answer), names)
    elif isinstance(answer, tuple | list) or (isinstance(answer, np.ndarray) and answer.ndim == 1):
        flat = list(_flat(answer))
        if len(flat) != len(names):
            raise DataProblem(
                f"the oracle answers {counted(len(flat), 'value')}, the lane has {counted(len(names), 'output')}: {', '.join(names)}\n"
                f"  fix  --output {','.join(names[: len(flat)])} names those that it answers, in its order"
            )
        return dict(zip(names, flat, strict=True))
    else:
        return {names[0]: answer}
    if not found:
        raise DataProblem(f"the oracle answers {answer!r}, which has none of the outputs {', '.join(names)}")
    return found


def word(part: Any, type_: Type) -> int | None:
    """The word of one part of an answer, exactly; None where it is no value of the output's type."""
    if type_.kind in (Kind.I64, Kind.I32) and isinstance(part, float | np.floating) and float(part).is_integer():
        part = int(part)
    if type_.kind is Kind.BOOL and isinstance(part, int | np.integer) and part in (0, 1):
        part = bool(part)
    try:
        return word_of(value_as(part, type_), type_)
    except (WrongType, OverflowError):
        return None


def _is_record(answer: Any) -> bool:
    is_dataclass = dataclasses.is_dataclass(answer) and not isinstance(answer, type)
    return is_dataclass or hasattr(answer, "_fields") or (hasattr(answer, "__dict__") and not isinstance(answer, Enum))


def _flat(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple | list):
            yield from _flat(value)
        else:
            yield value
