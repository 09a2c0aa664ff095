"""`dagc stub`: what a type checker then accepts of programs that use a bundle, and what it does not."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from dag.files.loading import load_lane
from dagc.building.running import prepared
from dagc.cli import main
from dagc.live.stub import stub_text
from tests.support.extras import is_installed

ROOT = Path(__file__).parents[2]

LANES = '''
"""Ports of every kind and name."""
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from dagc import carry, domain, lane, params, unit


class Side(Enum):
    BUY = 0
    SELL = 1


@params
class Band:
    width: Annotated[float, unit("px"), domain(0.0, 9.0)]
    side: Side = Side.BUY


@dataclass(frozen=True)
class Quote:
    low: Annotated[float, unit("px")]
    count: int
    rejected: Annotated[float, unit("px")]


@lane
def plain(price: Annotated[float, unit("px")], is_open: bool, way: Side, p: Band) -> tuple[Annotated[float, unit("px")], Side]:
    """Inputs that can be keywords."""
    total = carry(initial=as_unit(0.0, "px"))
    total = total + (price if is_open else p.width)
    kept = way if is_open else p.side
    return total, kept


@dataclass(frozen=True)
class Book:
    bid: Annotated[float, unit("px")]
    n: int


@lane
def dotted(a: Book, b: Book, p: Band, q: Band) -> Quote:
    """Inputs and parameters whose names have dots, and an output named like an attribute of every result."""
    return Quote(a.bid + b.bid, a.n, p.width + q.width)
'''.replace("domain, lane", "as_unit, domain, lane")

GOOD = """
import dagc
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotted import Kernel as Dotted
    from plain import Kernel, Outputs


class Side(Enum):
    BUY = 0


def run(engine: "Outputs") -> float:
    return engine.result__0 + engine.result__1


def main() -> None:
    kernel: Kernel = dagc.load("plain")
    live = kernel.bind({"width": 1.0, "side": "SELL"})
    bar = live.step(price=1.0, is_open=True, way=Side.BUY)
    again = live.step({"price": 1.0, "is_open": False, "way": 1})
    print(run(bar), again.rejected, again.offender, live.tap("total"), live.tap("input:price"))
    other: Dotted = dagc.load("dotted")
    result = other.bind({"p.width": 1.0, "q.width": 2.0}).step({"a.bid": 1.0, "a.n": 1, "b.bid": 2.0, "b.n": 2})
    print(result.low, result.count, result.rejected_)
"""
#: Each replaces a piece of GOOD, and the checker refuses it at that line.
WRONG = {
    '{"width": 1.0, "side": "SELL"}': '{"side": "SELL"}',
    '"side": "SELL"': '"side": "SEL"',
    "price=1.0, is": "prize=1.0, is",
    '"price": 1.0, ': "",
    '"is_open": False': '"is_open": "no"',
    "again.rejected,": "again.rejekted,",
    "engine.result__0 +": "engine.total +",
    '"q.width": 2.0': '"q.width": None',
    '"b.n": 2': '"b.n": 2, "c.n": 3',
    "result.count": "result.counts",
}


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stubs")
    file = folder / "lanes_of_all_kinds.py"
    file.write_text(LANES)
    for name in ("plain", "dotted"):
        (folder / f"{name}.pyi").write_text(stub_text(prepared(load_lane(f"{file}:{name}")).graph, is_pinned=False))
    return folder


def told(folder: Path, programs: Mapping[str, str]) -> dict[str, list[int]]:
    """The lines of each program in which mypy, strict, finds a mistake. What the stubs import is taken as it is; that what
    `dagc.load` returns fits them, `make lint` finds out of tests/dagc/typed.
    """
    for name, program in programs.items():
        (folder / f"{name}.py").write_text(program)
    files = [*(f"{name}.py" for name in programs), "plain.pyi", "dotted.pyi"]
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=skip", "--config-file=", "--cache-dir=cache"]
    done = subprocess.run([*command, *files], cwd=folder, capture_output=True, text=True, check=False)
    found: dict[str, list[int]] = {name: [] for name in programs}
    for name, line in re.findall(r"^(\w+)\.pyi?:(\d+): error", done.stdout, re.MULTILINE):
        found.setdefault(name, []).append(int(line))
    assert "error" in done.stdout or "Success" in done.stdout, done.stdout + done.stderr
    return found


def test_a_type_checker_accepts_right_uses_and_refuses_every_wrong_one(stubs: Path) -> None:
    if not is_installed("mypy"):
        pytest.skip("missing: mypy (pip install 'dagc-compiler[dev]')")
    programs, lines = {"good": GOOD}, dict[str, int]()
    for number, (right, wrong) in enumerate(WRONG.items()):
        name, broken = f"wrong_{number}", GOOD.replace(right, wrong, 1)
        pairs = zip(GOOD.splitlines(), broken.splitlines(), strict=True)
        (lines[name],) = [line for line, (before, after) in enumerate(pairs, start=1) if before != after]
        programs[name] = broken
    found = told(stubs, programs)
    assert found.pop("good") == []
    assert {name: set(where) for name, where in found.items()} == {name: {line} for name, line in lines.items()}


def test_what_load_returns_fits_the_stub(golden: Callable[[str, Path], None]) -> None:
    graph = prepared(load_lane(f"{ROOT}/examples/first_lane.py:conviction")).graph
    golden(stub_text(graph, is_pinned=False), Path(__file__).parent / "typed" / "conviction.pyi")


def test_the_command_writes_it_beside_the_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "first"
    runner = CliRunner()
    lane = f"{ROOT}/examples/first_lane.py:strength"
    assert runner.invoke(main, ["build", lane, "-o", str(bundle), "--quick", "--rows", "64"]).exit_code == 0
    done = runner.invoke(main, ["stub", str(bundle)])
    assert (done.exit_code, done.output) == (0, f"wrote {tmp_path / 'first.pyi'}\n")
    assert "def step(self, *, vel_div: float) -> Outputs: ..." in (tmp_path / "first.pyi").read_text()
    assert runner.invoke(main, ["verify", str(bundle), "--quick"]).exit_code == 0, "the bundle is as it was"
    assert runner.invoke(main, ["stub", str(tmp_path / "none")]).exit_code == 2
