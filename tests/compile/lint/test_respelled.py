"""A lint judges the graph: programs in 32 bits, or with other words for the same thing, get the same findings."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from compile.front import front
from dag.files.loading import lanes_in_file
from dag.language.lane import AnyLane
from tests.support.respelled import narrowed, with_extrema_as, with_masks
from tests.support.tiers import few

HERE = Path(__file__).parent
PROGRAMS = sorted(path for folder in ("accepted", "refused", "spellings") for path in (HERE / folder).glob("*.py"))
SPELLINGS: dict[str, Callable[[str], str]] = {
    "in 32 bits": narrowed,
    "choice": with_extrema_as("{b} if {b} {less} {a} else {a}"),
    "turned choice": with_extrema_as("{b} if {a} {more} {b} else {a}"),
    "negated choice": with_extrema_as("{a} if not {b} {less} {a} else {b}"),
    "mask": with_masks,
}


#: A window holds no 32 bits; what a choice guards, a mask does not, and it keeps NaN; a mask of floats fits no float32.
NOT_SPELT_SO = {("in 32 bits", "remembered"), ("mask", "w023_asked"), ("mask", "w023_cond"), ("mask", "w005_cap")}


def found(lane: AnyLane) -> set[tuple[str, int]]:
    """The codes and lines that are said of a lane; what depends on the wording alone (an unnamed number) apart."""
    return {(each.code, each.span.line) for each in front(lane).found if each.span and each.code != "W004"}


@cache
def found_as_written(file: Path) -> dict[str, set[tuple[str, int]]]:
    """The findings of each lane in `file`."""
    return {name: found(lane) for name, lane in lanes_in_file(str(file)).items()}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("file", few(PROGRAMS, 2), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_another_spelling_has_the_same_findings(file: Path, spelling: str, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    other = SPELLINGS[spelling](text)
    respelled = tmp_path / file.name
    respelled.write_text(other, encoding="utf-8")
    before, after = found_as_written(file), lanes_in_file(str(respelled))
    assert before.keys() == after.keys()
    for name, expected in before.items():
        said = found(after[name])
        # An int meets a float without a word, an int32 a float32 does not: that is another program.
        if (spelling, name) not in NOT_SPELT_SO and not (spelling == "in 32 bits" and "E030" in dict(said)):
            assert said == expected, name


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_changes_programs(spelling: str) -> None:
    changed = [file for file in PROGRAMS if SPELLINGS[spelling](text := file.read_text(encoding="utf-8")) != text]
    assert len(changed) >= 2
