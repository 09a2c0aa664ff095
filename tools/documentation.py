"""The pages of the documentation site that are made of other files: mkdocs calls `on_files` (mkdocs.yml names this file as a hook).

The home page is README.md, the reference is made of the commands, the diagnostics, the operator table and the docstrings. Each is a
function that returns Markdown; nothing is written beside the site.
"""

from __future__ import annotations

import importlib
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import click  # noqa: E402

import dagc  # noqa: E402
from dag.diagnostics.codes import CODES  # noqa: E402
from dag.operators.op import Op  # noqa: E402
from dag.operators.table import OPS  # noqa: E402
from dag.values.types import Type  # noqa: E402
from dagc.cli import COMMANDS, main  # noqa: E402

#: Pages at the top of the repository, and what they are called on the site.
MOVED = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "SECURITY.md": "security.md",
}
#: What people use besides the names of `dagc` itself: the module, and the names in it.
ALSO = {
    "dagc.live.instance": ("Instance",),
    "dagc.live.outputs": ("Outputs",),
    "dagc.live.run": ("Run", "Rejection"),
    "dagc.live.ports": ("Ports", "Port"),
    "dagc.testing": ("assert_bit_identical",),
}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")


def commands() -> str:
    """Every command with its help text."""
    parts = ["# All commands", "As `dagc COMMAND --help` prints them; [the command line](../command-line.md) explains."]
    group = click.Context(main, info_name="dagc")
    for name in COMMANDS:
        command = main.get_command(group, name)
        assert command is not None
        context = click.Context(command, info_name=f"dagc {name}", max_content_width=100, terminal_width=100)
        parts += [f"## dagc {name}", f"```text\n{command.get_help(context)}\n```"]
    return "\n\n".join(parts) + "\n"


def diagnostics() -> str:
    """Every diagnostic, as `dagc explain` has it."""
    parts = ["# All diagnostics", "As `dagc explain CODE` prints them; [what is checked](../lint.md) explains."]
    for code, (title, text) in sorted(CODES.items()):
        parts += [f"## {code} {title}", text.strip("\n")]
    return "\n\n".join(parts) + "\n"


def operators() -> str:
    """The operator table."""
    rows = [
        f"| `{op.name}` | {f'`{_cell(op.symbol)}`' if op.symbol else ''} | {_signature(op)} | {_cell(op.doc)} |"
        for op in OPS.values()
    ]
    head = ["| name | written | types | means |", "|---|---|---|---|"]
    about = (
        "What a graph is made of, in every backend; [operators](../operators.md) says how each was tried and proved."
    )
    return "\n".join(["# All operators", "", about, "", *head, *rows, ""])


def python() -> str:
    """The public names with their signatures and docstrings."""
    parts = ["# All public names", "Everything that `dir(dagc)` lists; [from Python](../python.md) is a session."]
    for module, names in {"dagc": tuple(dagc.__all__), **ALSO}.items():
        for name in names:
            parts += _described(module, name, getattr(importlib.import_module(module), name))
    return "\n\n".join(parts) + "\n"


GENERATED: Mapping[str, Callable[[], str]] = {
    "reference/commands.md": commands,
    "reference/python.md": python,
    "reference/diagnostics.md": diagnostics,
    "reference/operators.md": operators,
}


def moved(name: str) -> str:
    """A page from the top of the repository with its links as they are on the site."""
    return linked((ROOT / name).read_text(encoding="utf-8"), Path(name))


def linked(text: str, page: Path) -> str:
    """`text` of `page`, a path in the repository, with links to where the site has things; what it does not have is no link."""

    def target(found: re.Match[str]) -> str:
        picture, label, path, anchor = found[1], found[2], found[3], found[4] or ""
        if not path or ":" in path:
            return found[0]
        reached = os.path.normpath(page.parent / path)
        here = MOVED.get(str(page)) or os.path.relpath(page, "docs")
        there = MOVED.get(reached) or (os.path.relpath(reached, "docs") if reached.startswith("docs/") else "")
        if not there:
            return label
        return f"{picture}[{label}]({os.path.relpath(there, Path(here).parent)}{anchor})"

    return _LINK.sub(target, text)


def on_files(files: Any, config: Any, **_: object) -> Any:
    """What mkdocs calls with the files of docs/: adds those that are made."""
    from mkdocs.structure.files import File

    made = {site: moved(name) for name, site in MOVED.items()} | {path: make() for path, make in GENERATED.items()}
    for path, text in made.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:
    """What mkdocs calls with the text of a page: links that leave docs/ lead to where the site has it."""
    is_made = page.file.src_uri in {*MOVED.values(), *GENERATED}
    return markdown if is_made else linked(markdown, Path("docs") / page.file.src_uri)


def _signature(op: Op) -> str:
    takes = ", ".join(map(_type, op.takes))
    return _cell(f"{takes} → {_type(op.gives)}")


def _type(value: object) -> str:
    """How the table writes a type: `f64`, `f64[]` for an array, `T` for any."""
    element = getattr(value, "element", None)
    if element is not None and not isinstance(value, Type):
        return f"{element}[]"
    return str(getattr(value, "value", value))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _described(module: str, name: str, value: Any) -> Iterator[str]:
    yield f"## {module}.{name}"
    yield _documented(name, value)
    if inspect.isclass(value):
        for member, each in vars(value).items():
            if not member.startswith("_") and (callable(each) or isinstance(each, property)):
                yield f"### {name}.{member}"
                yield _documented(member, each)


def _documented(name: str, value: Any) -> str:
    try:
        call = "" if isinstance(value, property) else str(inspect.signature(value))
    except (TypeError, ValueError):
        call = ""
    text = inspect.getdoc(value) or ""
    return f"```text\n{name}{call}\n\n{text}\n```"
