"""`dagc verify`: a bundle against itself. Everything its certificate says is worked out again from the files beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compile.backend import Files, Missing
from compile.backend_record import LibraryRecord
from compile.backends import backend, checked_with, libraries, library_of, record_of
from compile.bundle.bundle import CERTIFICATE, Bundle, BundleProblem, canonical_json, made_with, read_bundle
from compile.campaign.events.catalogue import catalogue_of
from compile.campaign.events.coverage import Coverage
from compile.campaign.run.campaign import Campaign, InProcess, run_campaign
from compile.campaign.run.plan import Plan
from compile.campaign.run.unit import CampaignContext
from compile.certificate.differences import differences
from compile.certificate.document import REPORT
from compile.certificate.tested import SUMS, follows, plan_of
from compile.check.compare import comparable_nodes, explain_divergence
from compile.interpreter.record import REFERENCE
from compile.lane.check import words_a_row
from compile.proof.core.prove import claims, sentence
from compile.proof.core.standing import Standing, standing_lines, unverified
from compile.proof.core.verdict import Verdict
from dag.diagnostics.wording import counted
from dagc.building.certifying import certificate_and_page
from dagc.building.proving import unread, verified
from dagc.building.running import as_on_disk, loaded_runners, said_of
from dagc.terminal.exits import OK, TOOL_MISSING
from dagc.terminal.progress import Stages, row_progress

#: Rows of the campaign that are run again unless all are asked for: its first rounds, as far as they fit.
RERUN_ROWS = 20_000


@dataclass(slots=True)
class VerificationReport:
    """What was checked of a bundle and what was not."""

    folder: Path
    bundle: Bundle
    proofs: list[Verdict]
    standing: dict[str, Standing]
    rows: int = 0
    rerun: int = 0
    checked: list[str] = field(default_factory=list[str])
    missing: dict[str, Missing] = field(default_factory=dict[str, Missing])
    unchecked: list[str] = field(default_factory=list[str])
    #: For each compiled library why it is not known to be what the texts beside it compile to, or cannot be run here.
    unbound: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def open_ends(self) -> list[str]:
        """What keeps the bundle from being verified: an artifact not proved, a library not bound or not run, a file behind which
        nothing stands, a backend whose tool is missing, so that its rows were not run again."""
        return [
            *(f"{each.artifact} is not proved" for each in unread(self.proofs)),
            *(f"{name} is not bound to its source or was not run" for name in self.unbound),
            *(f"{name} is not verified" for name in unverified(self.standing)),
            *(f"{name} was not run" for name in self.missing),
        ]

    @property
    def exit_code(self) -> int:
        """0, or 3 where something is open."""
        return TOOL_MISSING if self.open_ends() else OK

    def _unbound(self) -> list[str]:
        return [f"{file}: {reason}" for file, reasons in self.unbound.items() for reason in reasons]

    def _head(self) -> str:
        graph, ends = self.bundle.graph, self.open_ends()
        verdict = f"NOT VERIFIED: {'; '.join(ends)}" if ends else "verified"
        files = f"{counted(len(self.bundle.files), 'file')} with the hashes of the manifest"
        return f"{self.folder}: {verdict}: {files}, graph {graph.name} {graph.content_hash[:16]}"

    def as_json(self) -> dict[str, Any]:
        """The result as JSON values."""
        return {
            "name": self.bundle.graph.name,
            "graph": self.bundle.graph.content_hash,
            "files": len(self.bundle.files),
            "structure": claims(self.proofs, self.standing),
            "rows": self.rows,
            "rows_run_again": self.rerun,
            "checked": self.checked,
            "not_checked": [*self._unbound(), *self.unchecked],
            "missing": [{"backend": name, "tool": m.tool, "fix": m.fix} for name, m in self.missing.items()],
        }

    def _not_run(self) -> dict[str, Standing]:
        """The standings but of what the certificate says was run: `checked` says what was run here, and `unbound` what was not."""
        return {name: each for name, each in self.standing.items() if each is not Standing.COMPARED}

    def as_text(self) -> str:
        """The result as a few lines."""
        lines = [
            self._head(),
            *(f"  {sentence(each)}" for each in self.proofs),
            *(f"  {line}" for line in standing_lines(self._not_run())),
            *(f"  {line}" for line in self.checked),
            *(f"  {line}" for line in self._unbound()),
            *(f"  not checked: {line}" for line in self.unchecked),
        ]
        lines += [f"  {name}: MISSING: {m.tool}; get it with: {m.fix}" for name, m in self.missing.items()]
        return "\n".join(lines)


def verify(folder: Path, rerun: int | None, stages: Stages) -> VerificationReport:
    """Check the bundle in `folder`, running `rerun` rows of its campaign again (None: all; 0: none).

    Raises BundleProblem naming every file and every word of the certificate that is not what the others make it.
    """
    with stages.stage("hashes"):
        bundle = read_bundle(folder)
    claimed = _claimed(bundle)
    try:
        tested = _shaped(claimed)
        plan = plan_of(tested, bool(bundle.graph.states))
    except (ValueError, KeyError, TypeError) as problem:
        raise _refused(folder, [str(problem)]) from problem
    with stages.stage("prove"), as_on_disk(folder):
        proofs, standing = verified(bundle)
    result = VerificationReport(folder, bundle, proofs, standing)
    with stages.stage("certificate"), as_on_disk(folder):
        text, page = certificate_and_page(
            bundle.graph, bundle.files, made_with(bundle.manifest), proofs, standing, tested
        )
        document = json.loads(text)
        problems = differences(claimed, document)
        if not problems and bundle.files.get(REPORT) != page:
            problems.append(f"{REPORT}: is not the page of this certificate")
        problems += _arithmetic(bundle, plan, tested)
    if problems:
        raise _refused(folder, problems)
    result.checked.append(f"certificate: every word follows from the files; layers: {', '.join(document['layers'])}")
    result.rows = tested["rows"]
    _run_again(result, plan, tested, rerun, stages)
    for library in libraries():
        if library.file in bundle.files:
            _look_at_library(result, library, stages)
    if tested["lane"]["rows"]:
        result.unchecked.append(
            f"the {counted(tested['lane']['rows'], 'row')} of the lane's own function: its source is not in the bundle; "
            f"`dagc check FILE.py:{bundle.graph.name} --bundle {folder}` runs it again"
        )
    result.unchecked += [
        f"{name}, which was not run when the bundle was built: its tool was missing" for name in tested["missing"]
    ]
    result.unchecked.append("the versions and the machine that it says it was made with")
    return result


def _claimed(bundle: Bundle) -> dict[str, Any]:
    data = bundle.files.get(CERTIFICATE)
    if data is None:
        raise BundleProblem(f"the bundle has no {CERTIFICATE}: it claims nothing\n  fix  build it again")
    try:
        claimed = json.loads(data)
    except ValueError as problem:
        raise BundleProblem(f"{CERTIFICATE} cannot be read: {problem}") from problem
    if not isinstance(claimed, dict) or canonical_json(claimed) != data:
        raise BundleProblem(f"{CERTIFICATE} is not canonical: no build writes it like this\n  fix  build it again")
    return claimed


def _shaped(claimed: Mapping[str, Any]) -> dict[str, Any]:
    """The tested part, of a shape that the rest can be worked out from."""
    tested = claimed.get("tested")
    if not isinstance(tested, dict):
        raise ValueError("tested: is missing")
    for name, kind in _SHAPE.items():
        if not isinstance(tested.get(name), kind):
            raise ValueError(f"tested.{name}: is missing, or no {kind.__name__}")
    return tested


_SHAPE: dict[str, type] = {
    "plan": dict,
    "taps": int,
    "rows": int,
    "rows_of": dict,
    "words": int,
    "lane": dict,
    "rejected_rows": int,
    "recomputed_rows": int,
    "differences": int,
    "rounds": list,
    "coverage": dict,
    "missing": list,
}


def _arithmetic(bundle: Bundle, plan: Plan, tested: Mapping[str, Any]) -> list[str]:
    """What does not follow from the plan, the graph and the files: no row is run for this."""
    catalogue, taps = catalogue_of(bundle.graph), len(comparable_nodes(bundle.graph))
    wanted = _backends(bundle)
    backends = [name for name in wanted if name not in tested["missing"]]
    problems = [
        f"tested.missing: names {name}, which no check of this bundle runs"
        for name in tested["missing"]
        if name not in wanted
    ]
    records = follows(plan, taps, backends)
    for number, (record, claimed) in enumerate(zip(records, tested["rounds"], strict=False)):
        said = {name: claimed.get(name) for name in SUMS} if isinstance(claimed, dict) else claimed
        problems += differences(said, record, f"tested.rounds[{number}]")
    if len(records) != len(tested["rounds"]):
        problems.append(f"tested.rounds: the plan has {len(records)} rounds, the certificate {len(tested['rounds'])}")
    if problems:
        return problems
    last = tested["rounds"][-1]
    totals = {
        "taps": taps,
        "rows": last["rows"],
        "rows_of": last["rows_of"],
        "words": last["words"],
        "rejected_rows": last.get("rejected"),
        "recomputed_rows": last.get("recomputed"),
        "differences": 0,
    }
    problems += differences({name: tested[name] for name in totals}, totals, "tested")
    coverage = tested["coverage"]
    never = coverage.get("never")
    possible = sum(event.is_possible for event in catalogue.events)
    unseen = sum(len(names) for names in never.values()) if isinstance(never, dict) else -1
    lane_rows = plan.lane_total()
    on_numbers = {"rows": lane_rows, "words": lane_rows * words_a_row(bundle.graph)}
    problems += differences(tested["lane"], on_numbers, "tested.lane")
    said = {name: coverage.get(name) for name in ("events_possible", "events_seen")}
    return problems + differences(
        said, {"events_possible": possible, "events_seen": possible - unseen}, "tested.coverage"
    )


def _backends(bundle: Bundle) -> list[str]:
    """Who a build with these files compares."""
    names = list(checked_with(tuple(bundle.manifest.get("emitted", ()))))
    shipped = (name for library in libraries() if library.file in bundle.files for name in library.paces)
    return [*names, *shipped]


def _look_at_library(result: VerificationReport, library: LibraryRecord, stages: Stages) -> None:
    """A compiled library driven through every entry, and compiled again from the texts beside it."""
    bundle, folder = result.bundle, result.folder
    files, said = dict(bundle.files), said_of(library, bundle.manifest)
    with stages.stage("examine"), as_on_disk(folder):
        examined = library.examined(bundle.graph, files, said)
    result.checked += examined
    reasons = [] if examined else [f"not run: it was compiled for {said.get('cpu')}, which this CPU is not"]
    with stages.stage("compile again"), as_on_disk(folder):
        unbound = library.why_unbound(files, said)
    if unbound is None:
        result.checked.append(
            f"{library.file}: is byte for byte what {said.get('compiler')} makes of the C files beside it"
        )
    else:
        reasons.append(f"NOT BOUND to its source: {unbound}")
    if reasons:
        result.unbound[library.file] = reasons


def _run_again(
    result: VerificationReport, plan: Plan, tested: Mapping[str, Any], rerun: int | None, stages: Stages
) -> None:
    """The first rounds of the campaign once more, with the files of the bundle: each record has to come out as it stands."""
    claimed = tested["rounds"]
    rounds = len(claimed) if rerun is None else sum(record["rows"] <= rerun for record in claimed)
    if rerun is not None and rerun and not rounds:
        rounds = 1
    if not rounds:
        result.unchecked.append("the campaign: no row of it was run again")
        return
    bundle, folder = result.bundle, result.folder
    files: Files = dict(bundle.files)
    with stages.stage("load"), as_on_disk(folder):
        names = [name for name in _backends(bundle) if library_of(name) is None and name not in tested["missing"]]
        everything = (
            files if record_of(REFERENCE).file in files else {**backend(REFERENCE).lower(bundle.graph), **files}
        )
        runners, result.missing = loaded_runners(bundle.graph, names, everything)
    context = CampaignContext.of(bundle.graph, plan, runners)
    with (
        stages.stage("run again"),
        as_on_disk(folder),
        row_progress("run again", claimed[rounds - 1]["rows"], stages.quiet) as progress,
    ):
        again = run_campaign(
            bundle.graph, plan, context.catalogue, InProcess(context), progress=progress, most_rounds=rounds
        )
    _compare_rounds(folder, tested, again, rounds, bool(result.missing))
    result.rerun = again.report.rows
    part = "all" if rounds == len(claimed) else f"the first {result.rerun:,} of"
    result.checked.append(
        f"campaign: {part} {counted(tested['rows'], 'row')} run again in {', '.join(runners)}: the same words, the same events"
    )
    if rounds < len(claimed):
        result.unchecked.append(
            f"the {counted(tested['rows'] - result.rerun, 'row')} after those (--all runs them too)"
        )


def _compare_rounds(folder: Path, tested: Mapping[str, Any], again: Campaign, rounds: int, is_partial: bool) -> None:
    if again.report.differences:
        first = again.report.first
        page = "" if first is None else f"\n{explain_divergence(first)}"
        raise _refused(
            folder, [f"tested.differences: the certificate says 0, {again.report.differences:,} words differ{page}"]
        )
    problems: list[str] = []
    for number, found in enumerate(again.tally.rounds):
        claimed = tested["rounds"][number]
        place = f"tested.rounds[{number}]"
        if is_partial:
            problems += differences(_without_backends(claimed, found), _without_backends(found, found), place)
        else:
            problems += differences(claimed, found, place)
    if rounds == len(tested["rounds"]):
        problems += differences(tested["coverage"], _covered(again.coverage), "tested.coverage")
    if problems:
        raise _refused(folder, problems)


def _without_backends(record: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """What does not depend on which backends run here: of those that cannot, the share of the rows was worked out."""
    kept = {name: record.get(name) for name in ("rejected", "events_seen", "events")}
    outputs = record.get("outputs")
    return {
        **kept,
        "outputs": {name: outputs.get(name) for name in found["outputs"]} if isinstance(outputs, dict) else None,
    }


def _covered(coverage: Coverage) -> dict[str, Any]:
    return {**coverage.figures(), "never": coverage.never()}


def _refused(folder: Path, problems: list[str]) -> BundleProblem:
    fix = "build it again; if another version of dagc built it, verify it with that one"
    lines = [f"{folder}: {CERTIFICATE} does not follow from the files beside it:", *(f"  {each}" for each in problems)]
    return BundleProblem("\n".join([*lines, f"  fix  {fix}"]))
