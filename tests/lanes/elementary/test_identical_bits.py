"""The same words in every backend. `python -m bench.elementary_bits` does the same with 10,000 rows a function in all of them."""

from __future__ import annotations

import numpy as np
import pytest

from bench.elementary_accuracy import SUBJECTS, graph_of
from bench.elementary_bits import results, rows
from compile.c.backend import C
from dag.values.types import F64
from dag.values.words import word_of
from tests.support.backends import backend_or_skip

ROWS, INTERPRETED = 10_000, 80
#: Made of the same parts as normal_cdf.
SLOW_TO_SCHEDULE = ("erf", "normal_ppf")


@pytest.mark.parametrize("name", SUBJECTS)
def test_c_vectors_interpreter_and_numbers(name: str) -> None:
    each = SUBJECTS[name].lane
    graph, columns = graph_of(name), rows(name, ROWS, seed=5)
    wanted = results(C(), graph, columns)
    assert np.array_equal(results(backend_or_skip("c_batch"), graph, columns), wanted)
    shorter = tuple(column[:: ROWS // INTERPRETED] for column in columns)
    assert np.array_equal(results(backend_or_skip("interpreter"), graph, shorter), wanted[:: ROWS // INTERPRETED])
    for row, word in zip(
        zip(*(column.tolist() for column in shorter), strict=True), wanted[:: ROWS // INTERPRETED], strict=True
    ):
        assert word_of(each(*row), F64) == int(word), row


def test_xla_has_the_bits_of_c() -> None:
    graph, columns = graph_of("exp"), rows("exp", ROWS, seed=6)
    assert np.array_equal(results(backend_or_skip("xla"), graph, columns), results(C(), graph, columns))


@pytest.mark.parametrize("name", [name for name in SUBJECTS if name not in SLOW_TO_SCHEDULE])
def test_verilog_is_written(name: str) -> None:
    graph = graph_of(name)
    files = backend_or_skip("rtl").lower(graph)
    assert any(path.endswith(".v") and b"module" in text for path, text in files.items())
