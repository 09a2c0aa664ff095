"""Running lanes on numbers: powers, state, call paths, and that everything else is the user's own Python."""

from __future__ import annotations

import math
import struct
import traceback

import pytest

from dag import (
    carry,
    lane,
    params,
    sum_pairwise,
)
from dag.numbers.running import Stream, numeric_function
from dag.trace import trace

EXPONENT = 3


def bits(x: float) -> bytes:
    return struct.pack("<d", x)


@params
class Ema:
    window: float = 3.0


@params
class Gain:
    gain: float = 2.0


@lane
def cube(x: float) -> float:
    return x**3


@lane
def baseline(x: float, p: Ema) -> float:
    level = carry(initial=x)
    level = level + 2.0 / (p.window + 1.0) * (x - level)
    return level


@lane
def two_baselines(x: float, y: float, p: Ema) -> float:
    slow = baseline(x, p)
    fast = baseline(y, p)
    return slow - fast


@lane
def spread_of_baselines(x: float, p: Ema) -> float:
    first = two_baselines(x, 2.0 * x, p)
    total = first + helper(x, p)
    return total


def helper(x: float, p: Ema) -> float:
    """A plain function, defined after the lane that calls it, with a power and state of its own inside."""
    return baseline(x, p) + x**3


@lane
def shift(x: float) -> tuple[float, float, int]:
    ring = carry(initial=(x,) * 3)
    count = carry(initial=0)
    oldest = ring[0]
    ring = (*ring[1:], x)
    count = count + 1
    if count > 2:
        return oldest, x, count
    return 0.0, x, count


@lane
def guarded(x: float) -> float:
    total = carry(initial=0.0)
    total = total + 1.0 / x
    return total


@lane
def scaled(x: float, e: Ema, g: Gain) -> float:
    return baseline(x, e) * g.gain


def ema_by_hand(xs: list[float], window: float = 3.0) -> list[float]:
    level, out = xs[0], []
    for x in xs:
        level = level + 2.0 / (window + 1.0) * (x - level)
        out.append(level)
    return out


XS = [1.0, -2.5, 0.1, 7.25, 1e-320, -0.0]


def test_a_power_is_left_to_right_multiplication_and_differs_from_pow() -> None:
    x = 0.45666666666666667
    assert bits(cube(x)) == bits((x * x) * x)
    assert bits(cube(x)) != bits(math.pow(x, 3))  # so the rewriting did something


@pytest.mark.parametrize("k", [0, 1, 2, 5])
def test_every_literal_count(k: int) -> None:
    def zero(x: float) -> float:
        return x**0

    def one(x: float) -> float:
        return x**1

    def two(x: float) -> float:
        return x**2

    def five(x: float) -> float:
        y = x
        y **= 5
        return y

    function = {0: zero, 1: one, 2: two, 5: five}[k]
    for x in (0.3, -1.7, -0.0, 1e-200, math.inf, math.nan):
        product = 1.0
        for factor in range(k):
            product = x if factor == 0 else product * x
        assert bits(numeric_function(function)(x)) == bits(product)


def test_powers_of_literals_and_names_are_products_too() -> None:
    def powers(x: float) -> tuple[float, ...]:
        literal = 0.45666666666666667**3
        named = x**EXPONENT
        looped = 0.0
        for k in range(3, 4):
            looped = looped + x**k
        return literal, named, looped

    x = 0.45666666666666667
    assert {bits(each) for each in numeric_function(powers)(x)} == {bits((x * x) * x)}


def test_powers_of_integers_and_other_exponents_stay_pythons() -> None:
    def others(n: int, x: float) -> tuple[float, ...]:
        return n**3 + 10**20, x**-2, x**0.5, 2**n

    assert numeric_function(others)(7, 0.3) == (7**3 + 10**20, 0.3**-2, 0.3**0.5, 128)


def test_a_function_without_power_state_or_calls_is_itself() -> None:
    def plain(x: float) -> float:
        return abs(x) + math.sqrt(2.0)

    assert numeric_function(plain) is plain
    assert numeric_function(math.sqrt) is math.sqrt


def test_the_same_function_is_rewritten_once() -> None:
    assert numeric_function(cube.function) is numeric_function(cube.function)


def test_closures_defaults_and_keywords_survive() -> None:
    base = 3.0

    def closing(x: float, y: float = 2.0, *, z: float = 1.0) -> float:
        return base * x**2 + y * z

    run = numeric_function(closing)
    assert run(2.0) == 14.0
    assert run(2.0, z=10.0) == 32.0
    assert run(x=1.0, y=0.0) == 3.0
    base = 4.0
    assert run(2.0) == 18.0


def test_a_traceback_shows_the_users_own_line() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        guarded(0.0)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.line == "total = total + 1.0 / x"
    assert last.filename == __file__
    assert last.name == "guarded"


def test_without_a_stream_a_call_is_a_first_bar() -> None:
    assert baseline(5.0, Ema()) == 5.0
    assert baseline(9.0, Ema()) == 9.0


def test_a_stream_carries_the_last_value() -> None:
    stream = baseline.stream(Ema())
    assert [bits(stream(x)) for x in XS] == [bits(x) for x in ema_by_hand(XS)]


def test_streams_are_apart_and_reset_begins_anew() -> None:
    one, other = baseline.stream(Ema()), baseline.stream(Ema(window=9.0))
    both = [(one(x), other(x)) for x in XS]
    assert both == list(zip(ema_by_hand(XS), ema_by_hand(XS, 9.0), strict=True))
    one.reset()
    assert [one(x) for x in XS] == ema_by_hand(XS)


def test_a_lane_called_twice_keeps_two_states() -> None:
    stream = two_baselines.stream(Ema())
    ys = [3.0 * x + 1.0 for x in XS]
    wanted = [a - b for a, b in zip(ema_by_hand(XS), ema_by_hand(ys), strict=True)]
    assert [stream(x, y) for x, y in zip(XS, ys, strict=True)] == wanted


def test_state_nests_through_lanes_and_plain_functions() -> None:
    stream = spread_of_baselines.stream(Ema())
    level, double = ema_by_hand(XS), ema_by_hand([2.0 * x for x in XS])
    wanted = [(a - b) + (a + (x * x) * x) for x, a, b in zip(XS, level, double, strict=True)]
    assert [bits(stream(x)) for x in XS] == [bits(x) for x in wanted]


def test_tuples_and_counts_are_carried_over_every_return() -> None:
    stream = shift.stream()
    assert [stream(float(n)) for n in range(5)] == [
        (0.0, 0.0, 1),
        (0.0, 1.0, 2),
        (0.0, 2.0, 3),
        (0.0, 3.0, 4),
        (1.0, 4.0, 5),
    ]


def test_a_bar_that_raises_leaves_the_state_as_it_was() -> None:
    stream = guarded.stream()
    assert stream(2.0) == 0.5
    with pytest.raises(ZeroDivisionError):
        stream(0.0)
    assert stream(4.0) == 0.75


def test_params_are_given_in_any_order_or_by_name() -> None:
    for stream in (
        scaled.stream(Ema(), Gain()),
        scaled.stream(Gain(), Ema()),
        scaled.stream(g=Gain(), e=Ema()),
        scaled.stream(Gain(), e=Ema()),
    ):
        assert [stream(x) for x in XS] == [2.0 * x for x in ema_by_hand(XS)]
        stream.reset()
        assert stream(x=1.5) == 3.0


def test_a_params_object_of_no_argument_is_refused() -> None:
    with pytest.raises(
        TypeError, match=r"baseline\(x: 'float', p: 'Ema'\) -> 'float' has no free argument of class Gain"
    ):
        baseline.stream(Gain())


def test_a_stream_of_a_plain_function() -> None:
    stream = Stream(helper, Ema())
    assert [stream(x) for x in XS] == [a + (x * x) * x for x, a in zip(XS, ema_by_hand(XS), strict=True)]


@lane
def averaged(function: float, args: float) -> float:
    """Arguments that are called as those of whatever runs a lane might be."""
    result = carry(initial=0.0)
    result = result + function - args
    return result


@lane
def our_words(self: Ema, lane: float, around: float) -> float:
    return self.window * lane + averaged(function=lane, args=around, when=lane > 0.0, initial=around)


def test_a_lane_may_call_its_arguments_and_states_what_it_likes() -> None:
    stream = our_words.stream(self=Ema(window=2.0))
    assert stream(lane=1.0, around=0.25) == 2.75
    assert stream(-1.0, 0.5) == -1.25
    assert our_words(Ema(window=2.0), around=0.25, lane=1.0) == 2.75


@lane
def by_place(x: float, /, y: float, e: Ema) -> float:
    return (x - y) * e.window


def test_an_argument_by_place_only_is_given_to_a_stream() -> None:
    assert by_place.stream(Ema(window=2.0))(3.0, 1.0) == 4.0
    assert by_place.stream(Ema(window=2.0))(y=1.0, x=3.0) == 4.0


@lane
def parameters_by_place(e: Ema, /, x: float) -> float:
    return x * e.window


def test_a_parameter_by_place_only_is_given_to_a_stream() -> None:
    assert parameters_by_place.stream(Ema(window=2.0))(3.0) == 6.0


@lane
def called_as_our_own(dagc_power: float) -> float:
    dagc_carried = carry(initial=0.0)
    result = carry(initial=0.0)
    dagc_keeping = dagc_power**3
    dagc_carried = dagc_carried + dagc_keeping
    result = result + dagc_carried
    return result


def test_no_variable_of_the_users_hides_what_runs_its_lane() -> None:
    stream = called_as_our_own.stream()
    assert [stream(1.0), stream(2.0)] == [1.0, 10.0]


@lane
def squares_by_halves(x: float, y: float, z: float) -> float:
    """The squares of three numbers, made one by one."""
    return sum_pairwise(each * each for each in (x, y, z))


def test_a_sum_by_halves_takes_numbers_that_are_made_one_by_one() -> None:
    assert squares_by_halves(0.1, 0.2, 0.3) == (0.1 * 0.1 + 0.2 * 0.2) + 0.3 * 0.3
    assert trace(squares_by_halves).outputs
