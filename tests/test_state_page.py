"""The page about state: its lanes compile, its session prints what it says, its layout is the one that is written."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from compile.hazards.search import refuse_hazards
from compile.pipeline import prepare
from dag.files.loading import lanes_in_file
from dag.trace import trace
from dagc.live.kernel import kernel_from_graph

PAGE = (Path(__file__).parents[1] / "docs" / "state.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def test_its_lanes_do_what_its_session_says(tmp_path: Path) -> None:
    file = tmp_path / "state_page.py"
    file.write_text(block("python"), encoding="utf-8")
    lanes = lanes_in_file(str(file))
    for each in ("baseline", "slow_baseline"):
        refuse_hazards(prepare(trace(lanes[each])))
    names = {**lanes["baseline"].function.__globals__, **lanes}
    session = doctest.DocTestParser().get_doctest(block("pycon"), names, "state.md", None, 0)
    assert doctest.DocTestRunner().run(session) == (0, 2)


def test_a_snapshot_has_the_size_that_it_says(tmp_path: Path) -> None:
    file = tmp_path / "state_page.py"
    file.write_text(block("python"), encoding="utf-8")
    graph = prepare(trace(lanes_in_file(str(file))["slow_baseline"]))
    assert len(kernel_from_graph(graph).bind({"q.q": [1, 2, 3]}).snapshot(at=0.0)) == 96 + 8 * len(graph.states) * 3
    assert "96 bytes and 8 for each word of each instance" in " ".join(PAGE.split())
