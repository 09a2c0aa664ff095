"""Options and fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.support.extras import missing_extra


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


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A file that imports a package of an extra is skipped where that extra is not installed, and says so."""
    report = yield
    if report.failed and (missing := missing_extra(str(report.longrepr))):
        report.outcome, report.longrepr = "skipped", (str(collector.path), 0, missing)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """So is a single test that does, or whose command answered that it needs the extra."""
    report = yield
    if report.failed and (missing := missing_extra(str(report.longrepr))):
        report.outcome, report.longrepr = "skipped", (str(item.path), 0, missing)
    return report
