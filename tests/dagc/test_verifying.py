"""A certificate says what its bundle bears out and nothing else: whatever is edited, `dagc verify` names it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import dagc
from compile.backend import Misbehaves
from compile.bundle.bundle import CERTIFICATE, MANIFEST, BundleProblem, canonical_json
from compile.c.backend import shared_object
from dagc.building.build import build
from dagc.building.request import BuildRequest
from dagc.checking.verify import RERUN_ROWS, verify
from dagc.terminal.progress import Stages
from tests.support.forging import Edit, forge, rehash

LANE = '''
from typing import Annotated

from dagc import carry, domain, lane


@lane
def average(price: Annotated[float, domain(1e-6, 1e9)], weight: Annotated[float, domain(0.0, 1.0)]) -> float:
    """An average that starts at zero, never above 1,000."""
    level = carry(initial=0.0)
    level = min(level + weight * (price - level), 1000.0)
    return level
'''


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certified")
    (folder / "average.py").write_text(LANE)
    build(
        BuildRequest(f"{folder / 'average.py'}:average", folder / "out", ("interpreter", "c"), 1_500, 7),
        Stages(quiet=True),
    )
    return folder / "out"


@pytest.fixture
def bundle(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "out"))


def test_what_was_built_is_verified_and_says_what_was_not(bundle: Path) -> None:
    result = verify(bundle, RERUN_ROWS, Stages(quiet=True))
    assert (result.exit_code, result.rerun) == (0, 1536)
    text = result.as_text()
    assert (
        "all 1,536 rows run again in interpreter, c, c_batch, kernel.so, kernel.so_batch, kernel.so_step: the same words, the same events"
        in text
    )
    assert "not checked: the versions and the machine" in text
    assert ": verified: " in text.splitlines()[0]
    part = verify(bundle, 600, Stages(quiet=True))
    assert part.rerun == 512
    assert any("1,024 rows after those" in line for line in part.unchecked)
    assert verify(bundle, 0, Stages(quiet=True)).rerun == 0


@pytest.mark.parametrize("name", ["emitted", "versions", "kernel.so", "simplified", "unheard of"])
def test_a_manifest_that_says_other_than_the_certificate_is_not_loaded(bundle: Path, name: str) -> None:
    manifest = json.loads((bundle / MANIFEST).read_text())
    manifest[name] = "changed"
    (bundle / MANIFEST).write_bytes(canonical_json(manifest))
    with pytest.raises(BundleProblem, match=re.escape(f"made_with.{name}")):
        dagc.load(bundle)
    with pytest.raises(BundleProblem, match=re.escape(f"made_with.{name}")):
        verify(bundle, 0, Stages(quiet=True))


def put(path: str, value: Any) -> Edit:
    """Set a place such as `tested.rounds.0.words`; a callable changes what is there."""

    def edit(certificate: dict[str, Any]) -> None:
        *parents, last = (int(key) if key.isdigit() else key for key in path.split("/"))
        place: Any = certificate
        for key in parents:
            place = place[key]
        place[last] = value(place[last]) if callable(value) else value

    return edit


def drop(path: str) -> Edit:
    def edit(certificate: dict[str, Any]) -> None:
        *parents, last = path.split("/")
        place: Any = certificate
        for key in parents:
            place = place[key]
        del place[last]

    return edit


def both(*edits: Edit) -> Edit:
    def edit(certificate: dict[str, Any]) -> None:
        for each in edits:
            each(certificate)

    return edit


def ten_times(certificate: dict[str, Any]) -> None:
    """A campaign ten times as long, every count of it multiplied."""
    text = json.dumps(certificate["tested"])
    grown = json.loads(
        re.sub(r'("(?:rows|words|units|c|c_batch|interpreter|kernel\.so\w*)": )(\d+)', r"\g<1>\g<2>0", text)
    )
    certificate["tested"] = grown


def more_covered(certificate: dict[str, Any]) -> None:
    """One event more was seen, and is in no list of those that never were."""
    coverage = certificate["tested"]["coverage"]
    name, events = next(iter(coverage["never"].items()))
    del coverage["never"][name]
    coverage["events_seen"] += len(events)
    certificate["claims"] = [
        re.sub(r"^coverage: [\d,]+", f"coverage: {coverage['events_seen']:,}", line) for line in certificate["claims"]
    ]


def plus_one(value: Any) -> Any:
    return value + 1


#: Edits that plain arithmetic, the plan and the layers refute.
BY_ARITHMETIC: dict[str, tuple[Edit, str]] = {
    "the number of rows": (put("tested/rows", 150_000), "tested.rows"),
    "the rows of one backend": (put("tested/rows_of/c", plus_one), "tested.rows_of.c"),
    "the words compared": (put("tested/words", plus_one), "tested.words"),
    "the values of a row": (put("tested/taps", plus_one), "tested"),
    "the plan's rows": (put("tested/plan/rows", 15_000), "tested.rounds"),
    "a plan of no campaign": (put("tested/plan/has_state", False), "tested.plan"),
    "every count, tenfold": (ten_times, "tested.rounds"),
    "words of one round": (put("tested/rounds/1/words", plus_one), "tested.rounds[1].words"),
    "a round left out": (put("tested/rounds", lambda rounds: rounds[:-1]), "tested.rounds"),
    "words that differ": (put("tested/differences", 1), "differences"),
    "a backend left out": (
        both(drop("tested/rows_of/c_batch"), put("layers/campaign/backends", ["c", "kernel.so"])),
        "c_batch",
    ),
    "a missing tool made up": (put("tested/missing", ["c_batch"]), "c_batch"),
    "a layer removed": (drop("layers/campaign"), "layers.campaign"),
    "a layer raised": (put("layers/campaign/standing", "proved"), "layers.campaign.standing"),
    "another layer raised": (put("layers/structure/standing", "proved"), "layers.structure.standing"),
    "a layer lowered": (put("layers/operators/standing", "none"), "layers.operators.standing"),
    "a layer's detail removed": (put("operators", {}), "operators.c"),
    "a layer made up": (put("layers/magic", {"standing": "proved"}), "layers.magic"),
    "a claim made up": (put("claims/0", "gpu: proved"), "claims[0]"),
    "an axiom kept quiet": (drop("rests_on/C_COMPILER"), "rests_on.C_COMPILER"),
    "what is not claimed, shortened": (put("not_claimed", []), "not_claimed"),
    "another graph": (put("graph", "0" * 64), "graph"),
    "the hash of an artifact": (put("artifacts/kernel.c", "0" * 64), "artifacts.kernel.c"),
    "the compiler's version": (put("made_with/versions/numpy", "9.9"), "made_with.versions.numpy"),
    "the whole tested part": (drop("tested"), "tested"),
    "a number made a word": (put("tested/rows", "1536"), "tested.rows"),
}
#: Edits that fit the arithmetic: only running the rows again refutes them.
BY_RUNNING: dict[str, tuple[Edit, str]] = {
    "the seed": (put("tested/plan/seed", 8), "tested.rounds[0].outputs"),
    "a digest of outputs": (put("tested/rounds/2/outputs/c", "0" * 64), "tested.rounds[2].outputs.c"),
    "a digest of events": (put("tested/rounds/0/events", "0" * 64), "tested.rounds[0].events"),
    "the coverage digest": (put("tested/coverage/digest", "0" * 64), "tested.coverage.digest"),
    "more events seen": (more_covered, "tested.coverage"),
    "fewer rows rejected": (
        both(put("tested/rounds/2/rejected", plus_one), put("tested/rejected_rows", plus_one)),
        "tested.rounds[2].rejected",
    ),
}


@pytest.mark.parametrize("name", BY_ARITHMETIC)
def test_what_does_not_follow_is_named_without_running_a_row(bundle: Path, name: str) -> None:
    edit, place = BY_ARITHMETIC[name]
    forge(bundle, edit)
    with pytest.raises(BundleProblem, match=re.escape(place)):
        verify(bundle, 0, Stages(quiet=True))


@pytest.mark.parametrize("name", BY_RUNNING)
def test_what_only_the_rows_refute_is_named_when_they_are_run_again(bundle: Path, name: str) -> None:
    edit, place = BY_RUNNING[name]
    forge(bundle, edit)
    with pytest.raises(BundleProblem, match=re.escape(place)):
        verify(bundle, RERUN_ROWS, Stages(quiet=True))


def nothing(certificate: dict[str, Any]) -> None:
    """Leave the words as they are."""


def changed_kernel(bundle: Path) -> dict[str, bytes]:
    text = (bundle / "kernel.c").read_text()
    wrong = text.replace(
        "const double level__1 = price - level__before", "const double level__1 = level__before - price"
    )
    wrong = re.sub(r"(= )(\w+) - (level\w*before)", r"\1\3 - \2", text) if wrong == text else wrong
    assert wrong != text
    return {"kernel.c": wrong.encode()}


def test_a_changed_artifact_is_found_though_every_hash_was_made_to_fit(bundle: Path) -> None:
    forge(bundle, nothing, changed_kernel(bundle))
    with pytest.raises(BundleProblem, match=r"kernel\.c|\bc differs from the interpreter"):
        verify(bundle, RERUN_ROWS, Stages(quiet=True))


def test_a_changed_library_is_found_though_every_hash_was_made_to_fit(bundle: Path) -> None:
    sources = {path.name: path.read_bytes() for path in bundle.iterdir() if path.suffix in (".c", ".h")}
    forge(bundle, nothing, {"kernel.so": shared_object({**sources, **changed_kernel(bundle)})})
    with pytest.raises(BundleProblem, match=re.escape("kernel.so differs from the interpreter")):
        verify(bundle, RERUN_ROWS, Stages(quiet=True))


def sources_of(bundle: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in bundle.iterdir() if path.suffix in (".c", ".h")}


def test_a_library_that_only_a_live_engine_would_find_wrong_is_found(bundle: Path) -> None:
    sources = sources_of(bundle)
    wrong = sources["entry.c"].replace(
        b"int64_t status;\n", b"int64_t status;\n if (bar == 10000) average_init(&carried);\n"
    )
    assert wrong != sources["entry.c"]
    forge(bundle, nothing, {"kernel.so": shared_object({**sources, "entry.c": wrong})})
    with pytest.raises(Misbehaves, match=r"kernel\.so: dagc_rows of 10,243 bars"):
        verify(bundle, 0, Stages(quiet=True))


def test_a_library_of_other_c_is_not_bound_to_its_source(bundle: Path) -> None:
    sources = sources_of(bundle)
    other = shared_object({**sources, "entry.c": sources["entry.c"] + b"\nvoid dagc_more(void)\n{\n}\n"})
    forge(bundle, nothing, {"kernel.so": other})
    result = verify(bundle, 0, Stages(quiet=True))
    assert result.exit_code == 3
    assert "kernel.so: NOT BOUND to its source: " in result.as_text()
    assert ": NOT VERIFIED: kernel.so is not bound to its source" in result.as_text().splitlines()[0]
    assert any("NOT BOUND" in line for line in result.as_json()["not_checked"])


def test_a_library_that_says_another_target_is_found_though_it_is_not_run(bundle: Path) -> None:
    sources = sources_of(bundle)
    wrong = re.sub(rb'return "x86-64[^"]*"', b'return "x86-64-v9"', sources["entry.c"])
    forge(bundle, nothing, {"kernel.so": shared_object({**sources, "entry.c": wrong})})
    with pytest.raises(Misbehaves, match="dagc_target says x86-64-v9"):
        verify(bundle, 0, Stages(quiet=True))


def test_a_library_that_this_cpu_cannot_run_is_no_success(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compile.c.library.runs_here", lambda target: False)
    result = verify(bundle, 0, Stages(quiet=True))
    assert result.exit_code == 3
    text = result.as_text()
    assert "kernel.so: not run: it was compiled for" in text
    assert ": NOT VERIFIED: " in text.splitlines()[0]
    assert "run, and every word compared" not in text


def test_a_page_that_is_not_of_this_certificate_is_found(bundle: Path) -> None:
    page = bundle / "report.html"
    page.write_text(page.read_text().replace("words that differ", "words that differ, none"))
    rehash(bundle)
    with pytest.raises(BundleProblem, match=r"report\.html"):
        verify(bundle, 0, Stages(quiet=True))


def test_a_certificate_that_no_build_writes_is_refused(bundle: Path) -> None:
    path = bundle / CERTIFICATE
    path.write_bytes(path.read_bytes() + b"\n")
    rehash(bundle)
    with pytest.raises(BundleProblem, match="not canonical"):
        verify(bundle, 0, Stages(quiet=True))
    path.write_text("[")
    rehash(bundle)
    with pytest.raises(BundleProblem, match="cannot be read"):
        verify(bundle, 0, Stages(quiet=True))
