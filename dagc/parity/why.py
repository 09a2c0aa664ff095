"""Why the lane and the user's code differ: libm, or a factor that one of them has and the other has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.backend import Batch
from compile.check.run import bars_of, instances_of
from dag.values.words import Words
from dagc.parity.asking import Mask, OracleAnswers, ask
from dagc.parity.libm import LibmFinding, explain_by_libm
from dagc.parity.oracle import oracle_of
from dagc.parity.removal import Removal, removals
from dagc.parity.setting import ParitySetup, run_lane
from dagc.parity.tally import differing

#: Rows that differ and are examined again.
EXAMINED = 1500
#: Bars of a long replay that are examined again, where not all of those rows are among fewer.
FIRST_BARS = 20_000


@dataclass(frozen=True)
class Explanation:
    """What was found about `examined` of the rows that differ: libm's part, the removals that explain some, and how many
    agree to the bit without the first of them and without libm."""

    examined: int
    libm: LibmFinding | None = None
    removed: Sequence[Removal] = ()
    together: int = 0


def why_they_differ(
    setting: ParitySetup, batch: Batch, answers: OracleAnswers, accepted: Mask, wrong: Mask, with_oracle: bool
) -> Explanation:
    """Why the two differ, found out on some of the rows that do."""
    last = _last_bar(wrong)
    batch, accepted, wrong = bars_of(batch, 0, last, batch.state), accepted[:last], wrong[:last]
    chosen = _some_instances(wrong)
    part = instances_of(batch, chosen)
    here = OracleAnswers(
        {name: each[:last, chosen] for name, each in answers.words.items()},
        {name: each[:last, chosen] for name, each in answers.there.items()},
        {
            (bar, int(np.searchsorted(chosen, i))): text
            for (bar, i), text in answers.odd.items()
            if i in chosen and bar < last
        },
    )
    taken, differ = accepted[:, chosen], wrong[:, chosen]
    examined = int(np.count_nonzero(differ))
    lane, _ = run_lane(setting.graph, setting.runner, part, setting.names)

    def agreeing(code: Any, words: Mapping[str, Words] = lane) -> int:
        other = oracle_of(code, setting.oracle.method, setting.ports, setting.mapping)
        asked = ask(setting.graph, setting.ports, other, part, taken, setting.names)
        return int(np.count_nonzero(differ & ~differing(words, asked, taken)))

    libm = explain_by_libm(setting.oracle.target, examined, agreeing) if with_oracle else None
    if libm is not None and libm.explained == examined:
        return Explanation(examined, libm)
    removed = removals(setting.graph, part, here, taken, differ)
    together = 0
    if libm is not None and removed and removed[0].explained < examined:
        together = agreeing(libm.without, removed[0].words(setting.graph, part, list(here.words)))
    return Explanation(examined, libm, removed, together)


def _some_instances(wrong: Mask) -> Any:
    """Instances that differ, until they hold EXAMINED rows that do or as many rows in all ten times over."""
    per_instance = np.count_nonzero(wrong, axis=0)
    chosen = np.flatnonzero(per_instance)
    few = int(np.searchsorted(np.cumsum(per_instance[chosen]), EXAMINED)) + 1
    return chosen[: max(1, min(few, 10 * EXAMINED // wrong.shape[0]))]


def _last_bar(wrong: Mask) -> int:
    """After which bar enough of a long replay was seen: EXAMINED rows that differ, or all of its first bars."""
    seen = np.cumsum(np.count_nonzero(wrong, axis=1))
    enough: int = int(np.searchsorted(seen, EXAMINED)) + 1
    first: int = int(np.argmax(wrong.any(axis=1))) + 1
    return min(enough, max(first, FIRST_BARS), len(wrong))
