"""A page of the documentation as a notebook, and running one without Jupyter.

Prose becomes cells of Markdown. A file becomes a cell that writes it, a command a cell with `!`, a session a cell for each thing
that it prints; what they print stands below them, as on the page.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

from tests.support.pages import FENCE, Block, Example, Session, blocks_of, examples_of, prints

_WRITE = "%%writefile "


def notebook(page: str) -> dict[str, Any]:
    """The page as Jupyter's document, version 4.5."""
    cells = [{"id": f"cell-{number}", "metadata": {}, **cell} for number, cell in enumerate(_cells(page), start=1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def as_text(page: str) -> str:
    """The file that holds the notebook of `page`."""
    return json.dumps(notebook(page), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def run_cells(document: dict[str, Any], session: Session) -> list[tuple[str, str, str]]:
    """Run the cells of a notebook in order; source, stored output and output of every cell that prints something else."""
    wrong: list[tuple[str, str, str]] = []
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            stored = "".join(line for output in cell["outputs"] for line in _text(output))
            got = _ran(source, session)
            if not prints(stored, got):
                wrong.append((source, stored, got))
    return wrong


def _ran(source: str, session: Session) -> str:
    if source.startswith(_WRITE):
        name, _, text = source.removeprefix(_WRITE).partition("\n")
        says = "Overwriting" if (session.folder / name).exists() else "Writing"
        session.write(name, f"{text}\n")
        return f"{says} {name}\n"
    if source.startswith("!"):
        return session.command(source[1:])
    tree = ast.parse(source)
    last = [ast.unparse(tree.body.pop())] if isinstance(tree.body[-1], ast.Expr) else []
    printed = session.execute(ast.unparse(tree) + "\n\n")
    return printed + "".join(map(session.execute, last))


def _text(output: dict[str, Any]) -> list[str]:
    found: list[str] = output["text"] if "text" in output else output["data"]["text/plain"]
    return found


def _cells(page: str) -> Iterator[dict[str, Any]]:
    runs = {block.line: block for block in blocks_of(page)}
    at, written = 0, set[str]()
    for fence in FENCE.finditer(page):
        block = runs.get(page.count("\n", 0, fence.start()) + 1)
        if block is not None:
            yield from _prose(page[at : fence.start()])
            yield from _code(block, written)
            at = fence.end()
    yield from _prose(page[at:])


def _prose(text: str) -> Iterator[dict[str, Any]]:
    if text.strip():
        yield {"cell_type": "markdown", "source": _lines(text.strip())}


def _code(block: Block, written: set[str]) -> Iterator[dict[str, Any]]:
    if block.title is not None:
        says = "Overwriting" if block.title in written else "Writing"
        written.add(block.title)
        yield _cell(f"{_WRITE}{block.title}\n{block.text}", f"{says} {block.title}\n", is_stream=True)
    elif block.language == "python":
        yield _cell(block.text, "", is_stream=True)
    elif block.language == "console":
        for example in examples_of(block):
            yield _cell(f"!{example.source}", example.wanted, is_stream=True)
    else:
        yield from (
            _cell(source, wanted, is_stream="print(" in source) for source, wanted in _joined(examples_of(block))
        )


def _joined(examples: list[Example]) -> Iterator[tuple[str, str]]:
    """The statements of a session, those that print nothing with the next that does."""
    silent = ""
    for example in examples:
        silent += example.source
        if example.wanted:
            yield silent, example.wanted
            silent = ""
    if silent:
        yield silent, ""


def _cell(source: str, printed: str, is_stream: bool) -> dict[str, Any]:
    output: dict[str, Any] = {"output_type": "stream", "name": "stdout", "text": _lines(printed)}
    if not is_stream:
        data = {"text/plain": _lines(printed.rstrip("\n"))}
        output = {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}
    outputs = [output] if printed else []
    return {"cell_type": "code", "execution_count": None, "source": _lines(source.rstrip("\n")), "outputs": outputs}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
