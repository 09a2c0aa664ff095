"""`build`, `check` and `verify` and the lane's own function: compared, listed first, and plainly not run where it cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compile.bundle.bundle import BundleProblem
from dag.trace.selection import select
from dagc.building.build import build
from dagc.building.request import BuildRequest
from dagc.building.summary import summary_text
from dagc.checking.check import check
from dagc.checking.request import CampaignOptions, CheckRequest
from dagc.checking.verify import verify
from dagc.terminal.progress import Stages

SOURCE = """
from typing import Annotated
from dagc import carry, domain, lane


@lane
def capped(x: Annotated[float, domain(-9.0, 9.0)]) -> float:
    level = carry(initial=0.0)
    level = level * 0.5 + x
    if level > 4.0:
        return 4.0
    return level
"""


@pytest.fixture
def target(tmp_path: Path) -> str:
    file = tmp_path / "capped.py"
    file.write_text(SOURCE)
    return f"{file}:capped"


def built(target: str, folder: Path) -> Any:
    return build(BuildRequest(target, folder, ("interpreter",), 400, 0), Stages(quiet=True))


def swap_the_arms(monkeypatch: pytest.MonkeyPatch) -> None:
    def swapped(frame: Any, at: Any, condition: int, chosen: Any, otherwise: Any, *places: Any) -> Any:
        return select(frame, at, condition, otherwise, chosen, *places)

    monkeypatch.setattr("dag.trace.returns.select", swapped)


def test_a_build_counts_the_lane_and_a_bundle_says_that_it_cannot_run_it(target: str, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    summary = built(target, folder)
    assert summary.exit_code == 0
    rows = summary.report.rows_of["lane"]
    assert list(summary.report.rows_of) == ["lane", "interpreter"]
    assert f"lane                 {rows} rows of your own function, called on numbers" in summary_text(summary)
    certificate = json.loads((folder / "certificate.json").read_bytes())
    assert certificate["tested"]["lane"] == {"rows": rows, "words": rows * 3}
    assert any(
        claim.startswith(f"lane: {rows} sampled rows of the lane's own function") for claim in certificate["claims"]
    )
    verified = verify(folder, 100, Stages(quiet=True))
    assert verified.exit_code == 0
    assert any(f"the {rows} rows of the lane's own function" in line for line in verified.unchecked)
    report = check(CheckRequest(target, bundle=folder, rows=200), Stages(quiet=True))
    assert (report.exit_code, next(iter(report.rows_of))) == (0, "lane")


def test_a_build_of_a_wrong_trace_writes_nothing(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swap_the_arms(monkeypatch)
    summary = built(target, tmp_path / "bundle")
    assert summary.exit_code == 1
    assert not (tmp_path / "bundle").exists()
    text = summary_text(summary)
    assert "lane differs from the interpreter at bar 0" in text
    assert "output `capped`  at capped.py:11" in text


def test_a_check_of_a_wrong_trace_writes_what_the_lane_was_given(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap_the_arms(monkeypatch)
    data = tmp_path / "bars.csv"
    data.write_text("x\n1.0\n2.5\n-1.0\n")
    options = CampaignOptions(out=tmp_path / "out")
    for source, rows in ((data, None), (None, 1_000)):
        report = check(CheckRequest(target, ("lane",), data=source, rows=rows, campaign=options), Stages(quiet=True))
        assert report.exit_code == 1
        (page,) = report.written
        text = Path(page).read_text()
        assert "lane differs from the interpreter at bar 0" in text
        assert "bar 0: x=" in text


def test_workers_run_the_lane_too(target: str, tmp_path: Path) -> None:
    def campaign(jobs: int) -> dict[str, Any]:
        options = CampaignOptions(jobs=jobs, out=tmp_path / str(jobs))
        return check(CheckRequest(target, ("lane",), rows=600, campaign=options), Stages(quiet=True)).as_json()

    alone = campaign(1)
    assert alone["rows_of"]["lane"] == alone["rows"] >= 600
    assert campaign(2) == alone


def test_the_lane_of_a_deployed_bundle_can_be_checked_beside_it(tmp_path: Path) -> None:
    file, pins = tmp_path / "scaled.py", tmp_path / "pins.toml"
    file.write_text(
        "from typing import Annotated\nfrom dagc import domain, lane, params\n\n"
        "@params\nclass By:\n    factor: Annotated[float, domain(0.0, 9.0)] = 2.0\n\n"
        "@lane\ndef scaled(x: Annotated[float, domain(-9.0, 9.0)], p: By) -> float:\n    return x * p.factor\n"
    )
    pins.write_text("factor = 3.0\n")
    folder, target = tmp_path / "bundle", f"{file}:scaled"
    build(BuildRequest(target, folder, ("interpreter",), 100, 0, pins=(str(pins),)), Stages(quiet=True))
    report = check(CheckRequest(target, bundle=folder, rows=100), Stages(quiet=True))
    assert (report.exit_code, next(iter(report.rows_of))) == (0, "lane")
    file.write_text(file.read_text().replace("x * p.factor", "x + p.factor"))
    with pytest.raises(BundleProblem, match="they are two programs"):
        check(CheckRequest(target, bundle=folder, rows=100), Stages(quiet=True))
