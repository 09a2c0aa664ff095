"""The pages that a newcomer follows: what they run, runs, and prints what they say it prints."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.extras import is_installed
from tests.support.notebook import as_text, notebook, run_cells
from tests.support.pages import blocks_of, corrected, prints, run, session_in

DOCS = Path(__file__).parents[1] / "docs"
TUTORIAL = DOCS / "tutorial.md"
PAGES = [DOCS.parent / "README.md", TUTORIAL, DOCS / "indicators.md", *sorted((DOCS / "how-to").glob("*.md"))]
#: Packages and programs that a page needs beside those of the tests.
NEEDS = {
    "README": ("pandas",),
    "tutorial": ("verilator", "pyslang"),
    "put-it-on-an-fpga": ("verilator", "pyslang", "iverilog"),
    "port-a-pandas-strategy": ("pandas",),
    "embed-in-c": ("cc", "c++"),
    "embed-in-nautilustrader": ("nautilus_trader", "pandas"),
}


def skip_without(page: Path) -> None:
    """Skip a test where something that `page` needs is not installed."""
    if missing := [each for each in NEEDS.get(page.stem, ()) if not is_installed(each) and shutil.which(each) is None]:
        pytest.skip(f"missing: {', '.join(missing)}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_prints_what_it_says(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest, golden: Callable[[str, Path], None]
) -> None:
    skip_without(page)
    text = page.read_text(encoding="utf-8")
    with session_in(tmp_path) as session:
        wrong = run(text, session)
    drawn = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "pictures").glob("*.svg")}
    if request.config.getoption("--update-golden"):
        page.write_text(corrected(text, wrong), encoding="utf-8")
    for name, picture in drawn.items():
        assert f"pictures/{name})" in text
        golden(picture, DOCS / "pictures" / name)
    if not request.config.getoption("--update-golden"):
        assert [(example.source, example.wanted, got) for example, got in wrong] == []


def test_the_notebook_of_the_tutorial_is_the_page(golden: Callable[[str, Path], None]) -> None:
    golden(as_text(TUTORIAL.read_text(encoding="utf-8")), TUTORIAL.with_suffix(".ipynb"))


@pytest.mark.long
def test_the_cells_of_the_notebook_of_the_tutorial_print_what_is_stored(tmp_path: Path) -> None:
    skip_without(TUTORIAL)
    document = json.loads(TUTORIAL.with_suffix(".ipynb").read_text(encoding="utf-8"))
    with session_in(tmp_path) as session:
        assert run_cells(document, session) == []


def test_a_cell_that_prints_something_else_is_found(tmp_path: Path) -> None:
    page = '# A\n\n```python title="two.py"\ntwo = 2\n```\n\n```pycon\n>>> from two import two\n>>> two\n3\n>>> two + 2\n4\n```\n'
    document = notebook(page)
    assert [cell["cell_type"] for cell in document["cells"]] == ["markdown", "code", "code", "code"]
    with session_in(tmp_path) as session:
        assert run_cells(document, session) == [("from two import two\ntwo", "3", "2\n")]


def test_what_a_page_says_wrongly_is_found_and_put_right(tmp_path: Path) -> None:
    page = (
        '# A page\n\n```python title="half.py"\ndef half(x: float) -> float:\n    return x / 2.0\n```\n\n'
        "```python\nfrom half import half\n```\n\n```pycon\n>>> half(3.0)\n1.25\n>>> half(2.0)\n1.0\n```\n\n"
        '```console\n$ python -c \\\n    "print(2 + 2)"\n5\n$ python -c "print(1)"\n```\n'
    )
    assert [block.language for block in blocks_of(page)] == ["python", "python", "pycon", "console"]
    with session_in(tmp_path) as session:
        wrong = run(page, session)
    assert [got for _, got in wrong] == ["1.5\n", "4\n", "1\n"]
    mended = corrected(page, wrong)
    assert mended == page.replace("1.25", "1.5").replace("\n5\n", "\n4\n").replace('(1)"\n', '(1)"\n1\n')
    with session_in(tmp_path) as session:
        assert run(mended, session) == []


def test_three_dots_stand_for_anything_and_nothing_else_does() -> None:
    assert prints("compiled in ... seconds\n", "compiled in 0.25 seconds\n")
    assert not prints("compiled in 0.25 seconds\n", "compiled in 0.26 seconds\n")
