"""What `dagc inspect` says of what a graph remembers."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from dagc.cli import main as command

LANE = """\
from typing import Annotated

from dag import carry, domain, lane, params, persistent, warm

@params
class P:
    bars: Annotated[int, domain(1, 500)] = 30
    share: float = 0.5

@lane
def smooth(x: float, p: P) -> tuple[float, float, bool]:
    level = carry(initial=x, lifetime=persistent(max_age=3600.0, cold=7.0), warm_up=p.bars)
    slow = carry(initial=0.0, warm_up=5, when=x > 0.0)
    last = carry(initial=0.0, lifetime="tick")
    was, last = last, x
    level = level + 0.5 * (x - level)
    slow = slow + 0.5 * p.share * (level - slow)
    return slow, was, warm(slow)
"""


def test_lifetimes_and_warm_ups_are_shown(tmp_path: Path) -> None:
    (tmp_path / "smooth.py").write_text(LANE)
    out = tmp_path / "out"
    built = CliRunner().invoke(
        command, ["build", f"{tmp_path / 'smooth.py'}:smooth", "-o", str(out), "--emit", "interpreter", "--rows", "8"]
    )
    assert built.exit_code == 0, built.output
    shown = CliRunner().invoke(command, ["inspect", str(out)]).output
    for line in (
        "  bars   i64                    default 30, domain [1, 500]",
        "  share  f64                    default 0.5, domain any finite value",
        "  last           f64                    initial 0.0, tick",
        "  level          f64                    initial 0.0, persistent, 3600 s, cold 7.0, warm after 30 updates",
        "  level.started  bool                   initial False, persistent, 3600 s, cold True",
        "  level.updates  i64                    initial 0, persistent, 3600 s",
        "  slow           f64                    initial 0.0, warm after 35 updates",
        "  slow.updates   i64                    initial 0",
        "  result.0  f64                    safe 0.0, warm after 35 updates",
        "  result.1  f64                    safe 0.0",
        "  result.2  bool                   safe False",
    ):
        assert line in shown.splitlines(), (line, shown)
