"""jax and its MLIR are imported by one thread at a time: neither a reader nor the XLA backend begins while another is at it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from compile import jax_modules
from compile.proof.stablehlo.text import functions_of
from compile.xla.backend import Xla
from tests.support.live_graph import live_graph

GRAPH = live_graph()
FILES = Xla().lower(GRAPH)
IMPORTING: dict[str, Callable[[], object]] = {
    "a reader of StableHLO": lambda: functions_of(FILES["kernel.stablehlo"].decode()),
    "the XLA backend": lambda: Xla().load(GRAPH, FILES),
}


@pytest.mark.parametrize("who", IMPORTING)
def test_it_waits_for_another_thread_that_imports(who: str) -> None:
    done = threading.Event()

    def run() -> None:
        IMPORTING[who]()
        done.set()

    thread = threading.Thread(target=run)
    with jax_modules._LOADING:
        thread.start()
        assert not done.wait(0.5)
    thread.join(60)
    assert done.is_set()
