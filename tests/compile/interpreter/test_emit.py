"""The emitted module as a reader meets it. Read `golden/trailing.expect` when it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from compile.interpreter.backend import Interpreter
from compile.interpreter.record import FILE
from compile.pipeline import prepare
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace

GOLDEN = Path(__file__).parent / "golden"


def trailing() -> Graph:
    return prepare(trace(load_lane(f"{GOLDEN / 'trailing.py'}:trailing")))


def test_the_emitted_module_is_the_golden_text(golden: Callable[[str, Path], None]) -> None:
    golden(Interpreter().lower(trailing())[FILE].decode(), GOLDEN / "trailing.expect")


def test_the_module_works_as_its_docstring_says() -> None:
    module: dict[str, Any] = {}
    exec(Interpreter().lower(trailing())[FILE], module)
    params, state = {"share": 0.5, "patience": 2}, dict(module["INITIAL_STATE"])
    seen: list[float] = []
    for price in (100.0, 102.0, -1.0, 102.0):
        before = state
        outputs, state = module["step"]({"price": price, "side": 1}, params, state)
        assert (outputs["status"] == 0) == (price > 0.0)
        assert price > 0.0 or state == before
        seen.append(outputs["trailing"])
    assert seen[0] == 0.0  # too early
    assert seen[1] == (102.0 / 101.0 - 1.0) * 10.0
    assert seen[2] == 0.0  # rejected: the safe value
    assert seen[3] == (102.0 / 101.5 - 1.0) * 10.0
    # `signed` is a word of C, and a value is called the same in every emitted text.
    tap: dict[str, dict[str, Any]] = {}
    module["step"]({"price": 103.0, "side": -1}, params, state, tap)
    assert tap["step"]["signed_"] == -tap["step"]["ahead"]
