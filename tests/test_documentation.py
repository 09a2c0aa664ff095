"""The documentation site: its navigation names every page, and its reference all that there is to refer to."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dagc
from dag.diagnostics.codes import CODES
from dag.language.lane import Lane
from dag.operators.table import OPS
from dagc.cli import COMMANDS
from dagc.debugging.drawing.svg import svg_text
from lanes import indicators, sizing
from tests.support.extras import is_installed
from tools import documentation
from tools.concept_pictures import FOLDER, PICTURES

ROOT = Path(__file__).parents[1]
CONFIGURATION = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_the_navigation_names_every_page_once() -> None:
    named = re.findall(r"[\w./-]+\.md", CONFIGURATION.partition("\nnav:\n")[2])
    written = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    pages = {*written, *documentation.MOVED.values(), *documentation.GENERATED}
    assert sorted(named) == sorted(pages), "each page has one line below `nav:` in mkdocs.yml"


@pytest.mark.parametrize(
    ("page", "titles"),
    [
        ("reference/commands.md", [f"dagc {name}" for name in COMMANDS]),
        ("reference/diagnostics.md", [f"{code} {title}" for code, (title, _) in CODES.items()]),
        ("reference/python.md", [f"dagc.{name}" for name in dagc.__all__]),
    ],
)
def test_the_reference_has_a_heading_for_everything(page: str, titles: list[str]) -> None:
    text = documentation.GENERATED[page]()
    assert [each for each in titles if f"\n## {each}\n" not in text] == []


def test_the_reference_has_a_row_for_every_operator() -> None:
    text = documentation.operators()
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [op.name for op in OPS.values()]
    assert "| `add` | `+` | f64, f64 → f64 | IEEE a + b, rounded to nearest even. |\n" in text
    assert "f64[], i64, i64, f64 → f64" in text


def test_whatever_the_reference_names_says_what_it_is() -> None:
    blocks = re.findall(r"```text\n(\w+)([^\n]*)\n\n(.*?)```", documentation.python(), re.DOTALL)
    assert len(blocks) > 80
    assert [name for name, _, text in blocks if not text.strip()] == []


def test_links_lead_to_where_the_site_has_things() -> None:
    page = Path("README.md")
    linked = documentation.linked(
        "[a](docs/live.md#b) [c](CONTRIBUTING.md) ![d](docs/pictures/e.svg) [f](LICENSE)", page
    )
    assert linked == "[a](live.md#b) [c](contributing.md) ![d](pictures/e.svg) f"
    deep = documentation.linked(
        "[a](../CONTRIBUTING.md) [b](how-to/c.md) [d](#e) [f](https://g.h)", Path("docs/guide.md")
    )
    assert deep == "[a](contributing.md) [b](how-to/c.md) [d](#e) [f](https://g.h)"
    assert documentation.linked("[a](../live.md)", Path("docs/how-to/b.md")) == "[a](../live.md)"


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_of_concepts_are_what_is_drawn(name: str, golden: Callable[[str, Path], None]) -> None:
    golden(svg_text(PICTURES[name]), FOLDER / f"{name}.svg")
    assert f"](pictures/{name}.svg)" in (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("broken", [False, True])
def test_the_site_is_built_strictly(broken: bool, tmp_path: Path) -> None:
    if not is_installed("mkdocs-material"):
        pytest.skip("missing: mkdocs-material (pip install 'dagc-compiler[docs]')")
    text = CONFIGURATION.replace("docs_dir: docs", f"docs_dir: {ROOT}/docs").replace("[tools/", f"[{ROOT}/tools/")
    configuration = tmp_path / "mkdocs.yml"
    configuration.write_text(text.replace("  - Glossary: glossary.md\n", "") if broken else text)
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "-f",
        str(configuration),
        "-d",
        str(tmp_path / "site"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) is broken, done.stderr


def test_the_page_of_indicators_lists_each_lane_by_its_docstring() -> None:
    page = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    lanes = [lane for room in (indicators, sizing) for lane in vars(room).values() if isinstance(lane, Lane)]
    assert len(lanes) > 40
    for lane in lanes:
        about = inspect.cleandoc(lane.function.__doc__ or "")
        parts = [
            re.search(rf"^{part}\s+(.*?)(?=\n\S|\Z)", about, re.DOTALL | re.MULTILINE) for part in ("Bits", "Source")
        ]
        bits, source = (" ".join(part[1].split()) if part else "" for part in parts)
        assert bits, f"{lane.name} has no formula"
        assert source, f"{lane.name} has no source"
        says = about.splitlines()[0].rstrip(".")
        row = next(line for line in page.splitlines() if line.startswith(f"| `{lane.name}` |"))
        assert row.startswith(f"| `{lane.name}` | {says} | {bits} |"), row
        assert row.endswith(f"| {source} |"), row
