"""Options and fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write expected texts anew instead of comparing them")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Path], None]:
    """`golden(text, file)` asserts that `file` holds `text`; with --update-golden it writes the file."""
    update: bool = request.config.getoption("--update-golden")

    def compare(text: str, file: Path) -> None:
        if update:
            file.write_text(text, encoding="utf-8")
        assert file.exists(), f"{file} is missing: run pytest with --update-golden, and read what it writes"
        assert text == file.read_text(encoding="utf-8")

    return compare
