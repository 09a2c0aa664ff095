"""Assertions for your own tests: a lane is the same in every backend, and what another function computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dagc.building.running import prepared, runners_of
from dagc.interactive.functions import LaneLike, check

#: Rows that an assertion samples unless told otherwise.
ROWS = 2_000


def assert_bit_identical(
    lane: LaneLike,
    data: Any = None,
    *,
    oracle: Any = None,
    rows: int = ROWS,
    seed: int = 0,
    backends: Sequence[str] | None = None,
) -> None:
    """Assert that a lane gives the same bits in every backend, and, with `oracle`, the bits of that code.

    data      bars to replay besides the sampled rows, as `dagc.check` takes them
    oracle    your function, class or generator function, whose arguments are called like the lane's; see docs/parity.md
    rows      sampled rows of the lane's whole universe, boundaries and special values among them
    backends  None: all that take the lane and whose tools are here

    Raises AssertionError with the report that the command prints, also where an artifact is not proved, a named backend's tool is
    missing, or nothing could be compared.
    """
    report = check(lane, data, rows=rows, seed=seed, backends=backends)
    assert report.passed, f"{report}"
    if oracle is not None:
        _assert_parity(lane, oracle, rows, seed)


def _assert_parity(lane: LaneLike, oracle: Any, rows: int, seed: int) -> None:
    from compile.interpreter.record import REFERENCE
    from dagc.parity.report import as_text
    from dagc.parity.run import ParityRequest, parity

    source = prepared(lane)
    runners, _ = runners_of(source.graph, [REFERENCE])
    name = getattr(oracle, "__qualname__", repr(oracle))
    question = ParityRequest(oracle, None, name, {}, None, None, rows, seed, None, {}, ())
    found = parity(source.lane, source.graph, runners[REFERENCE], REFERENCE, question)
    assert not found.differs, as_text(found)
    assert not found.hollow, as_text(found)
