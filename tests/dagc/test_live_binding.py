"""Binding parameters to a kernel: values, enum members, params objects, and what wrong ones get."""

from __future__ import annotations

import math
from enum import Enum
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest

from compile.pipeline import prepare
from dag import domain, lane, params
from dag.files.loading import load_lane
from dag.trace import trace
from dagc.binding.parameters import BindingProblem
from dagc.live.kernel import Kernel, kernel_from_graph
from tests.support.live_bars import PARAMS, Band
from tests.support.live_graph import live_graph


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return kernel_from_graph(live_graph())


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
