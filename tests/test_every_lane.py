"""Every lane of the library and of the examples goes through everything that `dagc build` does by default, but for compilers.

What a compiler or a simulator makes of the lanes is run elsewhere: `tests/lanes/test_against_oracle.py` runs every lane in
Python, XLA and C, and in simulated Verilog packed several to a module; `tests/examples` runs the examples. Here each one is accepted by the
front, traced, lowered by every backend that takes it, and every artifact is read back and proved; and the lane's own function
is compared with the interpreter. `python -m tests.build_everything` builds each with all tools, in an hour or two.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compile.backend import Files, lowers
from compile.backends import backend, emitting
from compile.campaign.run.campaign import campaign
from compile.proof.core.standing import Standing
from compile.proof.core.verdict import Proved
from dagc.building.file_standing import standing_of
from dagc.building.proving import missing_reader, proofs_of
from dagc.building.running import prepared
from tests.support.every_lane import ROOT, examples, library

ROWS = 16
#: The one backend that may refuse a lane: it goes over no window in a clock.
MAY_REFUSE = {"rtl"}
#: Thousands of nodes each, and all of them in `thompson_beta` or `gaussian_draw` as well.
IN_OTHERS = {"log_gamma_draw", "beta_draw", "thompson_gaussian", "normal_ppf"}


def test_all_of_them_are_found() -> None:
    found = library()
    assert len(found) == len({*found}) > 140
    scripts = {each.partition(":")[0] for each in examples()}
    assert {"examples/five_factor.py", "examples/market_maker_quote.py", "examples/first_lane.py"} <= scripts


def once(target: str) -> Any:
    """`target`, left to `make long` where another lane holds all of it."""
    return pytest.param(target, marks=pytest.mark.long) if target.rpartition(":")[2] in IN_OTHERS else target


@pytest.mark.parametrize("target", [once(target) for target in (*library(), *examples())])
def test_it_is_accepted_and_every_lowering_of_it_is_proved(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    source = prepared(target)
    graph = source.graph
    names = [name for name in emitting() if lowers(backend(name), graph)]
    assert {*emitting()} - {*names} <= MAY_REFUSE
    files: Files = {}
    for name in names:
        if absent := missing_reader(name):
            pytest.skip(f"missing: {absent.tool}")
        files |= backend(name).lower(graph)
    proofs = proofs_of(graph, files)
    assert [each.page() for each in proofs if not isinstance(each, Proved)] == []
    standing = standing_of(graph, files, proofs, ())
    assert {standing[name] for name in files} <= {Standing.PROVED, Standing.WRITTEN_AGAIN}
    interpreter = backend("interpreter").load(graph, files)
    report = campaign(graph, {"interpreter": interpreter}, ROWS, 0, lane=source.lane_check()).report
    assert (report.differences, report.words > 0) == (0, True), report.as_text()


def test_the_path_of_a_lane_is_where_it_is_defined() -> None:
    for target in (*library(), *examples()):
        path, _, name = target.partition(":")
        assert f"def {name}(" in Path(ROOT / path).read_text(encoding="utf-8")
