"""Every worked example of the reference functions, as printed. A module joins by stating how many it has in `EXAMPLES`."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("test_"))


@pytest.mark.parametrize("name", MODULES)
def test_the_oracle_prints_its_worked_examples(name: str) -> None:
    module = importlib.import_module(f"tests.oracle.{name}")
    results = doctest.testmod(module)
    assert results.failed == 0
    assert results.attempted == module.EXAMPLES
