"""Every remark, on the shortest lane that deserves it, and none on a lane that deserves none."""

from __future__ import annotations

from pathlib import Path

import pytest

from compile.lint import lint
from compile.pipeline import prepare
from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import Diagnostic, render
from dag.files.loading import load_lane
from dag.trace import trace
from dagc.reporting.lint import lint_file

HEAD = """\
import math
from typing import Annotated

from dag import carry, domain, float32, fma, int32, lane, params, unit

SLOPE = 8.25


@params
class Tuning:
    gain: float = 2.0
    offset: float = 0.5


@lane
def tested"""
FIRST_LINE = HEAD.count("\n") + 2


def remarks(tmp_path: Path, signature: str, *body: str, result: str = "float") -> list[Diagnostic]:
    """What is said of a lane with this signature and body; the body begins at FIRST_LINE."""
    file = tmp_path / "lane.py"
    file.write_text("\n".join([f"{HEAD}({signature}) -> {result}:", *(f"    {line}" for line in body), ""]))
    return lint(trace(load_lane(f"{file}:tested")))


def summary(found: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(each.code, each.node) for each in found]


def test_a_clean_lane_is_left_alone(tmp_path: Path) -> None:
    found = remarks(
        tmp_path, "x: float, p: Tuning",
        "level = carry(initial=x)",
        "level = level + p.gain * (x - level)",
        "return SLOPE * round(level, 3) - p.offset / 1000.0 + 0.25 * x",
    )  # fmt: skip
    assert summary(found) == []


def test_parameter_never_used(tmp_path: Path) -> None:
    found = remarks(tmp_path, "x: float, p: Tuning", "return x * p.gain")
    assert summary(found) == [("W001", "offset")]
    assert found[0].span is not None
    assert found[0].span.text.strip() == "offset: float = 0.5"


def test_input_never_used(tmp_path: Path) -> None:
    found = remarks(tmp_path, "x: float, volume: float", "return x")
    assert summary(found) == [("W002", "volume")]


def test_what_goes_into_an_empty_slot_is_used(tmp_path: Path) -> None:
    file = tmp_path / "lane.py"
    file.write_text(
        "from dag import lane, slot\n\n\n@slot\ndef gate(vol: float, z: float) -> float:\n    return 1.0\n\n\n"
        "@lane\ndef tested(size: float, vol: float, idle: float) -> float:\n    return size * gate(vol * 2.0, vol)\n"
    )
    assert summary(lint(trace(load_lane(f"{file}:tested")))) == [("W002", "idle")]


def test_numbers_inside_an_elementary_function_are_not_the_callers_concern(tmp_path: Path) -> None:
    file = tmp_path / "lane.py"
    file.write_text(
        "from dag import lane\nfrom lanes.elementary import exp, log\n\n\n"
        "@lane\ndef tested(x: float, y: float) -> float:\n    return exp(x) + log(y) * 3.0\n"
    )
    found = lint(trace(load_lane(f"{file}:tested")))
    assert [(each.code, each.got) for each in found] == [("W004", ("3.0",))]


@pytest.mark.parametrize(
    "median",
    ["max(min(x, y), min(max(x, y), z))", "max(min(x, y), min(y, z), min(x, z))", "max(min(x, y), min(z, 4.0))"],
)
def test_the_largest_of_several_minima_is_no_clamp(tmp_path: Path, median: str) -> None:
    assert summary(remarks(tmp_path, "x: float, y: float, z: float", f"return {median}")) == []


def test_a_floor_that_can_beat_its_cap(tmp_path: Path) -> None:
    for floor in ("p.gain", "max(p.gain, y)"):
        found = remarks(tmp_path, "x: float, y: float, p: Tuning", f"return max({floor}, min(x, p.offset))")
        assert "W022" in [each.code for each in found], floor


def test_value_never_used_and_what_only_it_reads(tmp_path: Path) -> None:
    found = remarks(tmp_path, "x: float, cap: float", "capped = min(x, cap)", "return x")
    assert summary(found) == [("W002", "cap"), ("W003", "capped")]


def test_what_is_only_carried_is_used(tmp_path: Path) -> None:
    found = remarks(tmp_path, "x: float, y: float", "last = carry(initial=0.0)", "last = y", "return x")
    assert summary(found) == []


@pytest.mark.parametrize("literal", ["0.4", "-3.0", "7", "1.1e3"])
def test_unnamed_number(tmp_path: Path, literal: str) -> None:
    found = remarks(tmp_path, "x: float", f"lev = x + {literal}", "return lev")
    assert [each.code for each in found] == ["W004"]
    headline, line, caret = render(found[0]).splitlines()[:3]
    assert headline.endswith(f"lane.py:{FIRST_LINE}:15: W004 Unnamed number at node `lev`")
    assert line.endswith(literal)
    assert caret.strip() == "^" + "~" * (len(literal) - 1)


@pytest.mark.parametrize(
    "literal", ["0.0", "-0.0", "1.0", "-1", "2", "0.5", "0.03125", "1024.0", "1e4", "0.001", "1e-9"]
)
def test_a_number_that_speaks_for_itself(tmp_path: Path, literal: str) -> None:
    assert summary(remarks(tmp_path, "x: float", f"return x * {literal}")) == []


@pytest.mark.parametrize("symbol", ["==", "!="])
def test_equality_of_computed_floats(tmp_path: Path, symbol: str) -> None:
    found = remarks(tmp_path, "x: float, y: float", f"return x if x * y {symbol} x else y")
    assert [each.code for each in found] == ["W005"]
    assert symbol in found[0].expected
    assert "`mul`" in found[0].got[0]


@pytest.mark.parametrize(
    "condition", ["x * y != x * y", "x * y == math.inf", "x - y == 0.0", "x == y", "min(x, y) == x"]
)
def test_an_equality_that_is_exact_is_left_alone(tmp_path: Path, condition: str) -> None:
    assert summary(remarks(tmp_path, "x: float, y: float", f"return x if {condition} else y")) == []


def test_narrow_numbers_are_no_exception(tmp_path: Path) -> None:
    for number, said in [("0.4", ["W004"]), ("0.1", []), ("1e-9", []), ("3", ["W004"])]:
        found = remarks(tmp_path, "x: float32", f"return x * {number}", result="float32")
        assert [each.code for each in found] == said, number
    summed = remarks(tmp_path, "m: int32", "return m + 77", result="int32")
    assert [each.code for each in summed] == ["E062", "W004"]
    for equality in ("x * y == x", "x * y != y", "fma(x, y, x) == y", "float32(z) == x"):
        found = remarks(tmp_path, "x: float32, y: float32, z: float", f"return {equality} or z > 0.0", result="bool")
        assert [each.code for each in found if each.code == "W005"] == ["W005"], equality
        assert ("`!=`" if "!=" in equality else "`==`") in found[-1].expected


def test_remarks_come_in_the_order_of_the_source(tmp_path: Path) -> None:
    found = remarks(tmp_path, "x: float, p: Tuning", "z = 0.3 * x", "dead = z - 0.7", "return z")
    assert [each.code for each in found] == ["W001", "W001", "W004", "W003", "W004"]


def test_a_prepared_graph_has_fewer_remarks(tmp_path: Path) -> None:
    """Its status reads every port with a domain: that is why the graph is linted as it was traced."""
    file = tmp_path / "lane.py"
    file.write_text(f"{HEAD}(x: float, y: float) -> float:\n    return x\n")
    graph = trace(load_lane(f"{file}:tested"))
    assert summary(lint(graph)) == [("W002", "y")]
    assert summary(lint(prepare(graph))) == []


def test_every_remark_is_explained() -> None:
    assert {code for code in CODES if code.startswith("W")} >= {"W001", "W002", "W003", "W004", "W005", "W006"}


def test_the_flag_of_a_warm_up_need_not_be_read(tmp_path: Path) -> None:
    found = remarks(
        tmp_path, "x: float",
        "level = carry(initial=x, warm_up=20)",
        "pair = carry(initial=(x, 0), warm_up=3)",
        "ready = level > 0.0",
        "before = pair[0]",
        "level = level + 0.5 * (x - level)",
        "pair = (x, pair[1] + 1)",
        "return level + before * pair[1]",
    )  # fmt: skip
    assert summary(found) == [("W024", "level"), ("W024", "pair"), ("W003", "ready")]


def test_a_value_that_only_some_turns_of_a_loop_need_is_used(tmp_path: Path) -> None:
    loop = (
        "total = 0.0",
        "scale = 1.0",
        "for _ in range(3):",
        "    total = total + scale * x",
        "    scale = scale * 0.5",
    )
    assert summary(remarks(tmp_path, "x: float", *loop, "return total")) == []
    found = remarks(tmp_path, "x: float", *loop, "    lost = scale - x", "return total")
    assert [(each.code, each.node) for each in found] == [("W003", "lost")]


def test_a_tuple_of_which_one_item_is_needed_is_used(tmp_path: Path) -> None:
    found = remarks(tmp_path, "x: float, y: float, up: bool", "a, b = (x, y) if up else (y, x)", "return a")
    assert summary(found) == []


def test_what_a_plain_function_needs_in_another_call_is_its_own_affair(tmp_path: Path) -> None:
    file = tmp_path / "lane.py"
    step = "def step(x: float, twice: bool) -> float:\n    double = x * 2.0\n    return double if twice else x\n\n\n"
    lanes = "@lane\ndef once(x: float) -> float:\n    return step(x, False)\n"
    file.write_text(f"from dag import lane\n\n\n{step}{lanes}")
    assert summary(lint(trace(load_lane(f"{file}:once")))) == []


def test_an_empty_slot_need_not_read_what_it_takes(tmp_path: Path) -> None:
    file = tmp_path / "slots.py"
    file.write_text("from dag import slot\n\n\n@slot\ndef boost(score: float) -> float:\n    return 1.0\n")
    assert lint_file(file).remarks == ()


def test_parameters_are_not_unused_while_another_lane_cannot_be_traced(tmp_path: Path) -> None:
    file = tmp_path / "lane.py"
    broken = "(x: float, p: Tuning) -> float:\n    return x * p.offset + missing\n"
    whole = "\n\n@lane\ndef whole(x: float, p: Tuning) -> float:\n    return x * p.gain\n"
    file.write_text(f"{HEAD}{broken}{whole}")
    found = lint_file(file)
    assert [each.code for each in found.errors] == ["E020"]
    assert found.remarks == ()


def test_what_is_said_of_one_place_in_equal_words_is_said_once(tmp_path: Path) -> None:
    """A lane is judged by itself and in every lane that calls it, where its values have other names."""
    file = tmp_path / "lanes.py"
    file.write_text(
        "from dag import lane\n\n@lane\ndef called(x: float) -> float:\n    return x * 0.3\n\n"
        "@lane\ndef caller(x: float) -> float:\n    return called(x) + called(x * x)\n"
    )
    linted = lint_file(file)
    assert linted.lanes == 2
    assert [(each.code, each.span and each.span.line) for each in linted.remarks] == [("W004", 5)]
