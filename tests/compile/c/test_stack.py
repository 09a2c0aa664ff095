"""How much stack a kernel takes: whoever calls it may be a thread that has little, and an overflow is a crash without a message."""

from __future__ import annotations

import re

import numpy as np
import pytest

import dagc
from compile.pipeline import prepare
from dag import lane, sum_seq, window
from dag.trace import trace
from tests.support.backends import backend_or_skip

FOLDS, LENGTH = 30, 249


@lane
def many_folds(x: float, y: float) -> float:
    """Folds over expressions of several operators each: 30 folds, 210 operators."""
    xs = window(x, 249)
    ys = window(y, 249)
    total = 0.0
    for k in range(30):
        turn = float(k) * y
        total = total + sum_seq(
            ((v - turn) * (w + turn) - abs(v * turn) for v, w in zip(xs, ys, strict=True) if v < w + turn), 0.0
        )
    return total


@pytest.mark.parametrize("file", ["kernel.c", "batch.c"])
def test_only_what_a_fold_reads_is_an_array(file: str) -> None:
    graph = prepare(trace(many_folds))
    texts = backend_or_skip("c_batch").lower(graph)
    text = texts[file]
    arrays = re.findall(rf"\[{LENGTH}\];", text if isinstance(text, str) else text.decode())
    # `kernel.c` has the row function once; `batch.c` the vectors of any rows and those of accepted ones.
    assert len(arrays) == FOLDS * (1 if file == "kernel.c" else 2)


def test_a_value_that_is_an_element_of_a_loop_has_the_words_of_the_interpreter() -> None:
    rng = np.random.default_rng(3)
    bars = {"x": rng.normal(size=300), "y": rng.choice([0.0, -0.0, 1.0, -2.5, 5e-324], 300)}
    report = dagc.check(many_folds, bars, backends=["interpreter", "c"])
    assert report.passed, str(report)
