"""Plain functions of a user's codebase as lanes: the same bits, and errors at the user's own lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compile.hazards.search import refuse_hazards
from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import lanes_in_file, load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dagc import domain, lift
from tests.support import legacy_sizer
from tests.support.python_bars import assert_like_python

VALUES = (0.0, -0.0, 1.0, -0.02, -0.05, -0.0337, 1e-9, 5e-324, -1e300, 9.0)
CUBIC = {
    "units": {"vel_div": "vd", "thr": "vd", "ext": "vd", "hi": "x_conv", "lo": "x_conv"},
    "domains": {"thr": (-1.0, -0.01), "ext": domain(-1.0, below=-0.01), "hi": domain(above=0.0), "lo": (0.0, 5.0)},
    "returns": "x_conv",
}


def units_of(graph: Graph) -> dict[str, str]:
    return {port.name: graph.units[port.node] for port in graph.ports()}


def test_lifted_arguments_with_defaults_are_parameters() -> None:
    graph = trace(lift(legacy_sizer.cubic_by_product, **CUBIC))  # type: ignore[arg-type]
    assert [port.name for port in graph.inputs] == ["vel_div", "hi"]
    assert [(port.name, port.default) for port in graph.params] == [("thr", -0.02), ("ext", -0.05), ("lo", 0.5)]
    assert units_of(graph) == CUBIC["units"]
    assert graph.units[graph.outputs[0].node] == "x_conv"


def test_a_domain_given_outside_is_what_the_hazards_see() -> None:
    with pytest.raises(CompileError, match="E060") as refused:
        refuse_hazards(trace(lift(legacy_sizer.cubic_by_product, **CUBIC)))  # type: ignore[arg-type]
    assert "legacy_sizer.py:52" in str(refused.value)
    apart = {**CUBIC, "domains": {"thr": (-0.04, -0.01), "ext": (-1.0, -0.05)}}
    refuse_hazards(trace(lift(legacy_sizer.cubic_by_product, **apart)))  # type: ignore[arg-type]


WEIGHTED = lift(legacy_sizer.weighted, fixed=("n",))
PRODUCT = lift(legacy_sizer.cubic_by_product)
PORTABLE = {name: lift(getattr(legacy_sizer, name), libm="dagc") for name in ("cubic", "cubic_by_pow", "decay")}


def test_a_lifted_function_is_the_function() -> None:
    assert [WEIGHTED(x) for x in VALUES] == [legacy_sizer.weighted(x) for x in VALUES]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_its_graph_is_the_function_too(data: st.DataObject) -> None:
    for lane in (WEIGHTED, PRODUCT, *PORTABLE.values()):
        assert_like_python(lane, {}, data)


def test_a_loop_over_a_tunable_number_names_the_way_out() -> None:
    with pytest.raises(CompileError, match=r"legacy_sizer.py:62.*\n(.*\n)*.*fixed=\('n',\)"):
        trace(lift(legacy_sizer.weighted))


@pytest.mark.parametrize(("name", "line"), [("cubic", 41), ("cubic_by_pow", 47), ("decay", 57)])
def test_libm_is_refused_at_its_line_unless_dagc_stands_for_it(name: str, line: int) -> None:
    function = getattr(legacy_sizer, name)
    with pytest.raises(CompileError, match=f"legacy_sizer.py:{line}:.*E066"):
        trace(lift(function))
    trace(PORTABLE[name])


def test_dagc_in_the_place_of_libm_agrees_to_the_last_bit_but_one() -> None:
    lane, original = PORTABLE["cubic"], legacy_sizer.cubic
    for k in range(2000):
        vel_div = -0.05 + 0.03 * k / 2000.0
        assert abs(lane(vel_div, 9.0) - original(vel_div, 9.0)) <= 2.0**-50


def test_what_is_outside_the_language_is_reported_at_its_own_line() -> None:
    with pytest.raises(CompileError, match=r"legacy_sizer.py:68:5: E040"):
        trace(lift(legacy_sizer.unbounded))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"units": {"veldiv": "vd"}}, "units=.*no argument `veldiv`"),
        ({"fixed": ("vel_div",)}, "`vel_div` has no default"),
    ],
)
def test_names_are_checked_when_lifting(options: dict[str, object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        lift(legacy_sizer.cubic, **options)  # type: ignore[arg-type]


def test_only_python_can_be_lifted() -> None:
    with pytest.raises(TypeError, match="not <built-in function len>"):
        lift(len)


def test_a_plain_function_can_be_named_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "legacy.py"
    file.write_text(
        "from dagc import lift\n\ndef half(x):\n    return x / 2\n\nhalved = lift(half, units={'x': 'px'}, returns='px')\n"
    )
    assert units_of(trace(load_lane(f"{file}:half"))) == {"x": "1"}
    assert units_of(trace(load_lane(f"{file}:halved"))) == {"x": "px"}
    assert list(lanes_in_file(str(file))) == ["halved"]
