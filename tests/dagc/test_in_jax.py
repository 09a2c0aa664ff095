"""A kernel inside jax: jit, vmap, scan and donation give the words of the C kernel, whatever its types and shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import dagc
from dag import array, carry, domain, float32, int32, lane, params, put
from dag.values.words import words_of_column
from dagc.binding.parameters import BindingProblem
from dagc.live.in_jax import JaxKernel
from dagc.live.inputs import InputProblem
from dagc.live.kernel import Kernel


@params
class Mix:
    speed: Annotated[float, domain(0.0, 1.0)] = 0.1
    shift: int32 = 3


@dataclass(frozen=True)
class Mixed:
    level: float
    up: bool
    small: float32
    whole: int32
    oldest: float


@lane
def mixed(x: Annotated[float, domain(-1e6, 1e6)], on: bool, y: float32, k: int32, p: Mix) -> Mixed:
    """A value of every type, states of every type, and a ring of four."""
    level = carry(initial=100.0)
    flips = carry(initial=False)
    sum32 = carry(initial=float32(0.0))
    at = carry(initial=0)
    ring = carry(initial=array(4, 0.0))
    level = level + p.speed * (x - level)
    flips = (not flips) if on else flips
    sum32 = sum32 * 0.5 + y
    oldest = ring[at]
    ring = put(ring, at, x)
    at = (at + 1) % 4
    return Mixed(level, flips, sum32, k ^ p.shift, oldest)


@pytest.fixture(autouse=True)
def wide() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return dagc.compile(mixed)


@pytest.fixture(scope="module")
def step(kernel: Kernel) -> JaxKernel:
    return kernel.in_jax()


def bars(count: int, rows: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(rows)
    x = rng.uniform(-1e6, 1e6, (count, rows))
    y = rng.standard_normal((count, rows)).astype(np.float32)
    for k, special in enumerate([np.nan, 5e-324, -0.0, 1e7, 2.2e-308, -np.inf]):
        x.reshape(-1)[k::11] = special
    for k, single in enumerate([np.float32(1e-45), np.float32(-1e-40), np.float32(-0.0), np.float32(3.4e38)]):
        y.reshape(-1)[k::7] = single
    whole = rng.integers(-(2**31), 2**31, (count, rows)).astype(np.int32)
    return {"x": x, "on": rng.random((count, rows)) < 0.5, "y": y, "k": whole}


def table(rows: int) -> dict[str, np.ndarray]:
    return {"speed": np.linspace(0.0, 1.0, rows), "shift": np.arange(rows, dtype=np.int32) - 2}


def same(kernel: Kernel, name: str, found: Any, expected: Any) -> None:
    type_ = kernel.graph.types[next(o.node for o in kernel.graph.outputs if o.name == name)]
    np.testing.assert_array_equal(words_of_column(np.asarray(found), type_), words_of_column(expected, type_), name)


@pytest.mark.parametrize("rows", [1, 7, 2047, 2048, 2049, 5000])
def test_steps_under_jit_are_those_of_instances(kernel: Kernel, step: JaxKernel, rows: int) -> None:
    data, many = bars(4, rows), kernel.bind(table(rows))
    run = jax.jit(step.__call__)
    state = step.initial((rows,))
    for bar in range(4):
        inputs = {name: column[bar] for name, column in data.items()}
        outputs, state = run(inputs, table(rows), state)
        for name, column in many.step(inputs).as_dict().items():
            same(kernel, name, outputs[name], column)


def test_scan_over_bars_and_a_donated_state_are_the_same(kernel: Kernel, step: JaxKernel) -> None:
    rows, count = 300, 9
    data = bars(count, rows)
    expected = kernel.bind(table(rows)).run(data).as_dict()

    def body(state: Any, inputs: Any) -> Any:
        outputs, after = step(inputs, table(rows), state)
        return after, outputs

    _, scanned = jax.jit(lambda inputs: jax.lax.scan(body, step.initial((rows,)), inputs))(data)
    for name, column in expected.items():
        same(kernel, name, scanned[name], column)
    donating = jax.jit(lambda state, inputs: body(state, inputs), donate_argnums=0)
    state = step.initial((rows,))
    for bar in range(count):
        state, outputs = donating(state, {name: column[bar] for name, column in data.items()})
        for name, column in expected.items():
            same(kernel, name, outputs[name], column[bar])


def test_vmap_over_parameters_rows_or_both(kernel: Kernel, step: JaxKernel) -> None:
    data = {name: column[0] for name, column in bars(1, 40).items()}
    speeds = jnp.asarray([0.0, 0.25, 1.0])

    def one(speed: Any, x: Any) -> Any:
        return step({**data, "x": x}, {"speed": speed})[0]

    found = jax.jit(jax.vmap(one, (0, None)))(speeds, jnp.asarray(data["x"]))

    def alone(speed: Any, x: Any) -> Any:
        return step({"x": x, "on": True, "y": np.float32(1.5), "k": 7}, {"speed": speed})[0]

    each_row: Any = jax.vmap(jax.vmap(alone, (None, 0)), (0, None))
    rows = each_row(speeds, jnp.asarray(data["x"]))
    for k, speed in enumerate([0.0, 0.25, 1.0]):
        expected = kernel.bind({"speed": np.full(40, speed)}).step(data)
        single = kernel.bind({"speed": np.full(40, speed)}).step(x=data["x"], on=True, y=1.5, k=7)
        for name in expected.names:
            same(kernel, name, found[name][k], expected.as_dict()[name])
            same(kernel, name, rows[name][k], single.as_dict()[name])


def test_instances_may_have_any_shape_and_values_may_be_shared(kernel: Kernel, step: JaxKernel) -> None:
    data = {name: column[0].reshape(5, 8) for name, column in bars(1, 40).items()}
    outputs, state = step({**data, "on": True, "k": 5})
    expected = kernel.bind({"speed": np.full(40, 0.1)}).step(
        {**{n: c.reshape(-1) for n, c in data.items()}, "on": True, "k": 5}
    )
    for name, column in expected.as_dict().items():
        assert outputs[name].shape == (5, 8)
        same(kernel, name, outputs[name].reshape(-1), column)
    assert state["ring"].shape == (5, 8, 4)
    alone, _ = step({"x": 1.0, "on": False, "y": np.float32(0.0), "k": 1})
    assert alone["level"].shape == ()
    empty, _ = step({name: column[:0, 0] for name, column in data.items()})
    assert empty["level"].shape == (0,)


def test_its_thread_keeps_the_environment_of_its_host(step: JaxKernel) -> None:
    """XLA flushes subnormals on its threads: beside the call it still does, and inside it does not."""
    small = jnp.full(4000, 2.5e-308)
    outputs, beside = jax.jit(
        lambda x: (step({"x": x, "on": False, "y": np.float32(0), "k": 0}, {"speed": 1.0})[0], x * 0.25)
    )(small)
    assert np.asarray(outputs["oldest"]).tolist() == [0.0] * 4000
    after, _ = step({"x": small, "on": False, "y": np.full(4000, 1e-45, np.float32), "k": 0}, {"speed": 1.0})
    assert np.all(np.asarray(after["small"]).view(np.int32) == 1)
    assert np.asarray(beside).shape == (4000,)


@pytest.mark.parametrize(
    ("inputs", "params", "says"),
    [
        ({"x": 1.0, "on": True, "y": 1.0}, {}, r"missing  `k`"),
        ({"x": 1.0, "on": True, "y": np.ones(3), "k": 1}, {}, r"input `y` is of float64, expected float32"),
        ({"x": 1.0, "on": np.ones(3), "y": 1.0, "k": 1}, {}, r"input `on` is of float64, expected bool"),
        ({"x": "a", "on": True, "y": 1.0, "k": 1}, {}, r"input `x` is 'a', expected f64"),
        ({"x": 1.0, "on": True, "y": 1.0, "k": 1}, {"speed": np.ones(2, np.float32)}, r"parameter `speed` is of float32"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(step: JaxKernel, inputs: dict[str, Any], params: dict[str, Any], says: str) -> None:
    with pytest.raises(InputProblem, match=says):
        step(inputs, params)


def test_plain_parameters_are_judged_and_traced_ones_reject_their_rows(step: JaxKernel) -> None:
    bar = {"x": 1.0, "on": True, "y": 1.0, "k": 1}
    with pytest.raises(BindingProblem, match=r"speed"):
        step(bar, {"speed": 1.5})
    with pytest.raises(BindingProblem, match=r"sped"):
        step(bar, {"sped": jnp.asarray(0.5)})
    outputs, _ = jax.jit(lambda speed: step(bar, {"speed": speed}))(jnp.asarray([0.5, 1.5]))
    assert np.asarray(outputs["status"]).tolist() == [0, 5]


def test_it_asks_for_64_bits(step: JaxKernel) -> None:
    with jax.enable_x64(False), pytest.raises(RuntimeError, match=r"jax_enable_x64"):
        step({"x": 1.0, "on": True, "y": 1.0, "k": 1})


def test_two_kernels_stand_in_one_program(step: JaxKernel) -> None:
    @lane
    def doubled(x: float) -> float:
        return x + x

    other = dagc.compile(doubled).in_jax()

    def both(x: Any) -> Any:
        outputs, _ = step({"x": other({"x": x})[0]["doubled"], "on": True, "y": 1.0, "k": 1}, {"speed": 1.0})
        return outputs["level"]

    assert np.asarray(jax.jit(both)(jnp.asarray([1.0, 2.5]))).tolist() == [2.0, 5.0]
