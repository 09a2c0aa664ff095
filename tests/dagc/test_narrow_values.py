"""float32 and int32 at the edge: what a user hands over is held exactly, rounded to nearest, or refused; never wrapped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compile.pipeline import prepare
from dag import carry, float32, int32, lane, params
from dag.trace import trace
from dagc.binding.parameters import BindingProblem
from dagc.data.problem import DataProblem
from dagc.data.tables import read_table
from dagc.live.inputs import InputProblem
from dagc.live.kernel import Kernel, kernel_from_graph

INT32_MAX, INT32_MIN = (1 << 31) - 1, -(1 << 31)


@params
class Weights:
    k: int32 = 3
    w: float32 = 0.5


@dataclass(frozen=True)
class Weighed:
    whole: int32
    level: float32
    wide: int


@lane
def weighed(m: int32, x: float32, p: Weights) -> Weighed:
    level = carry(initial=float32(0.0))
    level = x * p.w + level * 0.5
    return Weighed(m ^ p.k, level, int(m) * 3)


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return kernel_from_graph(prepare(trace(weighed)))


@pytest.mark.parametrize("m", [5, -5, INT32_MAX, INT32_MIN, np.int32(-7), np.int64(-7)], ids=repr)
@pytest.mark.parametrize("x", [0.1, np.float32(0.1), 7, -0.0, 1e-45, 3.4028234663852886e38], ids=repr)
def test_a_step_is_the_lane_on_numbers(kernel: Kernel, m: Any, x: Any) -> None:
    instance, stream = kernel.bind(), weighed.stream(Weights())
    for _ in range(2):
        row = {"m": m, "x": x}
        got = instance.step(row)
        expected = stream(int(m), float(x))
        assert (got.whole, got.wide) == (expected.whole, expected.wide)
        assert np.float32(got.level).tobytes() == np.float32(expected.level).tobytes()
        assert instance.tap("m") == int(m)
        assert instance.tap("x") == float(np.float32(x))


@pytest.mark.parametrize(
    "m", [1 << 31, -(1 << 31) - 1, 1 << 40, np.int64(1 << 31), np.uint32(1 << 31), 3.0, "3"], ids=repr
)
def test_an_integer_of_more_than_32_bits_is_refused_not_wrapped(kernel: Kernel, m: Any) -> None:
    instance = kernel.bind()
    with pytest.raises(InputProblem, match=r"input `m` is .*, expected i32"):
        instance.step({"m": m, "x": 1.0})
    if isinstance(m, int):
        with pytest.raises(OverflowError):
            instance.inputs["m"] = m
    for columns in ({"m": np.array([m, 1]), "x": np.array([1.0, 2.0])}, {"m": [m, 1], "x": [1.0, 2.0]}):
        with pytest.raises(InputProblem, match="input `m`"):
            instance.run(columns)
    if isinstance(m, int):
        with pytest.raises(BindingProblem, match="E052"):
            kernel.bind({"k": m})
        with pytest.raises(BindingProblem, match="E052"):
            kernel.bind({"k": np.array([1, m])})


@pytest.mark.parametrize("x", [1e39, -1e39, 3.4028235677973366e38, float("inf"), float("nan")])
def test_what_no_float32_holds_rejects_the_row(kernel: Kernel, x: float) -> None:
    instance = kernel.bind()
    assert instance.step({"m": 1, "x": x}).status == 2
    assert instance.run({"m": np.array([1]), "x": np.array([x])}).status.tolist() == [2]
    instance.inputs["m"], instance.inputs["x"] = 1, x
    assert instance.tick() == 2


def test_the_record_in_place_holds_what_the_step_does(kernel: Kernel) -> None:
    ticked, stepped = kernel.bind(), kernel.bind()
    for m, x in ((INT32_MIN, 0.1), (-1, -0.0), (INT32_MAX, 1e-45), (0, 0.3)):
        ticked.inputs["m"], ticked.inputs["x"] = m, x
        assert ticked.tick() == 0
        out = stepped.step(m=m, x=x)
        for name in ("whole", "level", "wide"):
            assert ticked.outputs[name].item() == getattr(out, name)


def test_a_table_of_instances_takes_either_width(kernel: Kernel) -> None:
    wide = {"k": np.arange(4), "w": np.linspace(0.0, 1.0, 4)}
    narrow = {"k": wide["k"].astype(np.int32), "w": wide["w"].astype(np.float32)}
    results = [kernel.bind(table).step({"m": np.full(4, 7), "x": 0.1}) for table in (wide, narrow)]
    for name, dtype in (("whole", np.int32), ("level", np.float32)):
        assert getattr(results[0], name).dtype == dtype
        assert getattr(results[0], name).tobytes() == getattr(results[1], name).tobytes()


def test_cells_of_a_csv(tmp_path: Path) -> None:
    graph = prepare(trace(weighed))
    path = tmp_path / "bars.csv"
    path.write_text("m,x\n2147483647,0.1\n-2147483648,-0.0\n0,1e39\n1,1e-46\n")
    columns = read_table(path, graph).columns
    assert columns["m"].dtype == np.int32
    assert columns["m"].tolist() == [INT32_MAX, INT32_MIN, 0, 1]
    expected = np.array([np.float32(0.1), np.float32(-0.0), np.float32("inf"), np.float32(0.0)])
    assert columns["x"].tobytes() == expected.tobytes()
    path.write_text("m,x\n2147483648,0.1\n")
    with pytest.raises(DataProblem, match="line 2, column `m`: '2147483648' is not i32"):
        read_table(path, graph)
