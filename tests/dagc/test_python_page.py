"""The page about dagc from Python: its lane compiles, its session prints what it says, its test passes, and fails where it should."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import pytest

from dag.files.loading import load_module

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What its Python blocks define, as of one file."""
    file = tmp_path / "page.py"
    file.write_text("\n\n".join(blocks("python")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return vars(load_module(str(file)))


def test_its_session_prints_what_it_says(names: dict[str, Any]) -> None:
    session = doctest.DocTestParser().get_doctest("\n".join(blocks("pycon")), names, "python.md", None, 0)
    result = doctest.DocTestRunner().run(session)
    assert (result.failed, result.attempted) == (0, 10)


def test_its_test_passes_and_sees_another_formula(names: dict[str, Any]) -> None:
    names["test_position"]()

    class Faster:
        def __init__(self, speed: float, most: float) -> None:
            self.position = names["Position"](speed, most)

        def step(self, price: float) -> float:
            return float(self.position.step(price)) * (1.0 + 2.0**-52)

    with pytest.raises(AssertionError, match=r"position against .*Faster: DIFFERS"):
        names["assert_bit_identical"](names["position"], oracle=Faster, backends=["interpreter", "c"])
