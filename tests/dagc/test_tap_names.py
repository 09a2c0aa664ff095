"""One name is one value, in a live instance, for `dagc tap` and for `dagc replay`; and where it is not, the error says how to write it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from compile.pipeline import prepare
from dag import carry, lane, sum_seq, window
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.trace import trace
from dagc.cli import main
from dagc.debugging.naming_help import did_you_mean
from dagc.debugging.tap_names import ALL_TAPS, NameProblem, TapNames
from dagc.live.kernel import kernel_from_graph
from dagc.replay.columns import columns_of


@dataclass(frozen=True)
class Quote:
    """What `widened` takes and returns."""

    bid: float
    ask: float


@lane
def pair(x: float, y: float) -> tuple[float, float]:
    """Variables of the names that outputs have."""
    result = x * 3.0
    status = y * 2.0
    return result + 1.0, status - 1.0


@lane
def widened(bid: float, ask: float) -> Quote:
    """An input, a variable and an output of one name."""
    bid = bid - 1.0
    return Quote(bid=bid * 2.0, ask=ask)


@lane
def zscore(x: float) -> float:
    """A window, and names that are not ASCII."""
    past = window(x, 5)
    μ = sum_seq(past, 0.0) / 5.0
    σ = x - μ
    return σ / 2.0


@lane
def passed_on(price: float) -> Quote:
    """An output that is the variable of its name, and a call."""
    last = carry(initial=price)
    ask = zscore(price) + last
    last = price
    return Quote(bid=ask - 1.0, ask=ask)


@lane
def one_price(quote: Quote, factor: float) -> float:
    """Inputs that are fields."""
    return (quote.bid + quote.ask) * factor


LANES = (pair, widened, zscore, passed_on, one_price)


def names_of(traced: AnyLane) -> TapNames:
    return TapNames(prepare(trace(traced)))


@pytest.mark.parametrize("traced", LANES, ids=lambda each: each.name)
def test_every_value_can_be_named_and_every_name_shown_means_its_value(traced: AnyLane) -> None:
    graph = prepare(trace(traced))
    names = TapNames(graph)
    for node in graph.single_values():
        assert names.node(names.spelling(node)) == node
    for kind, ports in (("output", graph.outputs), ("input", graph.inputs)):
        for port in ports:
            assert names.node(f"{kind}:{port.name}") == port.node
    for tap in graph.taps:
        assert names.node(f"variable:{tap.name}") == names.node(names.variable(tap.name)) == tap.node
    columns = columns_of(graph, [ALL_TAPS])
    assert {tap.node for tap in graph.taps} <= set(columns.values())
    for name, node in list(columns.items())[len(graph.outputs) :]:
        assert names.node(name) == node


def test_taps_show_what_a_step_returns(tmp_path: Path) -> None:
    instance = kernel_from_graph(prepare(trace(pair))).bind()
    returned = instance.step(x=1.5, y=2.5)
    assert (instance.tap("result.0"), instance.tap("result.1")) == returned[:2] == (5.5, 4.0)
    assert (instance.tap("result[1]"), instance.tap("output:status"), instance.tap("variable:status")) == (4.0, 0, 5.0)
    bars = tmp_path / "bars.csv"
    bars.write_text("x,y\n1.5,2.5\n")
    for name in ("result", "result.0", "result.1", "result[1]", "x", "output:status", "variable:status", "input:y"):
        assert shown(bars, name)["node"]["value"] == repr(instance.tap(name))
    for name in ("status", "result.2", "x:y"):
        with pytest.raises(KeyError) as live:
            instance.tap(name)
        assert without_places(refused(bars, name)) == without_places(f"{live.value}\n")


def shown(bars: Path, name: str) -> dict[str, Any]:
    ran = CliRunner().invoke(
        main, ["tap", f"{__file__}:pair", "--data", str(bars), "--bar", "0", "--lane", name, "--json"]
    )
    assert ran.exit_code == 0, ran.output
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def refused(bars: Path, name: str) -> str:
    ran = CliRunner().invoke(main, ["tap", f"{__file__}:pair", "--data", str(bars), "--bar", "0", "--lane", name])
    assert ran.exit_code == 2
    return ran.stderr


def place(graph: Graph, name: str) -> str:
    span = graph.spans[graph.node(name)]
    assert span is not None
    return span.at


def without_places(message: str) -> str:
    return re.sub(r", \S+\.py:\d+", "", message)


def test_a_name_of_several_values_is_refused_with_how_to_write_each() -> None:
    graph = prepare(trace(widened))
    with pytest.raises(NameProblem) as caught:
        TapNames(graph).node("bid")
    assert str(caught.value).splitlines() == [
        "`bid` is the name of several values; write the one that is meant",
        "  output:bid  what `widened` returns",
        f"  input:bid   the input, as it came in, {place(graph, 'bid')}",
        f"  bid.1       the variable as assigned, {place(graph, 'bid.1')}",
    ]
    with pytest.raises(NameProblem, match=r"output:status +what `pair` returns\n  variable:status +the variable"):
        names_of(pair).node("status")


def test_an_output_that_passes_on_the_value_of_its_name_is_that_value() -> None:
    graph = prepare(trace(passed_on))
    names = TapNames(graph)
    output = {each.name: each.node for each in graph.outputs}
    assert names.node("ask") == output["ask"] != names.node("variable:ask")
    assert names_of(widened).node("ask") == names_of(widened).node("output:ask"), "an input is passed on as well"


def test_the_end_of_a_name_will_do_where_one_value_has_it() -> None:
    names = names_of(passed_on)
    assert names.node("σ") == names.node("zscore.σ")
    assert names.node("\N{MATHEMATICAL BOLD SMALL SIGMA}") == names.node("zscore.σ"), "Python reads it so"
    assert names.node("last.before") == names.node("state:last")


@pytest.mark.parametrize(
    ("traced", "wrong", "said"),
    [
        (passed_on, "zscore.sigma", "did you mean `zscore.σ`?"),
        (passed_on, "zscor.σ", "did you mean `zscore.σ`?"),
        (passed_on, "zscore__σ", "did you mean `zscore.σ`?"),
        (pair, "return.2", "did you mean `return.1`?"),
        (one_price, "quote.bid", "did you mean `bid`?"),
        (one_price, "BID", "did you mean `bid`?"),
        (one_price, "output:bid", "`one_price` has no output `bid`"),
        (one_price, "nothing", "there are `one_price`, `status`, `bid`, `ask`, `factor`, "),
        (
            zscore,
            "past",
            "`past` is the array f64[5], no single value; computed from it: `μ`; a snapshot holds all of it",
        ),
        (passed_on, "past", "`past` is the array f64[5], no single value; computed from it: `zscore.μ`; "),
        (passed_on, "state:zscore.past", "is the array f64[5]"),
    ],
)
def test_a_wrong_name_is_told_a_right_one(traced: AnyLane, wrong: str, said: str) -> None:
    with pytest.raises(NameProblem) as caught:
        names_of(traced).node(wrong)
    assert said in str(caught.value)
    assert "'" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "meant"), [("pos", "position"), ("positon", "position"), ("lean", "exit.leaning"), ("xyz", None)]
)
def test_the_nearest_name_is_suggested(asked: str, meant: str | None) -> None:
    said = did_you_mean(asked, ["close", "position", "exit.leaning", "postponed_for_long"])
    assert said == (
        f"did you mean `{meant}`?" if meant else "there are `close`, `position`, `exit.leaning`, `postponed_for_long`"
    )
