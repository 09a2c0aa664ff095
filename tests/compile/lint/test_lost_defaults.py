"""W006: a default of an input is used on numbers only, and lint says so."""

from __future__ import annotations

from pathlib import Path

from compile.front import front
from dag.files.loading import lanes_in_file

LANES = """\
from dataclasses import dataclass
from dagc import lane, lift, params

@params
class Tuned:
    gain: float = 2.0

@dataclass(frozen=True)
class Quote:
    bid: float
    size: float = 1.0

@dataclass(frozen=True)
class Book:
    quote: Quote = Quote(1.0, 3.0)

@lane
def of_field(x: float, q: Quote) -> float:
    return x * q.bid * q.size

@lane
def of_argument(x: float, scale: float = 0.5) -> float:
    return x * scale

@lane
def of_parameter(x: float, p: Tuned) -> float:
    return x * p.gain

@lane
def helper(x: float, scale: float = 0.5) -> float:
    return x * scale

@lane
def calls(x: float) -> float:
    return helper(x)

def plain(x: float, scale: float = 0.5) -> float:
    return x * scale

lifted = lift(plain)
"""


def test_a_default_that_no_row_takes_is_remarked_on(tmp_path: Path) -> None:
    file = tmp_path / "defaults.py"
    file.write_text(LANES)
    found = {
        name: [(each.node, each.got[0].partition(",")[0]) for each in front(lane).remarks if each.code == "W006"]
        for name, lane in lanes_in_file(str(file)).items()
    }
    assert found.pop("of_field") == [("size", "1.0")]
    assert found.pop("of_argument") == [("scale", "0.5")]
    assert not any(found.values()), found
