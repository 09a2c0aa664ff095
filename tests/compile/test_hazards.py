"""What Python would refuse on some row inside the domains is refused when it is built; what is guarded is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import examples.five_factor
from compile.hazards import hazards, refuse_hazards
from compile.pipeline import prepare
from dag import ops
from dag.builder import GraphBuilder
from dag.diagnostics import CompileError, render_all
from dag.domain import whole_domain
from dag.lane import Lane
from dag.loading import lanes_in_file
from dag.trace import trace
from dag.types import F64
from dagc.cli import main as command

HAZARDOUS = Path(__file__).parent / "hazardous"
LIBRARY = sorted(Path(__file__).parents[2].glob("lanes/**/*.py"))
per_depth = lanes_in_file(str(HAZARDOUS / "divisors.py"))["per_depth"]
ACCEPTED = lanes_in_file(str(HAZARDOUS / "accepted.py"))


@pytest.mark.parametrize("program", ["arrays", "divisors", "integers", "lasting"])
def test_the_author_is_told(program: str, golden: Callable[[str, Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.parametrize("file", LIBRARY, ids=lambda path: path.stem)
def test_no_lane_of_the_library_has_a_hazard(file: Path) -> None:
    for each in lanes_in_file(str(file)).values():
        refuse_hazards(prepare(trace(each)))


def test_the_example_has_none() -> None:
    refuse_hazards(prepare(trace(examples.five_factor.five_factor)))


def test_a_build_is_refused(tmp_path: Path) -> None:
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
