"""Running a page of the documentation as its reader would, and putting into it what it prints today.

The fenced blocks of a page are read in order, in one folder and one Python session:

    ```python title="rsi.py"      any language with a title: a file of that name
    ```python                     statements
    ```pycon                      a session: what follows `>>>` prints what stands below it
    ```console                    `$ dagc ...`, `$ python ...`, `$ pytest ...`, `$ ... && ...` and what they print, errors too

`...` in what is printed stands for anything. Blocks of other languages, and those without one, are not run.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from dagc.cli import main

#: A fenced block with a language: that, its title, its text.
FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_RUN = ("python", "pycon", "console")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is, if it is one, its text, and the page's line of its first line, from 0."""

    language: str
    title: str | None
    text: str
    line: int


@dataclass(frozen=True)
class Example:
    """Something to run, and what it is to print: the lines `first` to `last` of its page, the latter excluded."""

    source: str
    wanted: str
    first: int
    last: int


def blocks_of(page: str) -> list[Block]:
    """The blocks of a page that are files or are run, in its order."""
    found = [Block(each[1], each[2], each[3], page.count("\n", 0, each.start(3))) for each in FENCE.finditer(page)]
    return [each for each in found if each.title or each.language in _RUN]


def examples_of(block: Block) -> list[Example]:
    """What a block of `pycon` or `console` runs."""
    return _statements(block) if block.language == "pycon" else _commands(block)


def _statements(block: Block) -> list[Example]:
    found = []
    for each in doctest.DocTestParser().get_examples(block.text):
        first = block.line + each.lineno + each.source.count("\n")
        found.append(Example(each.source, each.want, first, first + each.want.count("\n")))
    return found


def _commands(block: Block) -> list[Example]:
    lines = block.text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = start
        while lines[last].endswith("\\"):
            last += 1
        command = " ".join(each.removesuffix("\\").strip() for each in lines[start : last + 1]).removeprefix("$ ")
        wanted = "".join(f"{line}\n" for line in lines[last + 1 : end])
        found.append(Example(command, wanted, block.line + last + 1, block.line + end))
    return found


def prints(wanted: str, got: str) -> bool:
    """Whether `got` is what a page says."""
    return doctest.OutputChecker().check_output(_trimmed(wanted), _trimmed(got), doctest.ELLIPSIS)


def _trimmed(text: str) -> str:
    """Without what nobody sees: blanks at the ends of lines, empty lines at the end."""
    return "\n".join(map(str.rstrip, text.rstrip().splitlines())) + "\n"


class Session:
    """A folder, and the names of a Python session in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "__page__"}
        self._cells = 0

    def write(self, name: str, text: str) -> None:
        """A file that the page shows."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def execute(self, text: str) -> str:
        """Run statements as a cell, and return what they print; the value of a single expression is printed."""
        self._cells += 1
        file = self.folder / ".cells" / f"cell_{self._cells}.py"
        self.write(f".cells/{file.name}", text)
        mode = "single" if text.count("\n") <= 1 else "exec"
        with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(printed):
            exec(compile(text, str(file), mode), self.names)
        return printed.getvalue()

    def command(self, command: str) -> str:
        """Run a command, and return what it prints."""
        name, *arguments = shlex.split(command)
        if name == "dagc":
            done = CliRunner().invoke(main, arguments)
            assert done.exit_code in (0, 1), done.output
            return done.output
        if "&&" in command:
            found = subprocess.run(command, cwd=self.folder, shell=True, capture_output=True, text=True, check=False)
            return found.stdout + found.stderr
        python = {"python": [sys.executable], "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]}[
            name
        ]
        found = subprocess.run(
            [*python, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return found.stdout


@contextlib.contextmanager
def session_in(folder: Path) -> Iterator[Session]:
    """A session in `folder`, whose modules are importable meanwhile."""
    before, loaded = [*sys.path], {*sys.modules}
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            yield Session(folder)
    finally:
        sys.path[:] = before
        for name in {*sys.modules} - loaded:
            origin = getattr(sys.modules[name], "__file__", None) or ""
            if Path(origin).is_relative_to(folder):
                del sys.modules[name]


def run(page: str, session: Session) -> list[tuple[Example, str]]:
    """Run a page; every example that prints something else, with what it prints."""
    wrong: list[tuple[Example, str]] = []
    for block in blocks_of(page):
        if block.title is not None:
            session.write(block.title, block.text)
        elif block.language == "python":
            session.execute(block.text)
        else:
            call = session.execute if block.language == "pycon" else session.command
            for example in examples_of(block):
                got = call(example.source)
                if not prints(example.wanted, got):
                    wrong.append((example, got))
    return wrong


def corrected(page: str, wrong: Sequence[tuple[Example, str]]) -> str:
    """The page with what its examples print today."""
    lines = page.splitlines(keepends=True)
    for example, got in reversed(wrong):
        lines[example.first : example.last] = got.rstrip("\n").splitlines(keepends=True) + ["\n"] * bool(got.strip())
    return "".join(lines)
