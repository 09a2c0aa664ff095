"""What values, states and calls are called."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from compile.passes.reject_out_of_domain import reject_out_of_domain
from dag import AnyLane, carry, lane, params
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.trace.naming import variable_names
from dagc.live.outputs import outputs_class

HALF = 0.5


def taps(graph: Graph) -> set[str]:
    return {tap.name for tap in graph.taps}


@lane
def average(x: float) -> float:
    level = carry(initial=x)
    level = level + HALF * (x - level)
    return level


@lane
def shifted(x: float) -> float:
    return x + 1.0


@lane
def once(x: float) -> float:
    mean = average(x)
    return shifted(mean) * 2.0


@lane
def told_apart(x: float, y: float) -> float:
    fast = average(x)
    slow = average(y)
    return fast - slow


@lane
def same_target(x: float) -> float:
    y = shifted(x)
    y = shifted(2.0 * y)
    return y


@dataclass(frozen=True)
class Pair:
    low: float
    high: float


@lane
def pair(x: float) -> Pair:
    low = x - 1.0
    return Pair(low, high=x + 1.0)


@lane
def with_parts(x: float) -> float:
    both = pair(x)
    own = Pair(both.high * 2.0, both.low)
    return own.low + own.high


@lane
def numbered(x: float) -> float:
    total = shifted(x) + shifted(2.0 * x)
    return total * shifted(total)


@lane
def reassigned(x: float, hot: bool) -> float:
    y = x + 1.0
    y = y * 2.0
    if hot:
        y = y - 3.0
        z = y
    else:
        z = 2.0 * y
    return y * z


@lane
def unread(x: float, hot: bool) -> float:
    if hot:
        part = x + 1.0
        y = part * 2.0
    else:
        part = x + 2.0
        y = part * 3.0
    return y


@lane
def of_ports(x: float) -> float:
    x = x * 2.0
    x = x + 1.0
    return x


@lane
def ring(x: float) -> tuple[float, float]:
    h = carry(initial=(0.0, 0.0))
    h = (*h[1:], x)
    return h


def test_a_lane_called_once_is_its_own_path() -> None:
    graph = trace(once)
    assert [scope.path for scope in graph.scopes] == ["", "average", "shifted"]
    assert taps(graph) == {
        "average.HALF",
        "average.level",
        "average.level.1",
        "mean",
        "shifted.result",
        "result",
    }
    assert [state.name for state in graph.states] == ["average.level", "started"]


def test_a_value_is_called_as_the_lane_that_computes_it_calls_it() -> None:
    graph = trace(once)
    assert graph.names[graph.node("mean")] == "average.level"
    assert graph.identifiers[graph.node("mean")] == "average__level"


def test_calls_with_results_of_their_own_are_told_apart_by_them() -> None:
    assert [scope.path for scope in trace(told_apart).scopes] == ["", "average_fast", "average_slow"]


def test_other_calls_are_numbered() -> None:
    assert [scope.path for scope in trace(numbered).scopes] == ["", "shifted_1", "shifted_2", "shifted_3"]


def test_equal_targets_do_not_tell_calls_apart() -> None:
    assert [scope.path for scope in trace(same_target).scopes] == ["", "shifted_1", "shifted_2"]


def test_the_parts_of_a_result_are_called_as_the_call_calls_them() -> None:
    assert taps(trace(with_parts)) == {"pair.low", "pair.high", "own.low", "result"}


def test_the_last_value_has_the_name_and_earlier_ones_a_number() -> None:
    graph = trace(reassigned)
    assert taps(graph) == {"y", "y.1", "y.2", "y.3", "z", "z.1", "z.2", "result"}
    assert graph.ops[graph.node("y")].name == "select"
    assert graph.ops[graph.node("y.3")].name == "sub"


def test_no_choice_is_built_that_nothing_reads() -> None:
    graph = trace(unread)
    assert taps(graph) == {"part.1", "part.2", "y", "y.1", "y.2"}


def test_what_a_port_is_called_no_other_value_is_called() -> None:
    graph = trace(of_ports)
    assert taps(graph) == {"x.1", "x.2"}
    assert graph.node("x") == graph.inputs[0].node


def test_the_parts_of_a_tuple_have_their_place() -> None:
    graph = trace(ring)
    assert [state.name for state in graph.states] == ["h.0", "h.1"]
    assert {output.name for output in graph.outputs} == {"result.0", "result.1"}


def test_numbers_do_not_jump_over_values_that_came_twice() -> None:
    assert variable_names("x", [(("", 1),), (("", 2),), (("", 1),)], final_known=True) == [("x.1", 2), ("x", 1)]
    assert variable_names("x", [(("", 1),), (("", 2),)], final_known=False) == [("x.1", 1), ("x.2", 2)]


@pytest.mark.parametrize("traced", [once, told_apart, numbered, reassigned, ring], ids=lambda each: each.name)
def test_all_names_differ(traced: AnyLane) -> None:
    graph = trace(traced)
    assert len(set(graph.names)) == len(graph)


@lane(taps=False)
def quiet(x: float) -> float:
    inner = average(x)
    return inner * HALF + 1.0


@lane
def noisy(x: float) -> float:
    near = quiet(x)
    far = shifted(near)
    return far - average(near)


def test_a_lane_without_taps_hides_what_it_and_its_lanes_compute() -> None:
    graph = trace(noisy)
    assert {"near", "far", "average.level", "result"} <= taps(graph)
    assert not any(name.startswith("quiet") for name in taps(graph))


def test_its_state_and_its_nodes_are_still_there() -> None:
    graph = trace(noisy)
    assert [state.name for state in graph.states if "quiet" in state.name] == ["quiet.average.level"]
    assert len(graph) > len(trace(once))


def test_as_a_root_it_still_names_its_result() -> None:
    assert taps(trace(quiet)) == {"result"}


@params
class Band:
    width: float = 1.0


@dataclass(frozen=True)
class Width:
    width: float


@lane
def banded(quote: Width, band: Band) -> float:
    return quote.width * band.width


def test_ports_that_would_be_called_the_same_have_their_arguments_in_front() -> None:
    assert [port.name for port in trace(banded).ports()] == ["quote.width", "band.width"]


@dataclass(frozen=True)
class Reading:
    level: float


smooth = average


@lane
def read(x: float) -> float:
    average = Reading(level=x + 1.0)
    return smooth(x) + average.level


def test_a_variable_may_be_called_as_the_lane_it_calls() -> None:
    graph = trace(read)
    assert {"average.level", "average.level.1", "average.level.2"} <= taps(graph)
    assert len(set(graph.names)) == len(graph)


@lane
def own_result(result: float) -> float:
    result = result * 2.0
    return result + 1.0


@lane
def own_results(x: float) -> tuple[float, float]:
    result = (x * 2.0, x * 3.0)
    return result[1] + 1.0, result[0] + 2.0


def test_a_result_without_a_name_gives_way_to_a_variable_called_result() -> None:
    assert taps(trace(own_result)) == {"result.1", "return"}
    assert taps(trace(own_results)) == {"result.0", "result.1", "return.0", "return.1"}


@dataclass(frozen=True)
class Verdict:
    status: float


@lane
def judge(x: float) -> Verdict:
    return Verdict(status=x * 2.0)


def test_an_output_called_status_keeps_its_name() -> None:
    graph = reject_out_of_domain(trace(judge))
    assert [output.name for output in graph.outputs] == ["status", "status_"]
    assert graph.status_output() == "status_"
    result = outputs_class(graph).of((2.5, 1))
    assert (result.status, result.rejected, result.offender) == (2.5, True, "x")
