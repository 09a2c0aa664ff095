"""The emitted text: the same bytes every time, lint clean with and without taps, complete lists, read by two tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from compile.backend import Files
from compile.campaign.drawing.pen import SIDE
from compile.campaign.drawing.random_graph import random_graph
from compile.pipeline import prepare
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved
from dag.diagnostics.span import Span
from dag.files.loading import load_lane
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, OPS
from dag.trace import trace
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F64, I64, Type, Value
from rtl.backend import Verilog
from rtl.emit.literals import literal
from rtl.emit.ports import TAPS
from rtl.netlist.plain_text import expect_plain
from rtl.netlist.reader import VerilogReader
from rtl.simulate import icarus, verilator
from tests.support.live_graph import live_graph
from tests.support.verilog_bench import with_vectors

GOLDEN = Path(__file__).parent / "golden"
GRAPHS: dict[str, Callable[[], Graph]] = {
    "live": live_graph,
    "every_op": lambda: prepare(random_graph(3, len(OPS), arrays=True)),
    "unprepared": lambda: random_graph(8, 40, arrays=True),
}


def sources(files: Files) -> Files:
    """The Verilog that is synthesised, by its path."""
    return {path: text for path, text in files.items() if path.endswith(".v") and not path.endswith("_tb.v")}


def test_a_small_lane_as_text(golden: Callable[[str, Path], None]) -> None:
    files = Verilog().lower(prepare(trace(load_lane(f"{GOLDEN / 'quote.py'}:quote"))))
    for name in ("quote.v", "quote_tb.v", "quote.f", "quote.core"):
        golden(files[f"rtl/{name}"].decode(), GOLDEN / name)


def test_the_same_lane_interleaved(golden: Callable[[str, Path], None]) -> None:
    files = Verilog(instances=64).lower(prepare(trace(load_lane(f"{GOLDEN / 'quote.py'}:quote"))))
    golden(files["rtl/quote.v"].decode(), GOLDEN / "quote_interleaved.v")
    golden(files["rtl/quote_tb.v"].decode(), GOLDEN / "quote_interleaved_tb.v")


@pytest.mark.parametrize("name", GRAPHS)
def test_the_same_bytes_every_time(name: str) -> None:
    assert Verilog().lower(GRAPHS[name]()) == Verilog().lower(GRAPHS[name]())


@pytest.mark.skipif(verilator.missing() is not None, reason=f"{verilator.missing()}")
@pytest.mark.parametrize("taps", ["", "`define DAGC_TAPS\n"], ids=["ports", "taps"])
@pytest.mark.parametrize("name", GRAPHS)
def test_lint_has_nothing_to_say(name: str, taps: str) -> None:
    graph = GRAPHS[name]()
    verilator.lint({"taps.v": taps.encode(), **sources(Verilog().lower(graph))}, graph.name)


@pytest.mark.skipif(icarus.missing() is not None, reason=f"{icarus.missing()}")
@pytest.mark.parametrize("name", GRAPHS)
def test_icarus_reads_it_alike(name: str) -> None:
    files = with_vectors(GRAPHS[name]())
    bench = {path.removeprefix("rtl/"): text for path, text in files.items() if path.endswith((".v", ".hex"))}
    top = next(path for path in bench if path.endswith("_tb.v")).removesuffix(".v")
    assert icarus.run_bench(bench, top, seconds=60.0) == "PASS: 120 rows\n"


def test_the_lists_name_every_file_once_and_cores_before_the_module() -> None:
    files = with_vectors(live_graph())
    listed = files["rtl/quoter.f"].decode().split()
    assert sorted(listed) == sorted(path.removeprefix("rtl/") for path in sources(files))
    assert listed[-1] == "quoter.v"
    package = files["rtl/quoter.core"].decode()
    assert all(package.count(f"- {path.removeprefix('rtl/')}") == 1 for path in files if path.endswith((".v", ".hex")))


def test_only_the_cores_it_is_made_of() -> None:
    builder = GraphBuilder("sum")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.output("y", builder.op(ADD, (x, x)), 0.0)
    files = Verilog().lower(builder.freeze())
    assert "rtl/cores/f_add.v" in files
    assert not {"rtl/cores/f_mul.v", "rtl/cores/f_div.v"} & set(files)


def test_a_comment_holds_any_text_of_the_user() -> None:
    builder = GraphBuilder("hostile")
    builder.open_scope("", "hostile", "ends in \\\n`endif */ // and goes on")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.output("y", builder.op(ADD, (x, x), Span("a.py", 1, 1, 2, "y = x + x  # \\")), 0.0)
    builder.close_scope()
    text = Verilog().lower(builder.freeze())["rtl/hostile.v"].decode()
    assert "// ---- hostile: ends in\n" in text
    assert "// a.py:1  y = x + x  #\n" in text


@pytest.mark.parametrize(
    "name", ["f_add", "dagc_delay", "cores", "a.core", "a_tb", "pipeline", "TOP", "LATENCY", "clk"]
)
def test_a_lane_may_have_any_name(name: str) -> None:
    builder = GraphBuilder(name)
    builder.open_scope("", name, "")
    x = builder.input("x", F64, "1", whole_domain(F64))
    same = builder.op(ADD, (x, x))
    builder.tap(name, same)
    builder.output(name, builder.op(ADD, (same, x)), 0.0)
    builder.close_scope()
    graph = builder.freeze()
    files = Verilog().lower(graph)
    reader = VerilogReader.of(files)
    verdict = judge(graph, reader, files)
    assert isinstance(verdict, Proved), verdict.page()
    top = reader.file.removeprefix("rtl/").removesuffix(".v")
    assert {f"rtl/{top}{suffix}" for suffix in (".v", ".f", ".core", "_tb.v")} < set(files)
    if verilator.missing() is None:
        verilator.lint({path: text for path, text in files.items() if path == reader.file or "/cores/" in path}, top)


@pytest.mark.parametrize(
    "word", ["verilator", "synopsys", "pragma", "synthesis translate_off", "x = y  # full_case", "\u202e\tx", "\x1b"]
)
def test_no_word_of_the_user_is_obeyed_by_a_tool(word: str) -> None:
    builder = GraphBuilder("lane")
    builder.open_scope("", "lane", word)
    x = builder.input("x", F64, "1", whole_domain(F64))
    span = Span(f"{word}.py", 1, 1, 2, word)
    named = builder.op(ADD, (x, x), span)
    builder.tap("verilator", named)
    builder.output("y", builder.op(ADD, (named, x), span), 0.0)
    builder.close_scope()
    files = Verilog().lower(builder.freeze())
    expect_plain(files["rtl/lane.v"].decode(), TAPS)
    if verilator.missing() is None:
        verilator.lint(sources(files), "lane")


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (1.5, F64, "64'h3FF8000000000000 /* 1.5 */"),
        (-0.0, F64, "64'h8000000000000000 /* -0.0 */"),
        (float("nan"), F64, "64'h7FF8000000000000 /* nan */"),
        (5e-324, F64, "64'h0000000000000001 /* 5e-324 */"),
        (-1, I64, "64'hFFFFFFFFFFFFFFFF /* -1 */"),
        (-(1 << 63), I64, "64'h8000000000000000 /* -9223372036854775808 */"),
        (True, BOOL, "1'b1"),
        (-1, SIDE, "64'hFFFFFFFFFFFFFFFF /* SELL */"),
    ],
)
def test_constants_are_their_words(value: Value, type_: Type, expected: str) -> None:
    assert literal(value, type_) == expected
