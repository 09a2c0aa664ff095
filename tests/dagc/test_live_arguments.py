"""The inputs of a step: by name, by position, as records and as the arguments of the lane, and what wrong ones get."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import numpy as np
import pytest

from compile.pipeline import prepare
from dag import domain, lane, params
from dag.trace import trace
from dagc.binding.parameters import BindingProblem
from dagc.live.inputs import InputProblem
from dagc.live.kernel import Kernel, kernel_from_graph
from tests.support.backends import backend_or_skip
from tests.support.live_bars import PARAMS, Band
from tests.support.live_graph import live_graph


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return kernel_from_graph(live_graph())


@lane
def close_below_high(high: float, close: Annotated[float, domain(below=100.0)]) -> tuple[float, bool]:
    return high - close, high > close


def test_positions_are_those_of_the_signature() -> None:
    instance = kernel_from_graph(prepare(trace(close_below_high))).bind()
    assert instance.step((2.0, 1.0))[:2] == close_below_high(2.0, 1.0)
    assert instance.step((2.0, 100.0)).offender == "close"
    assert instance.step((2.0, 100.0)).status == 2


def test_wrong_inputs_are_named(kernel: Kernel) -> None:
    instance = kernel.bind(PARAMS)
    before = instance.snapshot()
    with pytest.raises(InputProblem) as caught:
        instance.step(prise=1.0, side=1)
    assert str(caught.value) == (
        "these inputs do not fit `quoter`\n"
        "  unknown  `prise`: did you mean `price`?\n"
        "  missing  `price`\n"
        "  missing  `halted`"
    )
    with pytest.raises(InputProblem, match=r"missing  `price`"):
        instance.step({"prise": 1.0, "side": 1, "halted": False})
    with pytest.raises(InputProblem, match=r"input `price` is '1\.0', expected f64"):
        instance.step(price="1.0", side=1, halted=False)
    with pytest.raises(InputProblem, match="input `side` is 'HOLD', expected enum Side: SELL, BUY"):
        instance.step(price=1.0, side="HOLD", halted=False)
    with pytest.raises(InputProblem, match="`quoter` takes 3 inputs, got 2; their order is price, side, halted"):
        instance.step([False, 1.0])
    with pytest.raises(InputProblem, match="not both"):
        instance.step({"price": 1.0}, side=1)
    with pytest.raises(InputProblem, match=r"the input columns differ in length, or there are none: \[1, 2\]"):
        instance.run({"price": [1.0, 2.0], "side": [1], "halted": [True, False]})
    with pytest.raises(InputProblem, match="input `halted` does not hold bool"):
        instance.run({"price": [1.0], "side": [1], "halted": [0.5]})
    assert instance.snapshot() == before


@dataclass(frozen=True)
class Book:
    """An argument of `weighted`."""

    bid: float
    ask: float


@dataclass(frozen=True)
class Columns:
    """Many Books."""

    bid: Any
    ask: Any


@dataclass(frozen=True)
class Reversed:
    """The fields of a Book in another order."""

    ask: float
    bid: float


@lane
def weighted(book: Book, past: tuple[float, float], p: Band) -> float:
    """Every input with a weight of its own, so that none can stand for another."""
    return book.bid + 2.0 * book.ask + 4.0 * past[0] + 8.0 * past[1] + 16.0 * p.low + 32.0 * p.high


@pytest.fixture(scope="module")
def weights() -> Kernel:
    return kernel_from_graph(prepare(trace(weighted)))


@pytest.mark.parametrize(
    "given",
    [
        {"bid": 1.0, "ask": 2.0, "past.0": 3.0, "past.1": 4.0},
        {"book": Book(1.0, 2.0), "past": (3.0, 4.0)},
        {"book": {"ask": 2.0, "bid": 1.0}, "past": [3.0, 4.0]},
        {"book": Book(1.0, 2.0), "past.0": 3.0, "past.1": 4.0},
        (1.0, 2.0, 3.0, 4.0),
        [Book(1.0, 2.0), (3.0, 4.0)],
        (Book(1.0, 2.0), 3.0, 4.0),
    ],
)
def test_records_and_tuples_stand_for_their_parts(weights: Kernel, given: Any) -> None:
    expected = weighted(Book(1.0, 2.0), (3.0, 4.0), Band())
    assert weights.bind().step(given)[0] == expected
    assert weights.bind([Band(), Band()]).step(given)[0].tolist() == [expected, expected]
    assert expected == 1.0 + 4.0 + 12.0 + 32.0 + 16.0 + 64.0


@pytest.mark.parametrize("row", [Band(low=5.0), {"p": Band(low=5.0)}, {"p": {"low": 5.0}}, {"low": 5.0}])
def test_a_params_object_may_have_its_argument_in_front(weights: Kernel, row: Any) -> None:
    assert weights.bind(row).params == {"low": 5.0, "high": 2.0}
    assert weights.bind([row, Band()]).params["low"].tolist() == [5.0, 1.0]


def test_records_of_columns_stand_for_their_parts(weights: Kernel) -> None:
    columns = {"book": Columns(np.array([1.0, 1.5]), [2.0, 2.5]), "past": (np.array([3.0, 3.5]), np.array([4.0, 4.5]))}
    expected = [weighted(Book(1.0, 2.0), (3.0, 4.0), Band()), weighted(Book(1.5, 2.5), (3.5, 4.5), Band())]
    assert weights.bind().run(columns)[0].tolist() == expected
    assert weights.bind([Band()]).run(columns)[0][:, 0].tolist() == expected


@lane
def doubled(x: float) -> float:
    """One input."""
    return x * 2.0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (1.5, "`doubled` takes 1 input, got 1.5; give (1.5,) or {'x': 1.5}"),
        ({1.5}, "`doubled` takes 1 input, got {1.5}; give (...,) or {'x': ...}"),
        (np.array(1.5), "give (...,) or {'x': ...}"),
        ((1.5, 2.5), "`doubled` takes 1 input, got 2; their order is x"),
        ("a", "input `x` is 'a', expected f64"),
        (Book(1.0, 2.0), "`doubled` takes 1 input, got 2"),
    ],
)
def test_what_is_no_set_of_inputs_is_told_what_is(given: Any, said: str) -> None:
    kernel = kernel_from_graph(prepare(trace(doubled)))
    with pytest.raises(InputProblem) as caught:
        kernel.bind().step(given)
    assert said in str(caught.value)


def test_records_that_do_not_fit_are_refused(weights: Kernel) -> None:
    instance = weights.bind()
    with pytest.raises(InputProblem, match=r"`ask` stands where `bid` should: the order is bid, ask, past.0, past.1"):
        instance.step((Reversed(2.0, 1.0), (3.0, 4.0)))
    with pytest.raises(InputProblem, match="`bid` is given twice: in `book` and in `bid`"):
        instance.step(book=Book(1.0, 2.0), bid=1.0, past=(3.0, 4.0))
    with pytest.raises(InputProblem, match=r"give \(bid, ask, past.0, past.1\) or {'bid': ..., "):
        instance.step(1.5)
    with pytest.raises(BindingProblem, match="`low` is given twice: in `p` and in `low`"):
        weights.bind({"p": Band(), "low": 1.0})
    for many in (instance, weights.bind([Band()])):
        for wrong in (1.5, [1.5], np.array([1.5])):
            with pytest.raises(InputProblem, match="`weighted` takes 4 inputs, got"):
                many.run(wrong)


class Way(Enum):
    UP = 1
    DOWN = 2


@dataclass(frozen=True)
class Candle:
    open: float
    close: float


@dataclass(frozen=True)
class Span:
    open: float
    high: float


NO_NUMBER: Any = "3"


@lane
def candle_lane(candle: Candle, way: Way) -> float:
    return candle.close - candle.open if way is Way.UP else candle.open - candle.close


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((Candle(1.0, 3.0), "SIDEWAYS"), "input `way` is 'SIDEWAYS', expected enum Way: UP, DOWN"),
        ((Candle(1.0, 3.0), 1.0), "input `way` is 1.0"),
        ((Candle(1.0, NO_NUMBER), Way.UP), "input `close` is '3', expected f64"),
        ((Span(1.0, 3.0), Way.UP), "`high` stands where `close` should: the order is open, close, way"),
        ((Way.UP, Candle(1.0, 3.0)), "the order is open, close, way"),
        (((1.0, 3.0), Way.UP), "item 0 of a tuple stands where `open` should: the order is open, close, way"),
        ((1.0, Way.UP), "`candle_lane` takes 3 inputs, got 2"),
        ((None, Way.UP), "`candle_lane` takes 3 inputs, got 2"),
        ((Candle(1.0, 3.0), Way.UP, 1), "`candle_lane` takes 3 inputs, got 4"),
    ],
)
def test_arguments_as_the_lane_takes_them_and_wrong_ones_by_name(given: tuple[Any, ...], says: str) -> None:
    instance = kernel_from_graph(prepare(trace(candle_lane))).bind()
    with pytest.raises(InputProblem) as problem:
        instance.step(*given)
    assert says in str(problem.value)
    assert instance.step(Candle(1.0, 3.0), Way.UP).candle_lane == 2.0
    assert instance.step(1.0, 3.0, Way.DOWN).candle_lane == -2.0


def test_a_wrong_type_is_not_called_a_wrong_domain(kernel: Kernel) -> None:
    with pytest.raises(BindingProblem, match=r"E052 Parameter of another type at node `size\.lots`"):
        kernel.bind({**PARAMS, "size.lots": 2.5})
    with pytest.raises(BindingProblem, match=r"E052 Parameter outside its domain at node `size\.lots`"):
        kernel.bind({**PARAMS, "size.lots": 0})


@params
class Gain:
    gain: float = 1.0


@lane
def gained(candle: Candle, way: Way, p: Gain) -> float:
    return candle_lane(candle, way) * p.gain


@pytest.mark.parametrize("backend", ["c", "xla"])
def test_a_table_steps_on_arguments_as_the_lane_takes_them(backend: str) -> None:
    graph = prepare(trace(gained))
    files = {name: data for each in ("c", backend) for name, data in backend_or_skip(each).lower(graph).items()}
    many = Kernel(graph, files).bind({"gain": [1.0, 2.0]}, backend)
    assert many.step(Candle(1.0, 3.0), Way.UP).gained.tolist() == [2.0, 4.0]
    assert many.step(1.0, np.array([3.0, 4.0]), Way.DOWN).gained.tolist() == [-2.0, -6.0]
    for given, named in (
        (({"open": 1.0, "close": 2.0, "way": Way.UP},), {"way": Way.UP}),
        ((1.0, 2.0), {"way": Way.UP}),
    ):
        with pytest.raises(InputProblem, match="either by keyword or as one mapping or sequence"):
            many.step(*given, **named)
