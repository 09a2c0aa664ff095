"""`dagc graph`: the text, the pictures, what a pass changes, and each pass against the graph before it."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from compile.passes.reject_out_of_domain import reject_out_of_domain
from compile.passes.simplify import simplified
from compile.passes.validate import PassMismatch, refuse_changed
from compile.pipeline import PASSES, TRACED, PipelineOptions, refuse_changed_stages, stages
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.language.lane import FLUSH
from dag.operators import table as ops
from dag.values.domain import interval, whole_domain
from dag.values.types import F64
from dagc.cli import main
from dagc.debugging.drawing.dot import dot_text
from dagc.debugging.drawing.layout import WIDEST, laid_out
from dagc.debugging.drawing.picture import of_lanes, of_nodes
from dagc.debugging.drawing.svg import svg_text
from dagc.debugging.drawing.text import graph_text
from tests.support.carrying_graph import carrying_graph
from tests.support.live_graph import live_graph

NAMES = [each.name for each in PASSES]
FIVE = "examples/five_factor.py:five_factor"
CONVICTION = "examples/first_lane.py:conviction"


def graph(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["graph", *arguments])


def test_the_command_names_the_passes_that_there_are() -> None:
    listed = graph("--list", CONVICTION).stdout
    assert [line for line in listed.splitlines() if not line.startswith(" ")] == NAMES
    for option, also in (("--after", [TRACED]), ("--diff", [])):
        refused = graph(CONVICTION, option, "simplifying")
        assert refused.exit_code == 2
        assert f"'simplifying' is not one of {', '.join([*also, *NAMES])}" in " ".join(refused.output.split())


def test_a_line_says_what_a_value_is_and_where() -> None:
    shown = graph(CONVICTION, "--after", "trace")
    assert shown.exit_code == 0, shown.output
    assert re.search(
        r"^  lev\.2 = max\(lev\.2\.2, floor\) : f64 \[x_conv\]  # examples/first_lane\.py:33$", shown.stdout, re.M
    )
    assert "status" not in shown.stdout


def test_what_a_pass_changes_is_shown_and_nothing_else() -> None:
    changed = [line for line in graph(CONVICTION, "--diff", "simplify").stdout.splitlines()[2:] if line[:1] in "+-"]
    assert [line for line in changed if not line[1:].startswith("graph ")] == [
        "-  lev.2.2 = div(lev.1, 2.0) : f64 [x_conv]  # examples/first_lane.py:33",
        "+  lev.2.2 = mul(lev.1, 0.5) : f64 [x_conv]  # examples/first_lane.py:33",
    ]


def test_rewrites_are_named_with_their_places() -> None:
    assert graph(CONVICTION, "--rewrites").stdout == "div_power_of_two         lev.2.2  examples/first_lane.py:33\n"


def test_a_stage_that_a_graph_does_not_go_through_is_a_usage_error() -> None:
    refused = graph(CONVICTION, "--after", "flush-subnormals")
    assert refused.exit_code == 2
    assert "its stages are trace, reject-out-of-domain" in refused.output
    assert graph(CONVICTION, "--dot", "--rewrites").exit_code == 2


def test_a_bundle_is_shown_too(tmp_path: Path) -> None:
    out = tmp_path / "out"
    built = CliRunner().invoke(main, ["build", CONVICTION, "-o", str(out), "--emit", "interpreter", "--rows", "8"])
    assert built.exit_code == 0, built.output
    assert graph(str(out)).stdout == graph(CONVICTION).stdout.replace("examples/", "")


def test_every_node_and_every_operand_is_in_the_text() -> None:
    traced = live_graph()
    lines = graph_text(traced)
    for node in traced.operators():
        (line,) = [each for each in lines if each.startswith(f"  {traced.names[node]} = ")]
        assert all(traced.names[arg] in line for arg in traced.args[node] if traced.constants[arg] is None), line


@pytest.mark.parametrize("view", [of_nodes, of_lanes])
@pytest.mark.parametrize("source", [carrying_graph, live_graph])
def test_pictures_have_every_box_once_and_no_arrow_points_up(view: type, source: type) -> None:
    picture = view(source())
    layers = laid_out(picture)
    assert sorted(box for layer in layers for box in layer) == list(range(len(picture.boxes)))
    assert max(map(len, layers)) <= WIDEST
    row = {box: depth for depth, layer in enumerate(layers) for box in layer}
    assert all(row[a] < row[b] for a, b, _ in picture.arrows)
    drawn = ElementTree.fromstring(svg_text(picture))
    titles = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text") if each.get("font-weight")]
    assert sorted(filter(None, titles)) == sorted(box.title for box in picture.boxes)
    dot = dot_text(picture)
    assert len(re.findall(r"^ +n\d+ \[label=", dot, re.M)) == len(picture.boxes)
    assert dot.count(" -> ") == len(picture.arrows) + len(picture.back)


def test_a_whole_system_is_drawn_by_lane(tmp_path: Path) -> None:
    out = tmp_path / "lanes.svg"
    assert graph(FIVE, "--by-lane", "--svg", "-o", str(out)).exit_code == 0
    text = out.read_text()
    assert "lev_compose: 16 operators" in text
    assert "53 parameters" in text


def small(above: float = 5e-324) -> Graph:
    """x / 2 + y with a state, which every pass has something to do on."""
    b = GraphBuilder("small")
    b.open_scope("", "small", "A small one.")
    x, y = b.input("x", F64, "1", interval(F64, -8.0, 8.0)), b.input("y", F64, "1", whole_domain(F64))
    level = b.state("level", F64, "1", 0.5)
    half = b.op(ops.DIV, (x, b.const(2.0, F64, "1")))
    b.set_next("level", b.op(ops.ADD, (half, level)))
    b.output("sum", b.op(ops.ADD, (half, y)), 0.0)
    b.output("tiny", b.op(ops.MUL, (x, b.const(above, F64, "1"))), 0.0)
    b.close_scope()
    return b.freeze()


def test_each_pass_leaves_the_program_it_was_given() -> None:
    found = stages(small(above=0.25), PipelineOptions(FLUSH, simplify=True))
    lines = refuse_changed_stages(found)
    assert [line.partition(":")[0] for line in lines] == NAMES
    assert all(int(re.findall(r"[\d,]+", line)[0].replace(",", "")) > 50 for line in lines), lines


def test_a_pass_that_changes_a_word_is_caught() -> None:
    before, after = small(), small(above=1e-323)
    with pytest.raises(PassMismatch, match="output `tiny` is"):
        refuse_changed("simplify", before, after)
    with pytest.raises(PassMismatch, match="output `tiny` is"):
        refuse_changed("reject-out-of-domain", before, reject_out_of_domain(after))
    b = GraphBuilder("small")
    b.open_scope("", "small", "Without its state.")
    x, y = b.input("x", F64, "1", interval(F64, -8.0, 8.0)), b.input("y", F64, "1", whole_domain(F64))
    half = b.op(ops.DIV, (x, b.const(2.0, F64, "1")))
    b.output("sum", b.op(ops.ADD, (half, y)), 0.0)
    b.output("tiny", b.op(ops.MUL, (x, b.const(5e-324, F64, "1"))), 0.0)
    b.close_scope()
    with pytest.raises(PassMismatch, match="state `level` is gone"):
        refuse_changed("simplify", before, b.freeze())


def test_rewrites_say_the_rule_and_the_node() -> None:
    (first, *_) = simplified(reject_out_of_domain(small())).rewrites
    assert first.rule == "div_power_of_two"
