"""Messages count as people do: one row, two rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from dag import carry, lane
from dag.diagnostics.wording import counted
from dagc.building.running import graph_of
from dagc.cli import main
from dagc.live.kernel import kernel_from_graph

HERE = Path(__file__)


@lane
def alone(x: float) -> float:
    """One input, one state."""
    last = carry(initial=0.0)
    moved = x - last
    last = x
    return moved


@pytest.mark.parametrize(("number", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1024, "1,024 rows")])
def test_a_number_and_what_it_counts(number: int, said: str) -> None:
    assert counted(number, "row") == said


@pytest.fixture(scope="module")
def bar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("wording") / "bar.csv"
    file.write_text("x\n1.5\n")
    return file


def test_one_of_anything_is_no_plural(bar: Path) -> None:
    built, target = bar.parent / "built", f"{HERE}:{alone.name}"
    said = ""
    for arguments in (
        ("build", target, "--emit", "interpreter,c", "--rows", "1", "-o", built),
        ("check", target, "--data", bar, "--backends", "interpreter"),
        ("inspect", built),
        ("replay", built, "--data", bar, "-o", bar.parent / "replayed"),
        ("verify", built),
        ("lint", HERE),
    ):
        done = CliRunner().invoke(main, [str(each) for each in arguments])
        assert done.exit_code == 0, done.output
        said += done.output
    assert {"1 input", "1 state", "1 row", "1 bar", "1 file", "1 lane"} <= set(re.findall(r"\b1 [a-z]+\b", said))
    assert not re.findall(r"\b1 [a-z]+s\b", said)


def test_nor_in_a_live_engine() -> None:
    kernel = kernel_from_graph(graph_of(f"{HERE}:{alone.name}"))
    assert repr(kernel.bind([{}])) == "<1 instance of alone>"
