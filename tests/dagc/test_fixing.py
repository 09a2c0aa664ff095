"""`dagc lint --fix` changes what it can and nothing else; a file that it cannot put right keeps its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from dag.diagnostics.diagnostic import Diagnostic
from dagc.cli import main
from dagc.fixing import run
from dagc.fixing.edits import Edit, Source
from dagc.fixing.remedies import remedy

HEAD = "from typing import Annotated\nfrom dagc import domain, lane, params\n"


def lane(body: str, head: str = HEAD, arguments: str = "x: float, y: float", returns: str = "float") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{head}\n\n@lane\ndef f({arguments}) -> {returns}:\n{lines}"


def fixed(file: Path, text: str | bytes, *options: str) -> tuple[int, bytes, str]:
    """The exit code, the file afterwards, and what was said."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = CliRunner().invoke(main, ["lint", str(file), "--fix", *options])
    return done.exit_code, file.read_bytes(), done.output


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lane("return x / y"), lane("return (x / y if y != 0.0 else 0.0)")),
        (lane("return 2.0 * x / (x + y)"), lane("return (2.0 * x / (x + y) if (x + y) != 0.0 else 0.0)")),
        (lane("ü = 'ü' == 'u'\nreturn 1.0 if ü else x / y"), lane("ü = 'ü' == 'u'\nreturn 1.0 if ü else (x / y if y != 0.0 else 0.0)")),
        (
            lane("return (x  # why\n        / max(x, y))"),
            lane("return ((x  # why\n        / max(x, y) if max(x, y) != 0.0 else 0.0))"),
        ),
        (
            lane("return x / y / (x - y)"),
            lane("return ((x / y if y != 0.0 else 0.0) / (x - y) if (x - y) != 0.0 else 0.0)"),
        ),
        (
            lane("return n // m + n % (m - 1)", arguments="n: Annotated[int, domain(0, 9)], m: Annotated[int, domain(0, 9)]", returns="int"),
            lane(
                "return (n // m if m != 0 else 0) + (n % (m - 1) if (m - 1) != 0 else 0)",
                arguments="n: Annotated[int, domain(0, 9)], m: Annotated[int, domain(0, 9)]",
                returns="int",
            ),
        ),
        (
            lane("return math.sqrt(x - y)", f"import math\n{HEAD}"),
            lane("return math.sqrt(max(x - y, 0.0))", f"import math\n{HEAD}"),
        ),
        (lane("return x", arguments="x: Annotated[float, domain(1.0, 0.0)]"), lane("return x", arguments="x: Annotated[float, domain(0.0, 1.0)]")),
        (
            lane("return x", arguments="x: Annotated[float, domain(lo=9, hi=-9.5)]"),
            lane("return x", arguments="x: Annotated[float, domain(lo=-9.5, hi=9)]"),
        ),
        (
            lane("return min(x, floor(y))"),
            lane("return min(x, floor(y))").replace("lane, params", "floor, lane, params"),
        ),
        (
            lane("return x", HEAD.replace("domain, ", ""), "x: Annotated[float, domain(0.0, 1.0)]"),
            lane("return x", HEAD, "x: Annotated[float, domain(0.0, 1.0)]"),
        ),
        (
            lane("return min(x, floor(y))", "from dagc import (\n    lane,\n    params,  # none yet\n)\n"),
            lane("return min(x, floor(y))", "from dagc import floor\nfrom dagc import (\n    lane,\n    params,  # none yet\n)\n"),
        ),
        (
            lane("return x", "import dagc\n").replace("@lane", "@dagc.lane").replace("return x", "return floor(x)"),
            lane("return x", "import dagc\nfrom dagc import floor\n").replace("@lane", "@dagc.lane").replace("return x", "return floor(x)"),
        ),
    ],
)  # fmt: skip
def test_what_takes_no_thought_is_put_right(before: str, after: str, tmp_path: Path) -> None:
    code, text, said = fixed(tmp_path / "mine.py", before)
    assert text.decode() == after, said
    assert "error" not in said
    assert code == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (lane("x /= y\nreturn x"), "E060"),
        (lane("return x / g(y)").replace("@lane", "@lane\ndef g(x: float) -> float:\n    return x\n\n\n@lane"), "E060"),
        (lane("floor = 2.0 if x > y else floor(x)\nreturn floor"), "E0"),
        (lane("return x", arguments="x: Annotated[float, domain(2.0, above=2.0)]"), "E013"),
        (lane("return x + sqroot(y)"), "E020"),
        (lane("return x / y").replace("\n", "\r\n"), "E060"),
        ("\ufeff" + lane("return x / y"), "E060"),
        (("# coding: latin-1\n# ü\n" + lane("return x / y")).encode("latin-1"), "E060"),
        (lane("return x / y)"), "E001"),
    ],
)
def test_anything_else_is_reported_and_the_file_keeps_its_bytes(text: str | bytes, code: str, tmp_path: Path) -> None:
    exit_code, after, said = fixed(tmp_path / "mine.py", text)
    assert after == (text if isinstance(text, bytes) else text.encode())
    assert exit_code == 1
    assert code in said


def test_a_mistake_in_another_file_is_not_touched(tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text(lane("return x / y").replace("def f", "def ratio"))
    before = other.read_bytes()
    mine = lane("return ratio(x, y) + x / (y - x)", f"from other import ratio\n{HEAD}")
    exit_code, after, said = fixed(tmp_path / "mine.py", mine)
    assert other.read_bytes() == before
    assert b"(x / (y - x) if (y - x) != 0.0 else 0.0)" in after
    assert (exit_code, said.count("E060 Divisor")) == (1, 1)


@pytest.mark.parametrize("text", ["(x / y if y != 0.0 else 'no')", "(x / y", "x / (y + 0.0)"])
def test_a_change_that_does_not_help_is_taken_back(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(diagnostic: Diagnostic, source: Source) -> Edit | None:
        start = source.text.find("x / y")
        return Edit(start, start + len("x / y"), text)

    monkeypatch.setattr(run, "remedy", wrong)
    before = lane("return x / y")
    exit_code, after, said = fixed(tmp_path / "mine.py", before)
    assert after == before.encode()
    assert exit_code == 1
    assert "E060 stays, because " in said


def test_one_change_that_does_not_help_keeps_no_other_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def wrong_for_y(diagnostic: Diagnostic, source: Source) -> Edit | None:
        edit = remedy(diagnostic, source)
        return edit if edit is None or "/ y" not in edit.text else Edit(edit.start, edit.end, "(")

    monkeypatch.setattr(run, "remedy", wrong_for_y)
    _, after, said = fixed(tmp_path / "mine.py", lane("a = x / y\nreturn a + y / x"))
    assert after.decode() == lane("a = x / y\nreturn a + (y / x if x != 0.0 else 0.0)")
    assert "mine.py:7:9: E060 stays" in said


def test_it_says_what_it_changed_and_does_not_go_with_a_report(tmp_path: Path) -> None:
    _, _, said = fixed(tmp_path / "mine.py", lane("return x / y"))
    assert "mine.py:7:12: E060 `x / y` is now `(x / y if y != 0.0 else 0.0)`\n" in said
    exit_code, after, _ = fixed(tmp_path / "mine.py", lane("return x / y"), "--report")
    assert (exit_code, after) == (2, lane("return x / y").encode())
