"""The emitted C, read back: what was emitted is proved, and no changed file is."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest

from compile.backend import Files
from compile.c.backend import C
from compile.campaign.drawing.random_graph import random_graph
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from compile.proof.c import reviewed as reviewed_c
from compile.proof.c.batch_reader import BatchReader
from compile.proof.c.entry_reader import EntryReader
from compile.proof.c.parsing import counted, function_body
from compile.proof.c.row_reader import RowReader
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved, Reader, Unproved, Unreadable
from compile.proof.python.reader import PythonReader
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.lookups import lookup_in
from dag.operators.table import IADD
from dag.trace import trace
from dag.values.domain import interval
from dag.values.types import I64
from dagc.building.running import graph_of
from tests.support.c_mutants import mutants
from tests.support.review_c_helpers import listed
from tests.support.tiers import count, only
from tests.support.windowed_lanes import over

ROOT = Path(__file__).parents[3]
FIRST_LANE = f"{ROOT}/examples/first_lane.py:conviction"
FIVE_FACTOR = f"{ROOT}/examples/five_factor.py:five_factor"


READERS: list[Reader] = [RowReader(), BatchReader()]
_NAMES = [reader.artifact for reader in READERS]


@pytest.mark.parametrize("reader", READERS, ids=_NAMES)
@pytest.mark.parametrize("target", [FIRST_LANE, FIVE_FACTOR])
def test_examples_are_proved(target: str, reader: Reader) -> None:
    graph = graph_of(target)
    verdict = judge(graph, reader, C().lower(graph))
    assert isinstance(verdict, Proved), verdict.page()
    assert verdict.nodes == len(graph.single_values())


@pytest.mark.parametrize("reader", READERS, ids=_NAMES)
@pytest.mark.parametrize("seed", only(range(8), {0, 1, 3}.__contains__))
def test_random_graphs_are_proved(seed: int, reader: Reader) -> None:
    graph = random_graph(seed, 60 + 30 * seed, arrays=seed % 2 == 1, folds=seed % 4 == 3)
    verdict = judge(graph, reader, C().lower(graph))
    assert isinstance(verdict, Proved), verdict.page()


@pytest.mark.parametrize("reader", READERS, ids=_NAMES)
def test_every_mutant_of_a_random_graph_is_found(reader: Reader) -> None:
    """One in ten of them, in `make long` one in five; all of them were found when this was written."""
    graph = random_graph(2, 40, arrays=True, folds=True)
    files = C().lower(graph)
    wrong, found = [], 0
    for mutant in islice(mutants(files[reader.file]), 0, None, count(10, 5)):
        verdict = judge(graph, reader, {**files, reader.file: mutant.text})
        found += isinstance(verdict, Unproved)
        if isinstance(verdict, Proved) is not mutant.is_equal:
            wrong.append(f"{mutant.what}: {mutant.text.decode().split(chr(10))[mutant.line - 1]}: {verdict}")
    assert not wrong, "\n".join(wrong[:5])
    assert found > count(25, 50)


_LOOPS = [
    ("kernel.c", "for (int dagc_k = 0; dagc_k < 11; dagc_k++)", "for (int dagc_k = 1; dagc_k < 11; dagc_k++)"),
    ("kernel.c", "for (int dagc_k = 0; dagc_k < 11; dagc_k++)", "for (int dagc_k = 0; dagc_k < 10; dagc_k++)"),
    ("kernel.c", "[(dagc_k + 1) % 11]", "[(dagc_k + 2) % 11]"),
    ("kernel.c", "[(dagc_k + 1) % 11]", "[dagc_k]"),
    ("kernel.c", "[dagc_k];", "[(dagc_k + 1) % 11];"),
    ("kernel.c", ", 11, ", ", 10, "),
    ("kernel.c", "dagc_fold_add(", "dagc_fold_max("),
    ("kernel.c", "dagc_fold_add(", "dagc_fold_add(0, "),
    ("batch.c", "for (int dagc_k = 0; dagc_k < 11; dagc_k++)", "for (int dagc_k = 1; dagc_k < 11; dagc_k++)"),
    ("batch.c", "11, (dagc_k + 1) % 11, dagc_at", "11, dagc_k, dagc_at"),
    ("batch.c", "dagc_fold_adds(", "dagc_fold_maxs("),
    ("interpreter.py", "zip(", "zip(*"),
    ("interpreter.py", "rotated(", "tuple("),
    ("interpreter.py", "fold_add(", "fold_max("),
    ("interpreter.py", "for each in past", "for each in kept"),
]


@pytest.fixture(scope="module")
def over_windows() -> tuple[Graph, Files]:
    graph = prepare(trace(over))
    return graph, {**Interpreter().lower(graph), **C().lower(graph)}


def test_windows_are_proved(over_windows: tuple[Graph, Files]) -> None:
    graph, files = over_windows
    for reader in (PythonReader(), *READERS):
        verdict = judge(graph, reader, files)
        assert isinstance(verdict, Proved), verdict.page()


@pytest.mark.parametrize(("file", "old", "new"), _LOOPS)
def test_a_wrong_loop_over_a_window_is_found(over_windows: tuple[Graph, Files], file: str, old: str, new: str) -> None:
    """Each place that has the text, one at a time; the helpers around are left alone."""
    graph, files = over_windows
    text = files[file].decode()
    reader = next(each for each in (PythonReader(), *READERS) if each.file == file)
    begin = text.index("def step" if file.endswith(".py") else "dagc_state->" if file == "kernel.c" else "dagc_read(&")
    places = [match.start() for match in re.finditer(re.escape(old), text) if match.start() > begin]
    assert places
    for place in places[:3]:
        changed = text[:place] + new + text[place + len(old) :]
        assert isinstance(judge(graph, reader, {**files, file: changed.encode()}), Unproved), changed[
            place - 80 : place + 80
        ]


def test_every_helper_was_reviewed() -> None:
    """Text around the graph's functions that nobody reviewed would leave every kernel unproved."""
    for name, each in listed().items():
        assert [(of, block.digest) for of, block in each] == list(getattr(reviewed_c, name)), (
            f"{name} changed: read it, run the operator tests, then python -m tests.support.review_c_helpers --update"
        )


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("kernel.c", "#if FLT_EVAL_METHOD != 0 ||", "#if", "is not as it was reviewed"),
        ("kernel.c", '#include "kernel.h"\n', '#include "kernel.h"\n#define double float\n', "is not as it was reviewed"),
        ("kernel.c", "    return status;", "    return 0;", "the status returned is not the graph's"),
        ("kernel.c", "    return status;", "    dagc_out->status = 0;\n    return status;", "written twice"),
        ("kernel.c", "_row(dagc_in, dagc_params, dagc_state, dagc_out, 0)", "_row(dagc_in, 0, 0, 0, 0)", "reviewed"),
        ("kernel.h", "    double vel_div;", "    float vel_div;", "expected `double vel_div;`"),
        ("kernel.h", "#define DAGC_conviction_NODES ", "#define DAGC_conviction_NODES 1", "_NODES 65`"),
        ("kernel.c", "#include <float.h>", "#include <other.h>", "is not as it was reviewed"),
        ("kernel.c", "    if (DAGC_TAPPED) {", "#ifdef X\n    if (DAGC_TAPPED) {\n#endif", "directive inside"),
        ("kernel.c", "    if (DAGC_TAPPED) {", "    if (!DAGC_TAPPED) {", "condition"),
        ("batch.c", "block += DAGC_BLOCK", "block += DAGC_LANES", "is not as it was reviewed"),
        ("batch.c", "return dagc_count(status, dagc_at);", "return dagc_count((dagc_i64s){0}, dagc_at);", "the status returned is not the graph's"),
    ],
)  # fmt: skip
def test_what_stands_around_the_arithmetic_is_read_too(file: str, old: str, new: str, reason: str) -> None:
    graph = graph_of(FIRST_LANE)
    files: Files = C().lower(graph)
    text = files[file].decode()
    assert old in text
    reader = BatchReader() if file == "batch.c" else RowReader()
    verdict = judge(graph, reader, {**files, file: text.replace(old, new).encode()})
    assert isinstance(verdict, Unproved)
    assert reason in verdict.reason


@pytest.fixture(scope="module")
def looking_up() -> tuple[Graph, Files]:
    builder = GraphBuilder("looking_up")
    builder.open_scope("", "looking_up")
    n = builder.input("n", I64, "1", interval(I64))
    builder.output("found", builder.op(lookup_in((5, 7)), (builder.op(IADD, (n, n)),)), 0)
    builder.close_scope()
    graph = prepare(builder.freeze())
    return graph, C().lower(graph)


_HIDING = [
    ("kernel.c", "int64_t {}[2];"),
    ("kernel.c", "const int64_t {} = n;"),
    ("batch.c", "dagc_i64s {}[2];"),
    ("batch.c", "const dagc_i64s {} = n;"),
]


@pytest.mark.parametrize("called", ["dagc_table", "dagc_iadd"])
@pytest.mark.parametrize(("file", "declared"), _HIDING)
def test_no_variable_hides_a_table_or_a_helper(
    looking_up: tuple[Graph, Files], file: str, declared: str, called: str
) -> None:
    """In C a lookup reads what is called so nearest to it: GCC passes an array of another type with a warning."""
    graph, files = looking_up
    text = files[file].decode()
    (name,) = set(re.findall(rf"\b{called}\w*(?=[(\[])", text))
    changed = re.sub(r"^( +)(const \w+ n = .*\n)", rf"\1\2\1{declared.format(name)}\n", text, flags=re.MULTILINE)
    assert changed != text
    reader = next(each for each in READERS if each.file == file)
    verdict = judge(graph, reader, {**files, file: changed.encode()})
    assert isinstance(verdict, Unproved)
    assert f"`{name}` hides" in verdict.reason


@pytest.mark.parametrize(("file", "helper"), [("kernel.c", "dagc_lookup"), ("batch.c", "dagc_lookups")])
@pytest.mark.parametrize("arguments", ["()", "(dagc_iadd)", "(1, 2, 3, 4)"])
def test_a_lookup_has_a_table_its_length_and_a_place(
    looking_up: tuple[Graph, Files], file: str, helper: str, arguments: str
) -> None:
    graph, files = looking_up
    text = re.sub(rf"(= {helper})\(.*?\);", rf"\1{arguments};", files[file].decode())
    reader = next(each for each in READERS if each.file == file)
    assert isinstance(judge(graph, reader, {**files, file: text.encode()}), Unproved)


#: What is wrong -> a text of the loop over whole vectors, or of the parts that it calls, and what stands in its place.
_WRONG_VECTORS = {
    "another port's column": ("dagc_along(&dagc_inputs[0], dagc_from.bar", "dagc_along(&dagc_inputs[1], dagc_from.bar"),
    "a parameter at a bar": ("dagc_along(&dagc_params[0], 0,", "dagc_along(&dagc_params[0], dagc_from.bar,"),
    "an input at the first bar": ("dagc_along(&dagc_inputs[0], dagc_from.bar,", "dagc_along(&dagc_inputs[0], 0,"),
    "a word that another port shares": ("0, &dagc_shared_3)", "0, &dagc_shared_2)"),
    "a column one vector on": ("dagc_take(dagc_at_floor, dagc_at)", "dagc_take(dagc_at_floor, dagc_from)"),
    "a check of a parameter left out": (" & in_domain__floor & in_domain__ceiling", " & in_domain__ceiling"),
    "the check of one bound left out": ("in_domain__floor__1 & in_domain__floor__2", "in_domain__floor__1 & in_domain__floor__1"),
    "the checks of a stage left out": ("dagc_any_clear(dagc_bind_ok & ", "dagc_any_clear("),
    "a row left for another reason": ("if (dagc_any_clear(", "if (!dagc_any_clear("),
    "a rejected row that is stored too": ("            continue;\n", ""),
    "rejected rows that are not counted": ("dagc_rejected += dagc_lanes(", "dagc_lanes("),
    "another count": ("return dagc_rejected;", "return 0;"),
    "a loop from instance to instance": ("dagc_i += DAGC_LANES", "dagc_i += 1"),
    "a loop from the first instance": ("int64_t dagc_i = dagc_from.first;", "int64_t dagc_i = 0;"),
    "a loop past the last instance": ("dagc_i < dagc_end", "dagc_i <= dagc_end"),
    "results of another block": ("dagc_from.row + (dagc_i - dagc_from.first)", "dagc_from.row + dagc_i"),
    "a part that computes something else": ("lev__1 = floor + lev__1__4;", "lev__1 = lev__1__4 + lev__1__4;"),
    "a value handed on for another": ("*dagc_to_lev__1__3 = lev__1__3;", "*dagc_to_lev__1__3 = strength__reach__2;"),
    "two values exchanged": ("&strength__reach__2, &lev__1__3)", "&lev__1__3, &strength__reach__2)"),
    "two arguments exchanged": ("dagc_bind_part(dagc_at, threshold, extreme,", "dagc_bind_part(dagc_at, extreme, threshold,"),
    "another status": ("dagc_write(dagc_to_1, dagc_at, dagc_all_i64(0));", "dagc_write(dagc_to_1, dagc_at, dagc_all_i64(1));"),
    "another output's column": ("int64_t *const dagc_to_1 = dagc_outputs[1];", "int64_t *const dagc_to_1 = dagc_outputs[0];"),
    "an output left out": ("        dagc_write(dagc_to_0, dagc_at, (dagc_i64s)lev);\n", ""),
    "a function of one's own": ("/* Known at a bar", "int more(void) { return 0; }\n/* Known at a bar"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", _WRONG_VECTORS)
def test_a_wrong_loop_over_whole_vectors_is_found(wrong: str) -> None:
    """The last place that has the text: before it stands the function that computes any vector in full."""
    old, new = _WRONG_VECTORS[wrong]
    graph = graph_of(FIRST_LANE)
    files: Files = C().lower(graph)
    before, found, after = files["batch.c"].decode().rpartition(old)
    assert found
    assert isinstance(judge(graph, BatchReader(), files), Proved)
    assert isinstance(judge(graph, BatchReader(), {**files, "batch.c": (before + new + after).encode()}), Unproved)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dagc_store(dagc_of_0 + dagc_at.first", "dagc_store(dagc_of_0 + dagc_at.row"),
        ("dagc_load(dagc_of_0 + dagc_at.first", "dagc_load(dagc_of_0 + dagc_i"),
        ("dagc_of_0 = dagc_state[0];", "dagc_of_0 = dagc_state[1];"),
        ("        dagc_store(dagc_of_1 ", "        dagc_store(dagc_of_0 "),
        ("dagc_at.first, DAGC_LANES)", "dagc_at.first, 1)"),
    ],
)
def test_a_state_in_another_place_is_found(old: str, new: str) -> None:
    graph = prepare(random_graph(3, 30))
    files: Files = C().lower(graph)
    before, found, after = files["batch.c"].decode().rpartition(old)
    assert found
    assert isinstance(judge(graph, BatchReader(), files), Proved)
    assert isinstance(judge(graph, BatchReader(), {**files, "batch.c": (before + new + after).encode()}), Unproved)


DEFINED = "#define isnan(x) 0"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("#include <stdint.h>\n", f"#include <stdint.h>\n{DEFINED}\n", DEFINED),
        ("#include <stdint.h>\n", f"#include <stdint.h>\n\n{DEFINED}\n", DEFINED),
        ("} conviction_inputs;\n", f"}} conviction_inputs;\n{DEFINED}\n", DEFINED),
        ("/* One bar of data. */", f"{DEFINED}\n\n/* One bar of data. */", DEFINED),
        ("#ifndef DAGC_ABI_VERSION\n", f"#ifndef DAGC_ABI_VERSION\n{DEFINED}\n", DEFINED),
        ("    double vel_div;", "    double other;\n    double vel_div;", "double other;"),
        ("} conviction_inputs;", "    double other;\n} conviction_inputs;", "double other;"),
        ("#define DAGC_conviction_NODES ", "#define DAGC_conviction_NODES 1", "#define DAGC_conviction_NODES 1"),
        ("int64_t dagc_step(", "int32_t dagc_step(", "int32_t dagc_step("),
        ("/* One bar of data. */", "/* One bar of data. *\\\n/", "/* One bar of data. *\\"),
    ],
)  # fmt: skip
def test_what_is_changed_in_the_header_is_named_by_its_own_line(old: str, new: str, line: str) -> None:
    graph = graph_of(FIRST_LANE)
    files: Files = C().lower(graph)
    text = files["kernel.h"].decode()
    assert old in text
    changed = text.replace(old, new, 1)
    number = 1 + next(k for k, each in enumerate(changed.split("\n")) if each.strip().startswith(line))
    for reader in (RowReader(), BatchReader(), EntryReader()):
        verdict = judge(graph, reader, {**files, "kernel.h": changed.encode()})
        assert isinstance(verdict, Unproved)
        assert verdict.place.startswith(f"kernel.h:{number}: {line}"), verdict.page()


@pytest.mark.parametrize("word", ["static", "extern", "register", "volatile", "static volatile"])
@pytest.mark.parametrize("declared", ["const double x = a;", "double past[11];", "int64_t *const gives = to;"])
def test_a_variable_is_its_calls_own(word: str, declared: str) -> None:
    """One that calls share is right alone and wrong beside another thread."""
    text = f"int64_t row(double a, int64_t *to)\n{{\n    {{}}{declared}\n    return 0;\n}}\n"
    assert function_body(text.replace("{}", ""), 1, "kernel.c")
    with pytest.raises(Unreadable, match=word.split()[0]):
        function_body(text.replace("{}", f"{word} "), 1, "kernel.c")


def test_an_array_that_is_filled_is_not_const() -> None:
    with pytest.raises(Unreadable, match="const"):
        function_body("int64_t row(double a)\n{\n    const double past[11];\n    return 0;\n}\n", 1, "kernel.c")


@pytest.mark.parametrize("type_", ["_Bool", "bool", "int8_t", "char", "int64_t", "unsigned", "double"])
def test_what_counts_the_places_of_an_array_is_an_int(type_: str) -> None:
    """A `_Bool` never reaches 2, a byte never 128."""
    text = "int64_t row(double a)\n{{\n    for ({} k = 0; k < 5; k++)\n        past[k] = a;\n    return 0;\n}}\n"
    assert counted(function_body(text.format("int"), 1, "kernel.c")[0]) == ("k", 5)
    known = text.format(type_).replace("int8_t", "signed char")
    assert counted(function_body(known, 1, "kernel.c")[0]) == (None, None)
