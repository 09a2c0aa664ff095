"""Parameter objects as the flat names of a graph, and what is said when a binding is not complete."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import numpy as np
import pytest

from dag import domain, float32, int32, lane, params
from dag.diagnostics.diagnostic import CompileError
from dag.graphs.binding import complete, flatten
from dag.trace import trace


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"


@params
class Inner:
    share: Annotated[float, domain(0.0, 1.0)]
    on: bool = True


@params
class Outer:
    inner: Inner = Inner(share=0.5)
    steps: int = 3
    mood: Mood = Mood.WILD


@params
class Pinned:
    floor: Annotated[float, domain(0.0, 9.0)]
    ceiling: Annotated[float, domain(0.0, 9.0)]
    steps: int = 2


@lane
def nested(x: float, p: Outer) -> float:
    return x * p.inner.share if p.inner.on and p.mood == Mood.CALM else x * p.steps


@lane
def pinned(x: float, p: Pinned) -> float:
    return min(max(x, p.floor), p.ceiling) * p.steps


@lane
def two(x: float, p: Outer, q: Pinned) -> float:
    return x * p.steps * q.steps


@params
class Narrow:
    share: Annotated[float32, domain(0.0, below=0.3)] = 0.1
    count: int32 = 3


@lane
def narrow(x: float32, p: Narrow) -> float32:
    return x * p.share * float32(p.count)


def test_narrow_values_are_held_rounded_and_judged_as_they_are_held() -> None:
    graph = trace(narrow)
    assert flatten(Narrow()) == {"share": float(np.float32(0.1)), "count": 3}
    assert complete(graph, {"share": 0.25000000001}) == {"share": 0.25, "count": 3}
    open_end = np.float32(0.3)
    assert complete(graph, {"share": float(np.nextafter(open_end, np.float32(0)))})
    for problem in ({"share": float(open_end) - 1e-12}, {"count": 1 << 31}, {"count": True}, {"share": 1e39}):
        with pytest.raises(CompileError, match="E052"):
            complete(graph, problem)


def test_names_are_those_of_the_graph() -> None:
    assert flatten(Outer()) == {"inner.share": 0.5, "inner.on": True, "steps": 3, "mood": 1}
    assert set(flatten(Outer())) == {param.name for param in trace(nested).params}


def test_several_objects_are_led_by_their_arguments() -> None:
    values = flatten({"p": Outer(), "q": Pinned(floor=0.0, ceiling=1.0)})
    assert set(values) == {param.name for param in trace(two).params}


def test_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="@params"):
        flatten(3.0)
    with pytest.raises(TypeError, match="@params"):
        flatten(Outer)


def test_defaults_complete_a_binding() -> None:
    assert complete(trace(nested), {"steps": 5}) == {"inner.share": 0.5, "inner.on": True, "steps": 5, "mood": 1}
    bound = complete(trace(pinned), {"floor": 1, "ceiling": 8.0})
    assert isinstance(bound["floor"], float)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(CompileError) as refused:
        complete(trace(pinned), {"florr": 0.5, "ceiling": 9.5, "steps": 2.0})
    assert str(refused.value) == (
        "E051 Unknown parameter at node `florr`\n"
        "  expected  a parameter of pinned: floor, ceiling, steps\n"
        "  got       `florr`\n"
        "  fix       did you mean `floor`?\n"
        "\n"
        "E050 Missing parameter at node `floor`\n"
        "  expected  a value for `floor`, which has no default\n"
        "  got       none\n"
        "  fix       pin it: floor in [0.0, 9.0]\n"
        "\n"
        "E052 Parameter outside its domain at node `ceiling`\n"
        "  expected  `ceiling` in [0.0, 9.0]\n"
        "  got       9.5\n"
        "  fix       give a value in its domain\n"
        "\n"
        "E052 Parameter of another type at node `steps`\n"
        "  expected  `steps` of type i64\n"
        "  got       2.0\n"
        "  fix       give a value of type i64\n"
        "\n"
        "4 errors\n"
        "explain: dagc explain E051 E050 E052"
    )
