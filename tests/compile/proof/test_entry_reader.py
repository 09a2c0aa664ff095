"""The flat interface read back: what was emitted is proved, and no changed text is; nor is a kernel without its guards."""

from __future__ import annotations

import re

import pytest

from compile.backend import Files
from compile.c.backend import C
from compile.campaign.drawing.random_graph import random_graph
from compile.proof.c.batch_reader import BatchReader
from compile.proof.c.entry_reader import EntryReader
from compile.proof.c.row_reader import RowReader
from compile.proof.c.text import blocks, without_comments
from compile.proof.core.judge import judge
from compile.proof.core.prove import sentence
from compile.proof.core.verdict import Proved, Reader, Unproved
from tests.compile.c.test_examination import FAULTS, GRAPH, GRAPHS

READERS: dict[str, Reader] = {"kernel.c": RowReader(), "batch.c": BatchReader(), "entry.c": EntryReader()}


@pytest.fixture(scope="module")
def files() -> Files:
    return C().lower(GRAPH)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_interface_of_any_graph_is_proved(name: str) -> None:
    graph = GRAPHS[name]()
    verdict = judge(graph, EntryReader(), C().lower(graph))
    assert isinstance(verdict, Proved), verdict.page()
    assert sentence(verdict) == (
        "entry.c: proved: every entry as it was reviewed; counts, sizes, names and hash are the graph's"
    )


def test_the_interface_of_another_graph_is_not(files: Files) -> None:
    other = random_graph(1, 20)
    assert isinstance(judge(GRAPH, EntryReader(), {**files, "entry.c": C().lower(other)["entry.c"]}), Unproved)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_reading(name: str, files: Files) -> None:
    fault = FAULTS[name]
    verdict = judge(GRAPH, READERS[fault.file], fault.planted(files))
    assert isinstance(verdict, Unproved), name


ADDED = {
    "a constructor": "__attribute__((constructor)) static void dagc_first(void)\n{\n}\n",
    "a function more": "int64_t dagc_more(void)\n{\n    return 0;\n}\n",
    "a pragma": "#pragma STDC FP_CONTRACT ON\n",
    "a pragma in the language": '_Pragma("GCC optimize (\\"fast-math\\")")\n',
    "what only another compiler sees": "#ifdef __clang__\n#define memcpy(a, b, c)\n#endif\n",
    "another name of a type": "#define int64_t int\n",
    "assembler": 'asm(".globl dagc_more");\n',
    "a digraph": "%:define int64_t int\n",
}


@pytest.mark.parametrize("file", READERS)
@pytest.mark.parametrize("name", ADDED)
def test_what_is_added_is_not_read_over(name: str, file: str, files: Files) -> None:
    text = files[file].decode()
    head, include, rest = text.partition('#include "kernel.h"\n')
    for changed in (
        f"{head}{ADDED[name]}\n{include}{rest}",
        f"{head}{include}\n{ADDED[name]}{rest}",
        f"{text}\n{ADDED[name]}",
    ):
        assert isinstance(judge(GRAPH, READERS[file], {**files, file: changed.encode()}), Unproved), changed


@pytest.mark.parametrize("file", READERS)
@pytest.mark.parametrize("end", ["*\\\n/", "*\\ \n/", "*??/\n/"], ids=["joined", "joined over a space", "a trigraph"])
def test_no_comment_ends_where_only_a_compiler_sees_it(end: str, file: str, files: Files) -> None:
    hidden = f"/* {end}\n#define memcpy(a, b, c)\n/* */\n"
    verdict = judge(GRAPH, READERS[file], {**files, file: files[file] + hidden.encode()})
    assert isinstance(verdict, Unproved)
    assert "goes on in the next" in verdict.reason


@pytest.mark.parametrize("file", READERS)
def test_comments_and_spacing_are_free(file: str, files: Files) -> None:
    text = files[file].decode().replace("\n{\n", "\n{ /* a word, 'another' \"one\" // here */\n\t", 1)
    verdict = judge(GRAPH, READERS[file], {**files, file: f"/* first */\n{text}/* last */\n".encode()})
    assert isinstance(verdict, Proved), verdict.page()


@pytest.mark.parametrize("file", [*READERS, "kernel.h"])
def test_no_block_may_be_missing(file: str, files: Files) -> None:
    """Each block of text between blank lines taken out in turn: guards, helpers, entries, declarations."""
    text = files[file].decode()
    reader = READERS.get(file, READERS["entry.c"])
    lines = text.split("\n")
    missed: list[str] = []
    found = list(blocks(without_comments(text)))
    for block in found:
        size = block.text.count("\n") + 1
        changed = "\n".join([*lines[: block.line - 1], *lines[block.line - 1 + size :]])
        if isinstance(judge(GRAPH, reader, {**files, file: changed.encode()}), Proved):
            missed.append(block.text)
    assert len(found) > 15
    assert not missed, "\n\n".join(missed)


@pytest.mark.parametrize("file", ["kernel.c", "batch.c"])
def test_a_kernel_without_its_guard_is_not_proved(file: str, files: Files) -> None:
    text = re.sub(r"#if FLT_EVAL_METHOD.*?#endif\n", "", files[file].decode(), flags=re.DOTALL)
    assert text.encode() != files[file]
    verdict = judge(GRAPH, READERS[file], {**files, file: text.encode()})
    assert isinstance(verdict, Unproved)
    assert "is missing" in verdict.reason
