"""The page about axes: its lanes compile, and its session prints what it says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from compile.hazards.search import refuse_hazards
from compile.pipeline import prepare
from dag.files.loading import lanes_in_file
from dag.trace import trace

PAGE = (Path(__file__).parents[1] / "docs" / "axes.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_its_lanes_do_what_its_session_says(tmp_path: Path) -> None:
    file = tmp_path / "axes_page.py"
    (text,) = blocks("python")
    file.write_text(text, encoding="utf-8")
    lanes = lanes_in_file(str(file))
    refuse_hazards(prepare(trace(lanes["relative"])))
    names = {**lanes["relative"].function.__globals__, **lanes}
    session = doctest.DocTestParser().get_doctest("\n".join(blocks("pycon")), names, "axes.md", None, 0)
    assert doctest.DocTestRunner().run(session) == (0, 11)
