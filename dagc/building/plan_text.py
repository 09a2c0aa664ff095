"""What a build would do, and why: `dagc build --plan`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from compile.backend import fewer_rows
from compile.backend_record import Pace
from compile.backends import backend, checked_with, record_of
from compile.campaign.run.plan import LANE_CHECK_ROWS, LEAST_LANE_ROWS
from dag.diagnostics.wording import counted
from dagc.building.build import RTL_CHECK_ROWS
from dagc.building.plan import BuildPlan


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a build would do, to what, and why."""

    stage: str
    what: str
    why: str


def steps_of(plan: BuildPlan, is_kept: bool) -> list[Step]:
    """The steps of a build that is planned, in order; `is_kept`: an equal one was finished before, and is kept."""
    request, chosen, graph = plan.request, plan.targets, plan.source.graph
    if is_kept:
        return [
            Step(
                "write",
                str(request.folder),
                "an equal build is kept, and nothing changed since; --fresh runs everything",
            )
        ]
    files = {name: backend(name, request.rtl_instances).lower(graph) for name in chosen.names}
    because = "named" if chosen.are_named else "it takes the graph, and its tools are here"
    steps = [Step("emit", name, because) for name in chosen.names]
    steps += [Step("leave out", name, reason) for name, reason in chosen.left_out.items()]
    for name in chosen.names:
        readers = [reader for reader in record_of(name).readers(files[name]) if reader.file in files[name]]
        steps += [Step("prove", reader.artifact, f"every value of {counted(len(graph), 'node')}") for reader in readers]
    for name in chosen.names:
        if (library := record_of(name).library) is not None:
            steps.append(
                Step(
                    "compile",
                    library.file,
                    f"{record_of(name).tools()}; kept by its text, so what is kept is not compiled again",
                )
            )
    steps.append(
        Step(
            "run",
            "your own function",
            f"about {min(plan.rows, fewer_rows(graph, LANE_CHECK_ROWS, LEAST_LANE_ROWS)):,} rows on numbers, and 256 bars in a row",
        )
    )
    for name in checked_with(chosen.names):
        record = record_of(name)
        if (missing := record.missing()) is not None:
            steps.append(Step("not run", name, f"{missing.tool} is missing ({missing.fix})"))
        else:
            rows = min(plan.rows, RTL_CHECK_ROWS) if record.pace is Pace.SIMULATED else plan.rows
            by = "" if record.library is not None or record.runs else f"; {record.tools()}"
            steps.append(
                Step("run", name, f"about {rows:,} sampled rows, seed {request.seed}, every value compared{by}")
            )
    return [
        *steps,
        Step("write", str(request.folder), "where no bit differs and every artifact is the graph's program"),
    ]


def plan_text(plan: BuildPlan, steps: list[Step]) -> str:
    """The plan for a terminal."""
    graph = plan.source.graph
    head = f"{graph.name}  {graph.content_hash[:16]}, {counted(len(graph), 'node')}: traced, without an error"
    wide = max(len(step.stage) for step in steps)
    what = max(len(step.what) for step in steps)
    return "\n".join(
        [head, *(f"  {s.stage:<{wide}}  {s.what:<{what}}  {s.why}" for s in steps), "nothing was run or written"]
    )


def plan_json(plan: BuildPlan, steps: list[Step]) -> dict[str, Any]:
    """The plan as JSON values."""
    return {"graph": plan.source.graph.content_hash, "steps": [asdict(step) for step in steps]}
