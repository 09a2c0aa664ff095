"""Tables of parameters: every way to give one, the same bits as one at a time, in C and through XLA."""

from __future__ import annotations

import math
import tracemalloc
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from compile.backend import Runner
from compile.c.blocks import Blocks
from compile.xla.backend import Xla
from dag.graphs.graph import Graph
from dag.values.words import words_of_column
from dagc.binding.parameters import BindingProblem
from dagc.live.inputs import InputProblem
from dagc.live.instances import Instances
from dagc.live.kernel import Kernel, kernel_from_graph
from dagc.live.outputs import Outputs
from tests.support.live_graph import live_graph

ROWS = 100_000


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return kernel_from_graph(live_graph())


def table(rows: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(4)
    return {
        "follow.speed": rng.choice([0.0, 5e-324, 0.1, 1.0, *rng.random(50)], rows),
        "size.floor": rng.uniform(-10, 10, rows),
        "size.lots": rng.integers(1, 1001, rows),
        "size.mode": rng.choice([-1, 1], rows),
    }


def market(bars: int, rows: int) -> dict[str, np.ndarray]:
    """Prices that half the instances see differently, some of them outside the domain."""
    rng = np.random.default_rng(5)
    price = 100 + rng.normal(size=(bars, rows)).cumsum(axis=0)
    price[rng.random((bars, rows)) < 0.02] = rng.choice([math.nan, math.inf, 0.0, -0.0, -1.0, 5e-324, 1e6, 1e7])
    return {
        "price": price,
        "side": rng.choice([-1, 1, 3], (bars, rows), p=[0.5, 0.49, 0.01]),
        "halted": rng.random(bars) < 0.1,
    }


def same_words(graph: Graph, a: Outputs, b: Outputs) -> None:
    for output, left, right in zip(graph.outputs, a, b, strict=True):
        type_ = graph.types[output.node]
        np.testing.assert_array_equal(words_of_column(left, type_), words_of_column(right, type_), output.name)


def test_a_hundred_thousand_rows_in_one_call_are_each_what_it_is_alone(kernel: Kernel) -> None:
    params, bars = table(ROWS), market(6, ROWS)
    many = kernel.bind(params)
    assert len(many) == ROWS
    results = [
        many.step({"price": bars["price"][k], "side": bars["side"][k], "halted": bars["halted"][k]}) for k in range(6)
    ]
    assert 0 < sum(int(result.rejected.sum()) for result in results) < ROWS
    for row in np.random.default_rng(6).choice(ROWS, 200, replace=False):
        one = kernel.bind({name: column[row] for name, column in params.items()})
        for k, result in enumerate(results):
            alone = one.step(price=bars["price"][k, row], side=bars["side"][k, row], halted=bars["halted"][k])
            assert tuple(column[row].item() for column in result) == alone


def test_run_equals_steps_and_leaves_the_same_state(kernel: Kernel) -> None:
    params, bars = table(1000), market(5, 1000)
    together, apart = kernel.bind(params), kernel.bind(params)
    apart.taps = True
    result = together.run(bars)
    steps = [
        apart.step({"price": bars["price"][k], "side": bars["side"][k], "halted": bars["halted"][k]}) for k in range(5)
    ]
    same_words(kernel.graph, result, Outputs.of(np.stack(columns) for columns in zip(*steps, strict=True)))
    assert together.snapshot() == apart.snapshot()
    np.testing.assert_array_equal(together.tap("distance"), apart.tap("distance"))


def xla_runner(graph: Graph) -> Runner:
    backend = Xla()
    runner: Runner = backend.load(graph, backend.lower(graph))
    return runner


def test_instances_in_xla_have_the_bits_of_c() -> None:
    graph = live_graph()
    kernel = kernel_from_graph(graph)
    params, bars = table(ROWS), market(4, ROWS)
    in_c = kernel.bind(params)
    in_xla = Instances(graph, xla_runner(graph), in_c.params, ROWS)
    for k in range(2):
        bar = {"price": bars["price"][k], "side": bars["side"][k], "halted": bars["halted"][k]}
        same_words(graph, in_xla.step(bar), in_c.step(bar))
    same_words(graph, in_xla.run(bars), in_c.run(bars))
    assert in_xla.snapshot() == in_c.snapshot()
    np.testing.assert_array_equal(in_xla.tap("distance"), in_c.tap("distance"))


def test_every_form_of_table_binds_the_same(kernel: Kernel) -> None:
    columns = table(50)
    structured = np.empty(50, [(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        structured[name] = column
    rows = [{name: column[k] for name, column in columns.items()} for k in range(50)]
    forms = [columns, {n: c.tolist() for n, c in columns.items()}, structured, pa.table(columns), rows]
    for form in forms:
        bound = kernel.bind(form).params
        for name, column in columns.items():
            np.testing.assert_array_equal(bound[name], column, name)


def test_defaults_and_single_values_fill_a_column(kernel: Kernel) -> None:
    bound = kernel.bind({"size.floor": [1.0, 2.0], "size.lots": 9, "size.mode": ["BUY", "SELL"]}).params
    assert {name: column.tolist() for name, column in bound.items()} == {
        "follow.speed": [0.25, 0.25], "size.floor": [1.0, 2.0], "size.lots": [9, 9], "size.mode": [1, -1],
    }  # fmt: skip


def test_bad_tables_are_refused_with_the_row(kernel: Kernel) -> None:
    with pytest.raises(BindingProblem) as caught:
        kernel.bind({"size.floor": [0.0, math.nan, 11.0], "speed": [1.0] * 3, "size.lots": [1.0, 2.0, 3.0]})
    found = [(each.code, each.node, each.expected, each.got) for each in caught.value.diagnostics]
    assert found == [
        ("E052", "size.floor", "a column of f64 in [-10.0, 10.0]", ("nan in row 1 (2 of 3 rows outside)",)),
        ("E052", "size.lots", "a column of i64 in [1, 1000]", ("a list",)),
        ("E051", "speed", "a parameter of quoter: follow.speed, size.floor, size.lots, size.mode", ("`speed`",)),
    ]
    with pytest.raises(BindingProblem, match=r"`size\.floor` has 2, `size\.lots` has 3"):
        kernel.bind({"size.floor": [0.0, 1.0], "size.lots": [1, 2, 3]})
    with pytest.raises(BindingProblem, match=r"got       20\.0\n.*\n  note      in row 1 of the table"):
        kernel.bind([{"size.floor": 0.0}, {"size.floor": 20.0}])
    with pytest.raises(BindingProblem, match=r"an array of shape \[2, 2\]"):
        kernel.bind(np.zeros((2, 2)))
    with pytest.raises(BindingProblem, match=r"a value for `size\.floor`, which has no default"):
        kernel.bind({"size.lots": [1, 2]})
    with pytest.raises(BindingProblem, match=r"`size\.floor` has 0"):
        kernel.bind({"size.floor": []})


def test_wrong_inputs_are_named(kernel: Kernel) -> None:
    many = kernel.bind({"size.floor": [0.0, 1.0]})
    with pytest.raises(InputProblem, match=r"input `price` has shape \[3\], which does not fit 2 instances"):
        many.step(price=[1.0, 2.0, 3.0], side=1, halted=False)
    with pytest.raises(
        InputProblem, match=r"input `price` has shape \[1, 2\], expected a single value or \[instances\]"
    ):
        many.step(price=[[1.0, 2.0]], side=1, halted=False)
    with pytest.raises(InputProblem, match=r"input `side` has shape \[\], expected \[bars\] or \[bars, instances\]"):
        many.run({"price": [1.0], "side": np.int64(1), "halted": [False]})
    with pytest.raises(InputProblem, match="unknown  `prise`: did you mean `price`"):
        many.step(prise=1.0)
    with pytest.raises(LookupError, match="step a bar first"):
        many.tap("price")
    with pytest.raises(ValueError, match="backend 'rtl' does not step tables"):
        kernel.bind({"size.floor": [0.0]}, backend="rtl")


def test_snapshot_and_reset(kernel: Kernel) -> None:
    params, bars = table(64), market(6, 64)
    first, second = kernel.bind(params), kernel.bind(params)
    fresh = first.snapshot()
    first.run(bars)
    second.restore(first.snapshot())
    same_words(kernel.graph, first.run(bars), second.run(bars))
    first.reset()
    assert first.snapshot() == fresh


def test_a_tap_after_a_step_needs_the_state_it_began_with(kernel: Kernel) -> None:
    params, bars = table(70), market(4, 70)
    many, together = kernel.bind(params), kernel.bind(params)
    steps = [{name: column[k] for name, column in bars.items()} for k in range(4)]
    many.step(steps[0])
    with pytest.raises(LookupError, match=r"not kept; set `taps = True` on these instances and step another bar"):
        many.tap("distance")
    many.taps = True
    for step in steps[1:3]:
        many.step(step)
    together.run({name: column[:3] for name, column in bars.items()})
    for name in ("distance", "follow.level.before", "price", "side", "halted", "buy"):
        np.testing.assert_array_equal(many.tap(name), together.tap(name), name)
    with pytest.raises(InputProblem):
        many.step(price=1.0, side=1, halted=[0.5] * 70)
    np.testing.assert_array_equal(many.tap("price"), bars["price"][2])
    assert many.snapshot() == together.snapshot()
    many.taps = False
    many.step(steps[3])
    with pytest.raises(LookupError, match="not kept"):
        many.tap("distance")
    many.reset()
    with pytest.raises(LookupError, match="step a bar first"):
        many.tap("distance")


def test_a_result_stays_as_it_is_while_any_part_of_it_is_held(kernel: Kernel) -> None:
    params, bars = table(70), market(8, 70)
    many, again = kernel.bind(params), kernel.bind(params)
    steps = [{name: column[k] for name, column in bars.items()} for k in range(8)]
    parts = [many.step(step).size[3:40:2] for step in steps]
    expected = [again.step(step).size.copy()[3:40:2] for step in steps]
    for part, copy in zip(parts, expected, strict=True):
        np.testing.assert_array_equal(part.view(np.int64), copy.view(np.int64))


def test_memory_of_results_is_used_again_when_they_are_dropped(kernel: Kernel) -> None:
    many = kernel.bind(table(70))
    before = result = many.step(price=1.0, side=1, halted=False)
    addresses = set[int]()
    for _ in range(12):
        before, result = result, many.step(price=1.0, side=1, halted=False)
        assert not np.shares_memory(before.size, result.size)
        addresses.add(result.size.__array_interface__["data"][0])
    assert len(addresses) == 3, "one result before, this one and the next"


def test_a_result_may_be_the_next_input(kernel: Kernel) -> None:
    many, apart = kernel.bind(table(70)), kernel.bind(table(70))
    size, copy = np.full(70, 5.0), np.full(70, 5.0)
    for _ in range(6):
        size = many.step(price=size, side=1, halted=False).size
        copy = apart.step(price=copy, side=1, halted=False).size.copy()
    np.testing.assert_array_equal(size.view(np.int64), copy.view(np.int64))


def layouts(column: np.ndarray) -> list[Any]:
    """The same column as callers may have it: in every second place, backwards, in the other byte order, as a list, unaligned."""
    backwards = np.ascontiguousarray(column[::-1])[::-1]
    packed = np.empty(len(column), [("flag", np.bool_), ("value", column.dtype)])
    packed["value"] = column
    swapped = column.astype(column.dtype.newbyteorder())
    return [column, np.repeat(column, 2)[::2], backwards, swapped, column.tolist(), packed["value"], column.copy()]


def test_inputs_of_any_layout_are_the_same_step(kernel: Kernel) -> None:
    params, bars = table(70), market(1, 70)
    bar = {"price": bars["price"][0], "side": bars["side"][0], "halted": np.arange(70) % 3 == 0}
    many, expected = kernel.bind(params), kernel.bind(params).step(bar)
    for forms in zip(*map(layouts, bar.values()), strict=True):
        many.reset()
        same_words(kernel.graph, many.step(dict(zip(bar, forms, strict=True))), expected)
    reference = kernel.bind(params).run({"price": np.full((1, 70), 3.0), "side": [1], "halted": [True]})
    singles: list[tuple[Any, ...]] = [
        (3.0, 1, True), (3, "BUY", np.True_), (np.float64(3), np.int64(1), np.array(True)), (np.full(1, 3.0), [1], [True]),
    ]  # fmt: skip
    for single in singles:
        many.reset()
        same_words(kernel.graph, many.step(dict(zip(bar, single, strict=True))), Outputs.of(c[0] for c in reference))


def test_a_column_that_is_written_again_is_read_again(kernel: Kernel) -> None:
    many, apart = kernel.bind(table(70)), kernel.bind(table(70))
    price, halted = np.full(70, 1.0), np.zeros(70, np.bool_)
    for k in range(4):
        price += k
        halted[k::4] = True
        got = many.step(price=price, side=1, halted=halted)
        expected = apart.run({"price": price[np.newaxis], "side": [1], "halted": halted[np.newaxis]})
        same_words(kernel.graph, got, Outputs.of(column[0] for column in expected))


def test_a_bool_result_as_an_input_is_read_again_when_its_memory_is_written() -> None:
    kernel = kernel_from_graph(live_graph())
    many, apart = kernel.bind(table(70)), kernel.bind(table(70))
    halted = many.step(price=101.0, side=1, halted=False).up
    apart.step(price=101.0, side=1, halted=False)
    for k in range(3):
        halted[k::3] = k % 2 == 0
        expected = apart.run({"price": [99.0], "side": [1], "halted": halted[np.newaxis].copy()})
        got = many.step(price=99.0, side=1, halted=halted)
        same_words(kernel.graph, got, Outputs.of(column[0] for column in expected))


def test_a_step_on_ready_columns_makes_no_memory_that_grows_with_the_rows(kernel: Kernel) -> None:
    rows = 20_000
    many = kernel.bind(table(rows))
    bar = {"price": np.full(rows, 90.0), "side": np.full(rows, 1), "halted": np.zeros(rows, np.bool_)}
    result = many.step(bar)
    for _ in range(3):
        result = many.step(bar)
    tracemalloc.start()
    result = many.step(bar)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(result.size) == rows
    assert peak < rows


@pytest.mark.parametrize("rows", [1, 8191, 8192, 12_345, 40_001])
@pytest.mark.parametrize("threads", [2, 3, 7])
def test_threads_give_the_bits_of_one(kernel: Kernel, rows: int, threads: int) -> None:
    params, bars = table(rows), market(3, rows)
    one, many = kernel.bind(params), kernel.bind(params, threads=threads)
    same_words(kernel.graph, many.run(bars), one.run(bars))
    for shared in (False, True):
        many.taps = shared
        step = {name: column[1, 0] if shared and name == "price" else column[1] for name, column in bars.items()}
        same_words(kernel.graph, many.step(step), one.step(step))
    assert many.snapshot() == one.snapshot()
    one.taps = True
    one.run(bars)
    many.run(bars)
    for name in ("distance", "follow.level.before", "buy"):
        np.testing.assert_array_equal(many.tap(name), one.tap(name))


def test_blocks_cover_every_row_once_and_begin_at_whole_lines() -> None:
    for threads in (1, 2, 5, 64):
        for rows in (0, 1, 4095, 4096, 8192, 100_003):
            blocks = Blocks(threads).of(rows)
            assert [first for first, _ in blocks] == [0, *(end for _, end in blocks[:-1])]
            assert blocks[-1][1] == rows
            assert all(first % 64 == 0 for first, _ in blocks)
            assert len(blocks) <= threads


def test_threads_are_for_tables_in_c(kernel: Kernel) -> None:
    for params, backend in ((None, "c"), (table(70), "xla")):
        with pytest.raises(ValueError, match=r"threads=2: they share the rows of a table of parameters, in C"):
            kernel.bind(params, backend, threads=2)
    with pytest.raises(ValueError, match=r"threads=0: expected at least 1"):
        kernel.bind(table(70), threads=0)
