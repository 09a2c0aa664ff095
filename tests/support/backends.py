"""The backends a test is run on: all there are, each skipped with its reason where its tool is missing."""

from __future__ import annotations

import pytest

from compile.backend import Backend
from compile.c.backend import C
from compile.c.runner import Entry
from compile.interpreter.backend import Interpreter
from compile.xla.backend import Xla
from rtl.backend import Verilog
from tests.support.tiers import Tier, tier

BACKENDS: dict[str, Backend] = {
    backend.name: backend for backend in (Interpreter(), Xla(), C(Entry.ROW), C(Entry.BATCH), Verilog())
}
#: A second way to hardware, for tests that are about state.
INTERLEAVED: Backend = Verilog(instances=8)


def backend_or_skip(name: str) -> Backend:
    """The backend called `name`; skips the test, with the reason, where this machine lacks its tool."""
    if tier() is Tier.FAST and name != Interpreter().name:
        pytest.skip(f"`make test` runs it in {name}")
    backend = INTERLEAVED if name == INTERLEAVED.name else BACKENDS[name]
    missing = backend.missing()
    if missing is not None:
        pytest.skip(f"{name} needs {missing.tool}: {missing.fix}")
    return backend
