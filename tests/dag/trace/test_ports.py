"""Arguments and results of a root lane as inputs, parameters and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from dag import domain, lane, params, safe, unit
from dag.trace import trace
from dag.values.domain import Domain, whole_domain
from dag.values.types import F64, Kind

Price = Annotated[float, unit("px")]


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"


@params
class Ema:
    window: Annotated[float, unit("bars"), domain(1.0, 1e4)]
    on: bool = True


@params
class Both:
    fast: Ema = Ema(window=10.0)
    mood: Mood = Mood.WILD
    scale: Annotated[float, domain(above=0.0)] = 1


@dataclass(frozen=True)
class Quote:
    bid: Price
    ask: Annotated[Price, domain(0.0, 1e6)]


@dataclass(frozen=True)
class Sized:
    size: Annotated[float, safe(-1.0)]
    mood: Annotated[Mood, safe(Mood.WILD)]
    steps: Annotated[int, safe(3)]
    quote: Quote


@lane
def one_object(x: float, p: Both) -> float:
    return x * p.scale * (p.fast.window / p.fast.window) if p.fast.on and p.mood == Mood.WILD else 0.0


@lane
def two_objects(x: float, slow: Ema, fast: Ema = Ema(window=7.0, on=False)) -> bool:  # noqa: B008
    return x > 0.0 and slow.on and fast.on and slow.window > fast.window


@lane
def dataclass_inputs(q: Quote, pair: tuple[float, int]) -> Price:
    return q.bid * pair[0] + q.ask * pair[1]


@lane
def clashing_inputs(near: Quote, far: Quote, bid: float) -> Price:
    return near.bid + far.ask * bid


@lane
def results(x: float, mood: Mood, q: Quote) -> Sized:
    return Sized(size=x, mood=mood, steps=2, quote=q)


def test_parameters_are_called_by_their_fields() -> None:
    graph = trace(one_object)
    assert [(p.name, p.default) for p in graph.params] == [
        ("fast.window", 10.0),
        ("fast.on", True),
        ("mood", 1),
        ("scale", 1.0),
    ]
    window = graph.params[0]
    assert graph.units[window.node] == "bars"
    assert window.domain == Domain(1.0, 1e4)
    assert graph.params[3].domain.excludes_lo
    assert graph.types[graph.params[2].node].kind is Kind.ENUM


def test_several_params_objects_prefix_their_names_and_set_defaults() -> None:
    assert [(p.name, p.default) for p in trace(two_objects).params] == [
        ("slow.window", None),
        ("slow.on", True),
        ("fast.window", 7.0),
        ("fast.on", False),
    ]


def test_inputs_are_called_by_their_fields() -> None:
    graph = trace(dataclass_inputs)
    assert [(p.name, graph.units[p.node], p.domain) for p in graph.inputs[:2]] == [
        ("bid", "px", whole_domain(F64)),
        ("ask", "px", Domain(0.0, 1e6)),
    ]
    assert [p.name for p in graph.inputs[2:]] == ["pair.0", "pair.1"]


def test_fields_that_clash_are_led_by_the_argument() -> None:
    names = [port.name for port in trace(clashing_inputs).inputs]
    assert names == ["near.bid", "near.ask", "far.bid", "far.ask", "bid"]


def test_outputs_have_the_names_of_fields_and_safe_values() -> None:
    assert [(o.name, o.safe) for o in trace(results).outputs] == [
        ("size", -1.0),
        ("mood", 1),
        ("steps", 3),
        ("quote.bid", 0.0),
        ("quote.ask", 0.0),
    ]


def test_one_result_is_called_as_its_lane() -> None:
    assert [(o.name, o.safe) for o in trace(two_objects).outputs] == [("two_objects", False)]
