"""Writing a new project out of the texts in `template`: `NAME` in them is its name, `CLASS` that of its parameters."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import keyword
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

_SUFFIX = ".txt"
_NAME, _CLASS = "NAME", "CLASS"


class NameTaken(Exception):
    """Nothing can be called that; the message says why, and what to do."""


def project_files(name: str) -> Mapping[str, str]:
    """The files of a project called `name`, by their names. Raises NameTaken."""
    template = {
        each.name.removesuffix(_SUFFIX): each.read_text(encoding="utf-8")
        for each in files("dagc.scaffolding").joinpath("template").iterdir()
        if each.name.endswith(_SUFFIX)
    }
    if (why := _why_not(name, template)) is not None:
        raise NameTaken(
            f"a lane cannot be called `{name}`: {why}\n  fix  choose another name, such as my_{_word(name)}"
        )
    made = {file: _named(text, name) for file, text in template.items()}
    return {_named(file, name): made[file] for file in sorted(made)}


def write_project(name: str, folder: Path) -> list[Path]:
    """Write the project into `folder`, which must not exist, and return its files. Raises NameTaken, OSError."""
    made = project_files(name)
    folder.mkdir(parents=True)
    for file, text in made.items():
        (folder / file).write_text(text, encoding="utf-8")
    return [folder / file for file in made]


def _named(text: str, name: str) -> str:
    return re.sub(rf"(?<![A-Za-z]){_NAME}(?![A-Za-z])", name, re.sub(rf"\b{_CLASS}\b", _class_of(name), text))


def _class_of(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_")) + "Params"


def _word(name: str) -> str:
    """What of `name` can be part of a name."""
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_") or "lane"


def _why_not(name: str, template: Mapping[str, str]) -> str | None:
    if not name.isidentifier() or not name.isascii():
        return "it is no name of a Python module and function"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or hasattr(builtins, name):
        return "Python has a meaning for it"
    if name in _names_in(template) or f"{name}.py" in template:
        return "the files of the project use that name for something else"
    if _is_module(name):
        return "a Python module is called so, which it would hide"
    return None


def _names_in(template: Mapping[str, str]) -> set[str]:
    """Every name that the Python of the template uses."""
    trees = [ast.parse(text) for file, text in template.items() if file.endswith(".py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    used = {node.id for node in nodes if isinstance(node, ast.Name)} | {n.arg for n in nodes if isinstance(n, ast.arg)}
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imported = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    return (used | defined | imported) - {_NAME}


def _is_module(name: str) -> bool:
    """Whether `import` would find something; a mere folder of that name does not count."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return True
    return spec is not None and spec.origin is not None
