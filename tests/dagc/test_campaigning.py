"""Campaigns as a command: killed, on several processes, on a cluster that loses a worker; the results are the same bytes."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from compile.backend import Runner
from compile.campaign.run.campaign import InProcess, run_campaign
from compile.campaign.run.plan import Plan
from compile.campaign.run.unit import CampaignContext
from dag.operators import table as ops
from dagc.checking.campaign import CampaignPlace, campaign_at
from dagc.checking.diagnosing import write_diagnosis
from dagc.checking.ray_workers import RayWorkers
from dagc.checking.workers import WorkerTask
from tests.support.faulty import Faulty
from tests.support.tampering import GRAPH, interpreter
from tests.support.tiers import count

LANE = '''
from typing import Annotated

from dagc import carry, domain, lane


@lane
def slow_average(price: Annotated[float, domain(1e-6, 1e9)], weight: Annotated[float, domain(0.0, 1.0)]) -> float:
    """An average that starts at its first price."""
    level = carry(initial=0.0)
    level = level + weight * (price - level)
    return level
'''
RESULTS = ("campaign.json", "coverage.json", "coverage.txt")


def command(out: Path, *more: str) -> list[str]:
    words = ["check", "slow.py:slow_average", "--campaign", "30000", "--backends", "c_batch", "--out", str(out), *more]
    return [sys.executable, "-m", "dagc", *words]


def results(out: Path) -> dict[str, bytes]:
    (folder,) = out.iterdir()
    assert {path.name for path in folder.iterdir()} == {*RESULTS}
    return {name: (folder / name).read_bytes() for name in RESULTS}


def size_on_disk(out: Path) -> int:
    """Bytes of the journal and the checkpoint; either may be replaced at any time."""
    total = 0
    for name in ("journal.jsonl", "checkpoint.json"):
        for path in out.glob(f"*/{name}"):
            with suppress(FileNotFoundError):
                total += path.stat().st_size
    return total


#: `dagc` in a process that kills itself once it has put a step into the journal.
_DYING = """
import os, signal, sys
from compile.campaign.run.journal import Journal
from dagc.cli import main

add = Journal.add
def add_and_die(*arguments):
    add(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
Journal.add = add_and_die
main(sys.argv[1:])
"""


def test_killed_again_and_again_it_goes_on_and_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(LANE)
    python, _, _, *words = command(tmp_path / "killed")
    for _ in range(count(2, 4)):
        before = size_on_disk(tmp_path / "killed")
        died = subprocess.run([python, "-c", _DYING, *words], cwd=tmp_path, capture_output=True, check=False)
        assert died.returncode == -signal.SIGKILL, died.stderr
        assert size_on_disk(tmp_path / "killed") > before
    last = subprocess.run(command(tmp_path / "killed"), cwd=tmp_path, capture_output=True, check=False)
    out, err = last.stdout, last.stderr
    assert last.returncode == 0, err
    assert b"continuing after" in err
    assert b"bit-identical" in out
    done = subprocess.run(command(tmp_path / "whole", "--jobs", "2"), cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert results(tmp_path / "killed") == results(tmp_path / "whole")


@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")  # jax, where an earlier test of this process loaded it
def test_a_cluster_that_loses_a_worker_says_the_same(tmp_path: Path) -> None:
    ray = pytest.importorskip("ray")
    plan = Plan(4_000, 5, has_state=True)
    runners = {"interpreter": interpreter(), "c": interpreter()}
    here = run_campaign(
        GRAPH,
        plan,
        CampaignContext.of(GRAPH, plan, runners).catalogue,
        InProcess(CampaignContext.of(GRAPH, plan, runners)),
    )
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        workers = RayWorkers(WorkerTask.of(GRAPH, plan, ("interpreter", "c"), None, "key"), GRAPH, "local", ray)

        def whoever() -> int:
            time.sleep(0.5)
            return os.getpid()

        processes = set(ray.get([ray.remote(num_cpus=1)(whoever).remote() for _ in range(2)]))
        assert len(processes) == 2

        class Killing:
            def run(self, numbers, steering):  # type: ignore[no-untyped-def]
                for number, outcome in workers.run(numbers, steering):
                    if processes:
                        os.kill(processes.pop(), signal.SIGKILL)
                    yield number, outcome

        there = run_campaign(GRAPH, plan, here.coverage.catalogue, Killing())
        assert not processes, "two workers were killed"
    finally:
        ray.shutdown()
    assert there.tally.rounds == here.tally.rounds
    assert there.coverage.as_json() == here.coverage.as_json()
    assert there.report.as_json() == here.report.as_json()


def test_a_wrong_backend_is_diagnosed_with_a_standalone_reproducer(tmp_path: Path) -> None:
    wrong = Faulty({ops.ADD: lambda a, b: a + b if a < 4.0 else math.nextafter(a + b, 0.0)}, name="odd")
    runners = {"interpreter": interpreter(), "odd": wrong.load(GRAPH, {})}
    plan = Plan(2_000, 1, has_state=True, interpreter_rows=2_000)
    place = CampaignPlace(tmp_path / "out", is_kept=True)
    found = campaign_at(GRAPH, plan, runners, {}, None, place, lambda rows: None)
    assert found.report.exit_code == 1
    assert found.report.first is not None
    assert (found.report.first.backend, found.report.first.op) == ("odd", "add")
    report, script = (Path(path) for path in found.report.written)
    page = report.read_text()
    assert "odd differs from the interpreter" in page
    assert "one bar is enough" in page
    assert "computed from (" in page
    assert "level = add(level.before, step)" in page
    assert "outputs that differ: level" in page
    shown = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown.returncode == 1, shown.stderr
    assert "odd differs from the interpreter" in shown.stdout
    assert "today the interpreter says 0x" in shown.stdout


class RightAlone(Faulty):
    """Wrong about every instance but the first: wrong only in company."""

    def load(self, graph, files):  # type: ignore[no-untyped-def]
        right, wrong = interpreter(), Faulty.load(self, graph, files)

        class Runner:
            def run(self, batch, nodes):  # type: ignore[no-untyped-def]
                return (right if batch.instances == 1 else wrong).run(batch, nodes)

        return Runner()


def test_what_is_wrong_only_in_company_is_said_to_be(tmp_path: Path) -> None:
    odd: Runner = RightAlone({ops.MUL: lambda a, b: -(a * b)}, name="odd").load(GRAPH, {})  # type: ignore[no-untyped-call]
    runners = {"interpreter": interpreter(), "odd": odd}
    plan = Plan(200, 1, has_state=True)
    context = CampaignContext.of(GRAPH, plan, runners)
    found = run_campaign(GRAPH, plan, context.catalogue, InProcess(context))
    report, script = write_diagnosis(context.catalogue, runners, None, found.tally.findings[0], tmp_path, "this test")
    assert "it is wrong only beside other instances" in report.read_text()
    shown = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown.returncode == 1, shown.stderr
