"""What Python would refuse on some row inside the domains is refused when it is built; what is guarded is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from compile.hazards.search import hazards, refuse_hazards
from compile.pipeline import prepare
from dag.diagnostics.diagnostic import CompileError, render_all
from dag.files.loading import lanes_in_file
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.language.lane import Lane
from dag.operators import table as ops
from dag.trace import trace
from dag.values.domain import whole_domain
from dag.values.types import F64
from dagc.cli import main as command

HAZARDOUS = Path(__file__).parent / "hazardous"
per_depth = lanes_in_file(str(HAZARDOUS / "divisors.py"))["per_depth"]
ACCEPTED = lanes_in_file(str(HAZARDOUS / "accepted.py"))
BEHIND_GUARDS = lanes_in_file(str(HAZARDOUS / "accepted_taps.py"))


@pytest.mark.parametrize("program", ["arrays", "divisors", "integers", "lasting", "tapped"])
def test_a_hazard_has_the_golden_message(
    program: str, golden: Callable[[str, Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HAZARDOUS)
    lanes = lanes_in_file(f"{program}.py")
    found = [hazards(prepare(trace(each))) for each in lanes.values()]
    assert all(found), [name for name, each in zip(lanes, found, strict=True) if not each]
    golden(render_all([each for some in found for each in some]) + "\n", HAZARDOUS / f"{program}.expect")


@pytest.mark.parametrize("name", ACCEPTED)
def test_guards_are_understood(name: str) -> None:
    graph = trace(ACCEPTED[name])
    for each in (graph, prepare(graph)):
        assert not hazards(each), render_all(hazards(each))


@pytest.mark.parametrize("name", BEHIND_GUARDS)
def test_a_value_that_only_a_tap_shows_is_judged_behind_its_guard(name: str) -> None:
    found = hazards(trace(BEHIND_GUARDS[name]))
    assert not found, render_all(found)


def test_a_guard_that_only_a_tap_needs_is_gone_once_the_graph_is_prepared() -> None:
    traced = trace(BEHIND_GUARDS["in_a_branch_that_chooses_nothing_else"])
    assert [str(traced.ops[node]) for node in unread(traced)] == ["gt"]
    assert not unread(prepare(traced))


def unread(graph: Graph) -> list[int]:
    """The operators that are there though nothing needs their value."""
    needed = {graph.status, *(each.node for each in graph.outputs), *(each.node for each in graph.taps)}
    needed |= {each.next for each in graph.states}
    users = graph.users()
    return [node for node in graph.operators() if not users[node] and node not in needed]


def test_a_build_of_a_hazard_is_refused(tmp_path: Path) -> None:
    target = f"{HAZARDOUS / 'divisors.py'}:per_depth"
    result = CliRunner().invoke(command, ["build", target, "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "E060 Divisor may be zero" in result.output
    assert not (tmp_path / "out").exists()


def test_a_lane_without_taps_answers_for_itself() -> None:
    quiet = Lane(per_depth.function, taps=False)
    assert hazards(trace(per_depth))
    assert not hazards(trace(quiet))


def test_a_quotient_asked_for_both_ways_is_judged() -> None:
    builder = GraphBuilder("both")
    a, b = (builder.input(name, F64, "1", whole_domain(F64)) for name in "ab")
    with builder.taking_every_result():
        quotient = builder.op(ops.DIV, (a, b))
    builder.output("out", quotient, 0.0)
    assert not hazards(builder.freeze())
    assert builder.op(ops.DIV, (a, b)) == quotient
    with pytest.raises(CompileError, match="E060 Divisor may be zero"):
        refuse_hazards(builder.freeze())


QUOTIENTS = """
from typing import Annotated
from dagc import carry, domain, lane, sum_seq, window

Whole = Annotated[int, domain(0, 9223372036854775807)]

@lane
def literal(n: Whole) -> float:
    return n / {literal}

@lane
def total(n: Annotated[int, domain(0, 10**13)], cap: Annotated[int, domain(1, 2**62)]) -> float:
    total = carry(initial=0)
    total = min(total + n, cap)
    return total / cap

@lane
def compared(n: Whole, x: float) -> bool:
    return n > x

@lane
def equal(n: Whole) -> bool:
    return n == 9007199254740992.0

@lane
def in_place(n: Whole) -> float:
    x = n
    x /= 3
    return x

@lane
def folded(n: Annotated[int, domain(0, 2**52)]) -> float:
    past = window(n, 5)
    return sum_seq(past, 0) / max(len(past), 1)

@lane
def least_of_both(n: Whole, x: float) -> float:
    return min(n, x) / 3

@lane
def one_of_both(n: Whole, x: float) -> float:
    y = x
    if x > 2.0:
        y = -n
    return abs(y) / (1 + int(x > 0.0))

@lane
def greatest_compared(n: Whole, x: float, y: float) -> bool:
    return max(x, n) < y

@lane
def computed_with(n: Whole, x: float) -> float:
    return max(n, x) * 3
"""
EXACT_QUOTIENTS = """
from typing import Annotated
from dagc import carry, domain, int32, lane

Whole = Annotated[int, domain(1, 9223372036854775807)]

@lane
def of_floats(n: Whole, m: Whole) -> float:
    return float(n) / float(m)

@lane
def mixed(n: Whole) -> float:
    return n / 3.0

@lane
def compared(n: Annotated[int, domain(0, 2**53)], m: Whole, x: float) -> bool:
    return n > x and m > n and m >= 2**53 + 1 and float(m) < x and n < 1e300

@lane
def counted(is_hit: bool) -> float:
    bars = carry(initial=0)
    hits = carry(initial=0)
    bars = bars + 1
    hits = hits + int(is_hit)
    return hits / bars

@lane
def guarded(n: Whole) -> float:
    return n / 3 if n < 1000 else 0.0

@lane
def narrow(n: int32, m: Annotated[int32, domain(1, 9)]) -> float:
    return float(n) / float(m) + n / 7

@lane
def chosen(x: float, up: bool) -> bool:
    return (3 if up else 4) < x and (7 if up else 9) / 2 > x

@lane
def at_the_end(n: Annotated[int, domain(-(2**53), 2**53)]) -> float:
    return n / 7

@lane
def least_of_both(n: Annotated[int, domain(-(2**53), 2**53)], x: float, m: Whole) -> float:
    return min(n, x) / 3 + min(m, x) + float(min(m, x)) / 3 + min(m, x) / 3.0 + max(x, 1) * 2
"""


@pytest.mark.parametrize("literal", ["3", "(2**53 + 1)"])
def test_integers_that_floats_do_not_hold_are_not_divided(literal: str, tmp_path: Path) -> None:
    (tmp_path / "quotients.py").write_text(QUOTIENTS.replace("{literal}", literal))
    for name, lane in lanes_in_file(str(tmp_path / "quotients.py")).items():
        assert [each.code for each in hazards(trace(lane))] == ["E068"], name


def test_a_literal_that_is_rounded_is_not_divided_by(tmp_path: Path) -> None:
    text = QUOTIENTS.replace("n / {literal}", "int(n < 5) / (2**53 + 1)")
    (tmp_path / "quotients.py").write_text(text)
    assert [each.code for each in hazards(trace(lanes_in_file(str(tmp_path / "quotients.py"))["literal"]))] == ["E068"]


def test_quotients_of_integers_that_floats_hold_are_fine(tmp_path: Path) -> None:
    (tmp_path / "exact.py").write_text(EXACT_QUOTIENTS)
    for name, lane in lanes_in_file(str(tmp_path / "exact.py")).items():
        assert not hazards(trace(lane)), name


BOTH_WAYS = """
from dagc import ieee_div, lane

@lane
def asked_first(x: float, y: float) -> float:
    taken = ieee_div(x, y)
    return taken + (x / y if y != 0.0 else 0.0)

@lane
def asked_last(x: float, y: float) -> float:
    guarded = x / y if y != 0.0 else 0.0
    return guarded + ieee_div(x, y)

@lane
def in_two_arms(x: float, y: float) -> float:
    guarded = x / y if y > 1.0 else 0.0
    other = x / y if y < -1.0 else 0.0
    return guarded + other + ieee_div(x, y)

@lane
def wrong_first(x: float, y: float) -> float:
    return x / y + ieee_div(x, y)

@lane
def wrong_last(x: float, y: float) -> float:
    return ieee_div(x, y) + (x / y if x != 0.0 else 0.0)

@lane
def wrong_once(x: float, y: float) -> float:
    guarded = x / y if y > 1.0 else 0.0
    return ieee_div(x, y) + guarded + x / y
"""


def test_a_quotient_is_judged_where_it_is_not_taken_on_every_operand(tmp_path: Path) -> None:
    (tmp_path / "both.py").write_text(BOTH_WAYS)
    for name, lane in lanes_in_file(str(tmp_path / "both.py")).items():
        assert [each.code for each in hazards(trace(lane))] == (["E060"] if name.startswith("wrong") else []), name
