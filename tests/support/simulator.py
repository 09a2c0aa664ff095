"""Marks for tests that simulate Verilog: skipped, with the reason, where this machine lacks the tool."""

from __future__ import annotations

import pytest

from rtl.simulate import icarus, verilator

_VERILATOR = verilator.missing()
_ICARUS = icarus.missing()

needs_verilator = pytest.mark.skipif(_VERILATOR is not None, reason=f"no {_VERILATOR.tool}" if _VERILATOR else "")
needs_icarus = pytest.mark.skipif(_ICARUS is not None, reason=f"no {_ICARUS.tool}" if _ICARUS else "")
