"""What stands behind each file of a bundle: a table with a row for every file, so that none goes without a word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum, unique

from compile.proof.core.verdict import Proved, Verdict


@unique
class Standing(Enum):
    """Why a file may be relied on, or that it may not, as the certificate says it."""

    PROVED = "proved: read back, and it is the graph"
    WRITTEN_AGAIN = "byte for byte what this version of dagc writes for the graph"
    UNPROVED = "not proved: its reader does not understand it, or it is not the graph"
    COMPARED = "run, and every word compared"
    PINNED = "its values are the graph's; where they come from is taken on trust"
    GRAPH = "the graph itself, known by its content hash"
    DERIVED = "worked out again from the other files"
    UNVERIFIED = "not verified: nothing reads it"


def standings(
    files: Iterable[str],
    verdicts: Sequence[Verdict],
    compared: Collection[str],
    known: Mapping[str, Standing],
) -> dict[str, Standing]:
    """The standing of each of `files`, in order: the worst verdict of the readers that answer for it, or what is `known`.

    `compared` are the files that a campaign ran and compared with the interpreter, word by word.
    """
    return {name: _standing(name, verdicts, compared, known) for name in sorted({*files, *known})}


def _standing(
    name: str, verdicts: Sequence[Verdict], compared: Collection[str], known: Mapping[str, Standing]
) -> Standing:
    read = [each for each in verdicts if name in each.files]
    if read:
        proved = [each for each in read if isinstance(each, Proved)]
        if len(proved) < len(read):
            return Standing.UNPROVED
        return Standing.WRITTEN_AGAIN if all(name in each.written_again for each in proved) else Standing.PROVED
    if name in compared:
        return Standing.COMPARED
    return known.get(name, Standing.UNVERIFIED)


def unverified(standing: Mapping[str, Standing]) -> list[str]:
    """The files for which nothing stands."""
    return [name for name, each in standing.items() if each is Standing.UNVERIFIED]


#: So many files of one standing are named on a terminal; of more, the first, and how many there are.
NAMED = 4


def standing_lines(standing: Mapping[str, Standing]) -> list[str]:
    """What stands behind the files that no proof covers, a line for each kind; the proofs have lines of their own."""
    lines: list[str] = []
    for each in (Standing.COMPARED, Standing.WRITTEN_AGAIN, Standing.PINNED, Standing.UNVERIFIED):
        names = [name for name, found in standing.items() if found is each]
        is_short = len(names) <= NAMED or each is Standing.UNVERIFIED
        if names:
            shown = ", ".join(names) if is_short else f"{names[0]} and {len(names) - 1} more"
            lines.append(f"{shown}: {each.value}")
    return lines
