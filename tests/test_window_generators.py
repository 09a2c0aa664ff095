"""What goes over a window with an `if`, and `any`, `all` and `sum` of it: Python's own words, in every software backend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import pytest

import dagc
from dag import AnyLane, domain, float32, lane, max_seq, min_seq, sum_seq, window
from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import load_lane
from dag.trace import trace

X = Annotated[float, domain(-100.0, 100.0)]
Narrow = Annotated[float32, domain(-100.0, 100.0)]


@lane
def conditions(x: X, y: X) -> tuple[bool, bool, int, int, bool, bool]:
    past = window(x, 7)
    other = window(y, 7)
    some = any(v > 1.0 for v in past)
    every = all(v > y for v in past)
    count = sum(1 for v in past if v > 0.0)
    above = sum(v > w for v, w in zip(past, other, strict=True))
    true = any(v for v in past)
    both = all(w > 0.0 for v, w in zip(past, other, strict=True) if v > 0.0)
    return some, every, count, above, true, both


@lane
def left_out(x: X, y: X) -> tuple[float, float, float, float, int]:
    past = window(x, 7)
    squares = sum_seq((v * v for v in past if v != 0.0 and v < 50.0), -0.0)
    inverses = sum_seq((1.0 / v for v in past if v > 0.5), 0.0)
    highest = max_seq((v for v in past if v < y), -1000.0)
    positive = (v for v in past if v > 0.0)
    nested = min_seq((2.0 * v for v in positive if v < 40.0), 1000.0)
    weighted = sum(i * int(v) for i, v in enumerate(past) if v > 1.0)
    return squares, inverses, highest, nested, weighted


@lane
def narrow(x: Narrow) -> tuple[float32, bool, int]:
    past = window(x, 5)
    total = sum_seq((v for v in past if v > float32(0.0)), float32(0.0))
    return total, any(v > float32(1.0) for v in past), sum(1 for v in past if v < float32(0.0))


@lane
def bools_are_numbers(x: X, y: X, on: bool) -> tuple[float, int, float, float, int]:
    return (x > 0) * 1.0 - (x < 0) * 1.0, (x > 0) - (x < 0), -on * y, on / 2 + True, (x > 1) + (y > 1) + on


LANES: list[AnyLane] = [conditions, left_out, narrow, bools_are_numbers]


@pytest.mark.parametrize("checked", LANES, ids=lambda each: each.name)
def test_every_backend_has_pythons_words(checked: AnyLane) -> None:
    rng = np.random.default_rng(16)
    values = rng.choice([0.0, -0.0, 5e-324, 1.0, -1.0, 2.5, 60.0, -60.0, 100.0], 200)
    others = rng.uniform(-5.0, 5.0, 200)
    columns = {"x": values, "y": others, "on": rng.random(200) < 0.5}
    if checked is narrow:
        columns = {"x": values.astype(np.float32)}
    named = {port.name for port in trace(checked).inputs}
    report = dagc.check(checked, {k: v for k, v in columns.items() if k in named}, backends=["interpreter", "c", "xla"])
    assert report.passed, str(report)
    assert report.words > 200


REFUSED = {
    "sum_seq((float(i) * v for i, v in enumerate(u for u in past if u > 0.0)), 0.0)": "let the fold leave them out",
    "float(len(tuple(v for v in past if v > 0.0)))": "count them: sum(1 for v in past if c(v))",
    "tuple(v for v in past if v > 0.0)[0]": "let the fold leave them out",
    "sum_numpy(v for v in past if v > 0.0)": "sum_seq(",
    "sum(v for v in past if v > 0.0)": "sum_seq(",
}


@pytest.mark.parametrize("expression", REFUSED)
def test_what_needs_all_values_says_so(expression: str, tmp_path: Path) -> None:
    file = tmp_path / "lane.py"
    file.write_text(
        "from dagc import lane, sum_numpy, sum_seq, window\n\n@lane\ndef f(x: float) -> float:\n"
        f"    past = window(x, 4)\n    return {expression}\n"
    )
    with pytest.raises(CompileError) as refused:
        trace(load_lane(f"{file}:f"))
    assert REFUSED[expression] in refused.value.diagnostics[0].fix
