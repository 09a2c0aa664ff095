"""A kernel in a live process: binding, stepping, taps, snapshots, and what wrong input gets."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from compile.backend import Batch
from dag.graphs.graph import Graph
from dag.values.types import Value
from dagc.live.inputs import InputProblem
from dagc.live.instance import Instance
from dagc.live.instances import Instances
from dagc.live.kernel import Kernel, NotInBundle, kernel_from_graph
from dagc.live.state import WrongSnapshot
from tests.support.live_bars import BARS, PARAMS
from tests.support.live_graph import live_graph
from tests.support.meaning import evaluate


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


def test_a_native_engine_can_step_it_by_address(kernel: Kernel) -> None:
    native, usual = kernel.bind(PARAMS), kernel.bind(PARAMS)
    at = native.addresses
    step = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * 4)(at.step)
    for bar in BARS:
        for name, value in bar.items():
            native.inputs[name] = value
        assert step(at.state, at.inputs, at.params, at.outputs) == usual.step(bar).status
        assert native.outputs.tobytes() == usual.outputs.tobytes()


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
