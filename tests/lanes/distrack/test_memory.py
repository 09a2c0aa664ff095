"""What an instance takes is what the page says, as the built kernel has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lanes.distrack
from compile.c.backend import C, open_library
from dag.language.lane import AnyLane
from tests.lanes.distrack.streams import graph_of

PAGE = Path(__file__).parents[3] / "docs" / "distrack.md"
STATED = {name: int(size) for name, size in re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text(), re.MULTILINE)}


def test_every_sketch_is_on_the_page() -> None:
    assert set(STATED) == {
        *("ewma_stats", "p2_quantile", "outcome_distribution", "tdigest", "log_histogram", "latency_histogram"),
        *("reservoir", "uniform"),
    }


@pytest.mark.parametrize("name", STATED)
def test_the_kernel_needs_as_many_bytes(name: str) -> None:
    lane: AnyLane = getattr(lanes.distrack, name)
    graph = graph_of(lane)
    assert open_library(graph, C().lower(graph)).calls.dagc_state_size() == STATED[name]
