"""Every worked example of the reference functions, as printed."""

from __future__ import annotations

import doctest
import importlib

import pytest

#: module -> how many examples it holds, so that a lost one is noticed.
MODULES = {"num": 9, "signal": 6, "size": 27, "anchor": 5, "time": 4, "distrack": 20}


@pytest.mark.parametrize("name", MODULES)
def test_the_oracle_prints_its_worked_examples(name: str) -> None:
    module = importlib.import_module(f"tests.oracle.{name}")
    results = doctest.testmod(module)
    assert results.failed == 0
    assert results.attempted == MODULES[name]
