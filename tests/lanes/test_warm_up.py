"""The bar from which on a value is that of a full period, as the page of indicators states it."""

from __future__ import annotations

import math
import re
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.lanes.oracles.indicators import ORACLES

PAGE = (Path(__file__).parents[2] / "docs" / "indicators.md").read_text(encoding="utf-8")
STATED = dict(re.findall(r"^\| `(\w+)` \|.*\| `([^`|]+)` \| [^|]+ \|$", PAGE, re.MULTILINE))
BINDINGS = [
    {"n": 5, "fast": 3, "slow": 7, "signal": 4, "k": 3, "d": 2},
    {"n": 16, "fast": 6, "slow": 4, "signal": 2, "k": 2, "d": 6},
]
OTHERS = {"width": 2.0, "year": 252.0, "q": 0.5, "step": 0.02, "most": 0.2, "move": 0.01, "turn": 0.01, "seen": 1.0}


class Bar(dict[str, Any]):
    """Parameters, and a price for every input."""

    def __missing__(self, name: str) -> float:
        return 100.0


def test_every_indicator_has_a_stated_warm_up() -> None:
    assert set(STATED) == set(ORACLES)


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("binding", BINDINGS, ids=["short", "long"])
def test_it_is_warm_from_the_stated_bar_on(name: str, binding: dict[str, int]) -> None:
    bars = islice(ORACLES[name](Bar({**OTHERS, **binding}) for _ in range(100)), 100)
    warm = [bool(said.get("warm", True)) for said in bars]
    first = eval(STATED[name], {"isqrt": math.isqrt, "max": max}, dict(binding))
    assert warm == [False] * (first - 1) + [True] * (100 - first + 1)
