"""A kernel in a live process: binding, stepping, taps, snapshots, and what wrong input gets."""

from __future__ import annotations

import ctypes
import gc
import math
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.pipeline import prepare
from dag import domain, lane, params
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.types import Value
from dagc.binding.parameters import BindingProblem
from dagc.live.inputs import InputProblem
from dagc.live.instance import Instance
from dagc.live.instances import Instances
from dagc.live.kernel import Kernel, NotInBundle, kernel_from_graph
from dagc.live.state import WrongSnapshot
from tests.support.backends import backend_or_skip
from tests.support.live_graph import live_graph
from tests.support.meaning import evaluate

PARAMS: dict[str, Value] = {"follow.speed": 0.1, "size.floor": -2.5, "size.lots": 7, "size.mode": 1}
BARS: list[dict[str, Value]] = [
    {"price": 101.3, "side": 1, "halted": False},
    {"price": 99.7, "side": -1, "halted": False},
    {"price": 0.1 + 0.2, "side": 1, "halted": True},
    {"price": math.nan, "side": 1, "halted": False},
    {"price": 250.0, "side": 7, "halted": False},
    {"price": 5e-324, "side": 1, "halted": False},
    {"price": -0.0, "side": 1, "halted": False},
    {"price": 99.99, "side": 1, "halted": False},
]


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return kernel_from_graph(live_graph())


def reference(graph: Graph, params: Mapping[str, Value], bars: list[dict[str, Value]]) -> list[tuple[Value, ...]]:
    """The outputs of every bar, by the meaning of the ops."""
    batch = Batch(
        inputs={p.name: np.array([[bar[p.name]] for bar in bars]) for p in graph.inputs},
        params={p.name: np.array([params[p.name]]) for p in graph.params},
        bars=len(bars),
        instances=1,
    )
    outputs = [output.node for output in graph.outputs]
    result = evaluate(graph, batch, outputs)
    return [tuple(result.nodes[node][bar, 0].item() for node in outputs) for bar in range(len(bars))]


def test_every_bar_is_what_the_graph_means_however_it_is_given(kernel: Kernel) -> None:
    expected = reference(kernel.graph, PARAMS, BARS)
    assert {row[3] for row in expected} == {0, 1, 2}, "the bars hold good rows and rows rejected for two reasons"
    by_mapping, by_name, by_order, one_by_one, by_record = (kernel.bind(PARAMS) for _ in range(5))
    for bar, row in zip(BARS, expected, strict=True):
        assert by_mapping.step(bar) == row
        assert by_name.step(**bar) == row
        assert by_order.step([bar["price"], bar["side"], bar["halted"]]) == row
        assert one_by_one.step(bar["price"], bar["side"], bar["halted"]) == row
        for name, value in bar.items():
            by_record.inputs[name] = value
        assert by_record.tick() == row[3]
        assert by_record.outputs.item() == row
    assert by_mapping.snapshot() == by_name.snapshot() == by_order.snapshot() == by_record.snapshot()


@lane
def close_below_high(high: float, close: Annotated[float, domain(below=100.0)]) -> tuple[float, bool]:
    return high - close, high > close


def test_positions_are_those_of_the_signature() -> None:
    instance = kernel_from_graph(prepare(trace(close_below_high))).bind()
    assert instance.step((2.0, 1.0))[:2] == close_below_high(2.0, 1.0)
    assert instance.step((2.0, 100.0)).offender == "close"
    assert instance.step((2.0, 100.0)).status == 2


def test_outputs_have_names_and_say_what_was_rejected(kernel: Kernel) -> None:
    instance = kernel.bind(PARAMS)
    good = instance.step(BARS[0])
    assert (good.size, good.up, good.status, good.rejected, good.offender) == (good[0], True, 0, False, None)
    assert good.as_dict() == {"size": good.size, "up": True, "facing": 1, "status": 0}
    assert repr(good) == f"quoter(size={good.size!r}, up=True, facing=1, status=0)"
    before = instance.snapshot()
    bad = instance.step(BARS[3])
    assert (bad.size, bad.up, bad.rejected, bad.offender) == (0.0, False, True, "price")
    assert instance.snapshot() == before, "a rejected bar leaves the state alone"
    with pytest.raises(AttributeError, match="`quoter` has no output `sise`; it has size, up, facing, status"):
        _ = bad.sise


def test_a_refused_step_leaves_everything_as_it_was(kernel: Kernel) -> None:
    instance = kernel.bind(PARAMS)
    good = instance.step(BARS[0])
    before = instance.snapshot(), instance.tap("price"), instance.tap("distance")
    for wrong in ("x", None, 10**400):
        with pytest.raises(InputProblem):
            instance.step([250.0, 1, wrong])
        with pytest.raises(InputProblem):
            instance.step([wrong, -1, True])
        assert (instance.snapshot(), instance.tap("price"), instance.tap("distance")) == before
    assert instance.inputs["price"] == BARS[0]["price"]
    assert instance.tick() == good.status


def test_a_tap_shows_the_bar_stepped_and_not_inputs_filled_in_since(kernel: Kernel) -> None:
    instance = kernel.bind(PARAMS)
    instance.step(BARS[0])
    instance.inputs["price"] = 7.0
    assert instance.tap("price") == BARS[0]["price"]
    assert instance.tap("distance") == 101.3 - 100.0
    instance.tick()
    assert instance.tap("price") == 7.0


def mapped() -> int:
    return sum("kernel.so" in line for line in Path("/proc/self/maps").read_text().splitlines())


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc/self/maps, which lists what is mapped")
def test_a_kernel_is_unmapped_when_its_last_instance_goes() -> None:
    gc.collect()
    before = mapped()
    kernel = kernel_from_graph(live_graph("short_lived"))
    instance: Instance | None = kernel.bind(PARAMS)
    del kernel
    gc.collect()
    assert mapped() > before
    assert instance is not None
    instance.step(BARS[0])
    instance = None
    gc.collect()
    assert mapped() == before


def test_many_bars_at_once_equal_them_one_by_one(kernel: Kernel) -> None:
    together, apart = kernel.bind(PARAMS), kernel.bind(PARAMS)
    columns = {name: np.array([bar[name] for bar in BARS]) for name in BARS[0]}
    for _ in range(2):
        result = together.run(columns)
        rows = [apart.step(bar) for bar in BARS]
        assert list(zip(*(column.tolist() for column in result), strict=True)) == rows
        assert result.rejected.tolist() == [row.rejected for row in rows]
        assert together.snapshot() == apart.snapshot()


def test_taps_show_the_last_bar(kernel: Kernel) -> None:
    instance = kernel.bind(PARAMS)
    with pytest.raises(LookupError, match="`distance` has no value yet: step a bar first"):
        instance.tap("distance")
    instance.step(BARS[0])
    assert instance.tap("distance") == 101.3 - 100.0
    assert instance.tap("follow.level.before") == 100.0
    assert instance.tap("buy") is True
    snapshot = instance.snapshot()
    instance.step(BARS[1])
    assert instance.tap("follow.level.before") == 100.0 + 0.1 * (101.3 - 100.0)
    assert instance.tap("price") == 99.7
    assert instance.snapshot() != snapshot
    with pytest.raises(KeyError, match="no value is called `distanse`; did you mean `distance`"):
        instance.tap("distanse")


def test_a_snapshot_continues_in_another_instance(kernel: Kernel) -> None:
    first = kernel.bind(PARAMS)
    for bar in BARS[:3]:
        first.step(bar)
    second = kernel.bind(PARAMS)
    second.restore(first.snapshot())
    assert [first.step(bar) for bar in BARS] == [second.step(bar) for bar in BARS]
    first.reset()
    assert first.snapshot() == kernel.bind(PARAMS).snapshot()


def test_a_snapshot_of_another_graph_or_a_damaged_one_is_refused(kernel: Kernel) -> None:
    snapshot = kernel.bind(PARAMS).snapshot()
    other = kernel_from_graph(live_graph("other")).bind(PARAMS)
    with pytest.raises(WrongSnapshot, match=r"the snapshot is of graph \w{12}, this is `other` \w{12}"):
        other.restore(snapshot)
    for damaged in (snapshot[:-1], b"", snapshot[:90] + b"\x01" + snapshot[91:], b"\x00" * 200):
        with pytest.raises(WrongSnapshot, match="not a whole snapshot"):
            kernel.bind(PARAMS).restore(damaged)
    with pytest.raises(WrongSnapshot, match="the snapshot holds 1 instance, this binding has 2"):
        kernel.bind({"size.floor": [1.0, 2.0]}).restore(snapshot)


def test_left_out_parameters_have_their_defaults(kernel: Kernel) -> None:
    assert kernel.bind({"size.floor": 1}).params == {
        "follow.speed": 0.25, "size.floor": 1.0, "size.lots": 3, "size.mode": 1,
    }  # fmt: skip


class Side(Enum):
    """The user's own enum; members are matched by name."""

    SELL = -1
    BUY = 1


@pytest.mark.parametrize("side", [Side.SELL, "SELL", -1, np.int64(-1)], ids=repr)
def test_enum_members_are_given_as_themselves_by_name_or_by_code(kernel: Kernel, side: object) -> None:
    instance = kernel.bind(PARAMS | {"size.mode": side})
    assert instance.params["size.mode"] == -1
    assert instance.step(price=90.0, side=side, halted=np.bool_(False)).facing == -1


def test_every_problem_of_a_binding_is_listed_with_a_way_out(kernel: Kernel) -> None:
    with pytest.raises(BindingProblem) as caught:
        kernel.bind({"folow.speed": 0.5, "follow.speed": 1.5, "size.lots": 2.5})
    found = [(each.code, each.node, each.got, each.fix) for each in caught.value.diagnostics]
    assert found == [
        ("E051", "folow.speed", ("`folow.speed`",), "did you mean `follow.speed`?"),
        ("E052", "follow.speed", ("1.5",), "give a value in its domain"),
        ("E050", "size.floor", ("none",), "pin it: size.floor in [-10.0, 10.0]"),
        ("E052", "size.lots", ("2.5",), "give a value of type i64"),
    ]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -0.001, "0.5", None, True], ids=repr)
def test_bad_parameter_values_are_refused(kernel: Kernel, bad: object) -> None:
    with pytest.raises(BindingProblem, match=r"E052 .* `follow\.speed`"):
        kernel.bind({"follow.speed": bad, "size.floor": 0.0})


@params
class Band:
    """The parameters of `outside`."""

    low: Annotated[float, domain(lo=0.0)] = 1.0
    high: Annotated[float, domain(lo=0.0)] = 2.0


@params
class Scale:
    """More parameters of `scaled`."""

    factor: Annotated[float, domain(0.0, 9.0)] = 1.0


@lane
def outside(x: float, p: Band) -> float:
    """How far `x` is above the band."""
    return max(x - p.high, 0.0) if x > p.low else 0.0


@lane
def scaled(x: float, band: Band, scale: Scale) -> float:
    """`outside`, scaled."""
    return outside(x, band) * scale.factor


def test_a_params_object_binds_as_it_is() -> None:
    kernel = kernel_from_graph(prepare(trace(outside)))
    instance = kernel.bind(Band(high=3.0))
    assert instance.params == {"high": 3.0, "low": 1.0}
    assert instance.step(x=5.0)[0] == 2.0
    assert kernel.bind([Band(high=3.0), {"high": 4.0}]).step(x=5.0)[0].tolist() == [2.0, 1.0]


def test_several_params_objects_bind_by_argument() -> None:
    instance = kernel_from_graph(prepare(trace(scaled))).bind({"band": Band(high=3.0), "scale.factor": 4})
    assert instance.params == {"band.high": 3.0, "band.low": 1.0, "scale.factor": 4.0}
    assert instance.step(x=5.0)[0] == 8.0


def test_what_is_no_set_of_parameters_is_refused(kernel: Kernel) -> None:
    with pytest.raises(
        BindingProblem, match=r"a @params object, a mapping of names to values, or a table of them\n  got       float"
    ):
        kernel.bind(0.5)
    with pytest.raises(ValueError, match="one binding is stepped in C"):
        kernel.bind(PARAMS, backend="xla")


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


def test_a_native_engine_can_step_it_by_address(kernel: Kernel) -> None:
    native, usual = kernel.bind(PARAMS), kernel.bind(PARAMS)
    at = native.addresses
    step = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * 4)(at.step)
    for bar in BARS:
        for name, value in bar.items():
            native.inputs[name] = value
        assert step(at.state, at.inputs, at.params, at.outputs) == usual.step(bar).status
        assert native.outputs.tobytes() == usual.outputs.tobytes()


def test_what_is_bound_stays_as_it_was_checked() -> None:
    """A caller's column that changes later, even to what no domain allows, changes nothing; nor can the bound one be written."""
    kernel = kernel_from_graph(prepare(trace(scaled)))
    factors = np.full(40, 4.0)
    instances = kernel.bind({"band.high": np.full(40, 3.0), "scale.factor": factors})
    factors[:] = -1e6
    result, *_ = instances.step(x=5.0)
    assert result.tolist() == [8.0] * 40
    for column in instances.params.values():
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0


def test_a_table_makes_instances_and_a_single_set_one(kernel: Kernel) -> None:
    assert isinstance(kernel.bind(PARAMS), Instance)
    assert isinstance(kernel.bind({"size.floor": [0.0, 1.0]}), Instances)


def test_a_bundle_without_c_says_how_to_build_it() -> None:
    with pytest.raises(NotInBundle, match="build it again with --emit c"):
        Kernel(live_graph(), {})


def test_jax_is_never_imported() -> None:
    program = (
        "import sys; from dagc.live.kernel import kernel_from_graph; from tests.support.live_graph import live_graph;"
        "kernel_from_graph(live_graph()).bind({'size.floor': 0.0}).step(price=1.0, side=1, halted=False);"
        "sys.exit('jax' in sys.modules or 'pyarrow' in sys.modules or 'networkx' in sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)


TOLD_APART = """
from dataclasses import dataclass
from dagc import lane, params

@dataclass(frozen=True)
class Position:
    half: float

@params
class Quote:
    half: float = 2.0
    skew: float = 0.5

@lane
def stop(position: Position, q: Quote) -> float:
    return position.half * q.half + q.skew

@lane
def cross(x: float, fast: Quote, slow: Quote) -> float:
    return x * fast.half - slow.skew
"""


def test_a_params_object_binds_where_names_of_its_fields_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "stop.py"
    file.write_text(TOLD_APART)
    lanes = {name: load_lane(f"{file}:{name}") for name in ("stop", "cross")}
    quote = lanes["stop"].function.__globals__["Quote"]
    bound = kernel_from_graph(prepare(trace(lanes["stop"]))).bind(quote(half=3.0))
    assert bound.step((2.0,))[0] == 6.5
    crossed = kernel_from_graph(prepare(trace(lanes["cross"])))
    with pytest.raises(BindingProblem, match=r"bind\(\{'fast': \.\.\., 'slow': \.\.\.\}\)"):
        crossed.bind(quote())
    assert crossed.bind({"fast": quote(half=5.0), "slow": quote()}).step((1.0,))[0] == 4.5


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
