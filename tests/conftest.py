"""Options and fixtures that all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.support.extras import missing_extra
from tests.support.tiers import VARIABLE, Tier, is_fast, tier

ROOT = Path(__file__).parents[1]
#: What each process of pytest leaves out, and where the controller of several adds it up.
_LEFT_OUT = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write expected texts anew instead of comparing them")
    parser.addoption("--tier", type=Tier, choices=[*Tier], help="how much runs: fast, test (the default) or long")


def pytest_configure(config: pytest.Config) -> None:
    """The tier is in the environment, where workers and the processes that tests start find it too."""
    config.addinivalue_line("markers", "long: repeats a kind of check on more inputs; runs in `make long` only")
    if chosen := config.getoption("--tier"):
        os.environ[VARIABLE] = chosen
    # A test that breaks the compiler on purpose must not be given what the healthy one built before.
    os.environ["DAGC_FRESH"] = "1"
    left_out: set[str] = set()
    config.stash[_LEFT_OUT] = left_out
    # Examples are drawn from the text of the test, not at random: a run that fails, fails again.
    hypothesis.settings.register_profile("dagc", derandomize=True, deadline=None, database=None)
    hypothesis.settings.load_profile("dagc")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """`make fast` does not even import the other files."""
    if tier() is not Tier.FAST or collection_path.is_dir():
        return None
    return None if is_fast(collection_path.relative_to(ROOT)) else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only `make long` runs."""
    if tier() is Tier.LONG:
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if not item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left_out)
    config.stash[_LEFT_OUT].update(item.nodeid for item in left_out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        left_out = session.config.stash[_LEFT_OUT]
        output["left_out"] = sorted(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left_out", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """No tier is silent about what it does not run."""
    if left_out := config.stash[_LEFT_OUT]:
        terminalreporter.write_line(f"{len(left_out)} tests were left to `make long` (pytest --tier long)")
    if tier() is Tier.FAST:
        terminalreporter.write_line("only tests that need no compiler and no simulator: `make test` runs every kind")


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
