"""`dagc.compile`, `dagc.lint`, `dagc.check` and `dagc.build`: the commands as functions of a lane.

Each takes a lane, a plain function (which is lifted, as `dagc.lift` does), or the text `FILE.py:LANE`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compile.backends import checked, emitting
from dag.language.lane import AnyLane
from dagc.building.request import BuildRequest
from dagc.building.running import prepared
from dagc.building.slots import lane_of
from dagc.checking.request import CampaignOptions, CheckRequest
from dagc.live.kernel import Kernel, kernel_from_graph
from dagc.terminal.progress import Stages

if TYPE_CHECKING:
    from compile.check.report import Report
    from dagc.building.summary import BuildSummary
    from dagc.reporting.lint import LintReport

#: What stands for a lane.
LaneLike = AnyLane | Callable[..., Any] | str


def compile(lane: LaneLike) -> Kernel:
    """The lane's C kernel, compiled in memory: nothing is written, and nothing is compared with it.

    The kernel computes the words that every other backend computes; `dagc.check` shows that it does, `dagc.build` writes it down.
    Raises CompileError with everything that `dagc lint` says is wrong, and RuntimeError where there is no C compiler.
    """
    return kernel_from_graph(prepared(lane).graph)


def lint(lane: LaneLike) -> LintReport:
    """The errors and remarks about a lane; `print` shows them as `dagc lint` does."""
    from dagc.reporting.lint import lint_lane

    return lint_lane(lane_of(lane))


def check(
    lane: LaneLike,
    data: Any = None,
    *,
    params: object = None,
    rows: int | None = None,
    seed: int = 0,
    backends: Sequence[str] | None = None,
) -> Report:
    """Compare every value of every lane in all backends, as 64-bit words, beside your own function called on numbers.

    data      bars to replay, state carried over them: a pandas, polars or Arrow table, a mapping of columns, or the path of a file
    params    the parameters for `data`, as `Kernel.bind` takes one set of them
    rows      how many rows to sample; None: 10,000 without `data`, else none
    backends  those to compare; None: all that take the lane and whose tools are here

    Returns the report, which `print` shows: `report.passed` says whether everything ran and no bit differed. Raises CompileError,
    DataProblem, BindingProblem; ValueError for a backend that does not exist.
    """
    from dagc.checking.check import check as run

    file = Path(data) if isinstance(data, str | Path) else data
    request = CheckRequest(
        lane,
        _named(backends, checked()),
        data=file,
        params=params,
        rows=rows,
        seed=seed,
        campaign=CampaignOptions(jobs=1, is_kept=False),
    )
    return run(request, Stages(quiet=True))


def build(
    lane: LaneLike,
    folder: str | Path,
    *,
    backends: Sequence[str] | None = None,
    rows: int | None = None,
    seed: int = 0,
    simplify: bool = False,
) -> BuildSummary:
    """Write a bundle into `folder`, as `dagc build` does: every lowering emitted, proved, checked against the others, or nothing.

    Returns the summary, which `print` shows as the screen of the command. Raises CompileError, and Refused where an artifact is
    another program; where a bit differs, nothing is written and the summary's report says which.
    """
    from dagc.building.build import build as run

    chosen = _named(backends, emitting())
    return run(BuildRequest(lane, Path(folder), chosen, rows, seed, simplify=simplify), Stages(quiet=True))


def _named(backends: Sequence[str] | str | None, choices: Sequence[str]) -> tuple[str, ...] | None:
    """The backends that the caller named; ValueError where one is none of `choices`, or where there are none: nothing is left out
    of a comparison because its name was misspelt."""
    if backends is None:
        return None
    names = (backends,) if isinstance(backends, str) else tuple(backends)
    unknown = [name for name in names if name not in choices]
    if unknown or not names:
        said = f"there is no backend {', '.join(map(repr, unknown))}" if unknown else "backends=[] names none"
        raise ValueError(f"{said}; there are {', '.join(choices)}")
    return names
