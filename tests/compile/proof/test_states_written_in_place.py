"""C writes a state along an axis place by place: what reads another place of it in that loop may find it written already."""

from __future__ import annotations

import re
from typing import Annotated

import pytest

from compile.c.backend import C
from compile.pipeline import prepare
from compile.proof.c.batch_reader import BatchReader
from compile.proof.c.row_reader import RowReader
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved, Reader, Unproved
from dag.trace import trace
from dagc import T, Vector, array, carry, domain, lane, put


class Trio(Vector[T], length=3):
    """Places."""


@lane
def shifted(x: Trio[Annotated[int, domain(0, 9)]], n: int) -> int:
    """Every place becomes the first one and its own input; the ring is there for the helper that reads an element."""
    held = carry(initial=Trio(fill=1))
    ring = carry(initial=array(3, 0))
    ring = put(ring, 1, n)
    seen = ring[n & 1]
    first = held[0] & 255
    held = Trio(first + v for v in x)
    return first + (seen & 7)


_STORED = "        dagc_state->held[dagc_k] = next__held[dagc_k];"
_KEPT = "dagc_keep(dagc_state[0], 3, dagc_k, dagc_at, next__held[dagc_k]);"
_GIVEN = "dagc_given(x, dagc_at.bar, dagc_k, dagc_at)"
_BEFORE = "dagc_held(held__before, 3, dagc_k, dagc_at)"
_IN_PLACE: list[tuple[Reader, str, str]] = [
    (
        RowReader(),
        _STORED,
        "        dagc_state->held[dagc_k] = accepted ? "
        "dagc_iadd(dagc_get_i64(held__before, 3, 0) & 255, x[dagc_k]) : held__before[dagc_k];",
    ),
    (
        BatchReader(),
        _KEPT,
        "dagc_keep(dagc_state[0], 3, dagc_k, dagc_at, dagc_select_i64(accepted, dagc_iadd("
        f"dagc_get(held__before, 3, dagc_all_i64(0), dagc_at) & dagc_all_i64(255), {_GIVEN}), {_BEFORE}));",
    ),
]


@pytest.mark.parametrize(("reader", "old", "new"), _IN_PLACE, ids=["row", "vector"])
def test_a_place_is_not_read_in_the_loop_that_writes_the_state(reader: Reader, old: str, new: str) -> None:
    graph = prepare(trace(shifted))
    files = C().lower(graph)
    assert isinstance(judge(graph, reader, files), Proved)
    text = files[reader.file].decode()
    assert len(re.findall(re.escape(old), text)) == 1
    verdict = judge(graph, reader, {**files, reader.file: text.replace(old, new).encode()})
    assert isinstance(verdict, Unproved)
    assert "has no value here" in verdict.reason or "no meaning" in verdict.reason, verdict.page()
