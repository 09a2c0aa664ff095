"""What a restored snapshot keeps: the lifetimes of carried values, as one function from state to state.

| lifetime   | "unbroken" | "same"                         | "new"                          |
| ---------- | ---------- | ------------------------------ | ------------------------------ |
| tick       | kept       | initial                        | initial                        |
| session    | kept       | kept                           | initial                        |
| persistent | kept       | kept up to `max_age`, else cold | kept up to `max_age`, else cold |

"unbroken" is for a process that goes on with the very next bar; "same" for one that may have missed bars of its session;
"new" for the first bars of another session. An age of just `max_age` is not too old. Where no age is known, or it is negative,
a persistent state is cold; a negative age is also worth a warning, since a clock is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias

import numpy as np

from dag.graphs.graph import Graph, State
from dag.language.lifetime import LifetimeKind
from dag.values.types import Value
from dag.values.words import Column
from dagc.live.state import WrongSnapshot, checked_time, unpack_state_and_time

Session: TypeAlias = Literal["unbroken", "same", "new"]


class Reason(Enum):
    """Why a state is not as it was in the snapshot."""

    BARS_MISSED = "bars may have been missed"
    SESSION_ENDED = "its session ended"
    TOO_OLD = "it is older than its max_age"
    AGE_UNKNOWN = "its age is not known"
    FROM_THE_FUTURE = "it was taken after the time of restoring: a clock is wrong"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a snapshot. `anew` holds, by name, why a state begins again; every other state is as it was."""

    anew: Mapping[str, Reason]

    @property
    def warn(self) -> bool:
        """Whether something is wrong with a clock."""
        return Reason.FROM_THE_FUTURE in self.anew.values()


def restore_state(
    graph: Graph, snapshot: bytes, instances: int, at: float | None, session: Session | None
) -> tuple[dict[str, Column], Restored]:
    """The columns [instances] to go on from, for any backend, and what was kept of the snapshot.

    `at` is the time in seconds, on the clock of `snapshot(at=...)`; `session` may be left out only where the snapshot holds
    no time, and is then "unbroken". Raises WrongSnapshot, and ValueError for a time that is none.
    """
    state, taken_at = unpack_state_and_time(graph, snapshot, instances)
    if session is None and (at is not None or taken_at is not None):
        raise WrongSnapshot(
            "the snapshot holds the time at which it was taken, or one was given: say what lies between, "
            'session="same" or "new" with at=..., or session="unbroken" to go on with the very next bar'
        )
    age = None if at is None or taken_at is None else checked_time(at) - taken_at
    return lasting_state(graph, state, age, session or "unbroken")


def lasting_state(
    graph: Graph, state: Mapping[str, Column], age: float | None, session: Session
) -> tuple[dict[str, Column], Restored]:
    """What `session` and an age in seconds leave of the columns [instances]. None: the age is not known."""
    if session not in ("unbroken", "same", "new"):
        raise ValueError(f'session={session!r}: write "unbroken", "same" or "new"')
    kept = dict(state)
    anew: dict[str, Reason] = {}
    for each in graph.states:
        found = None if session == "unbroken" else _reason(each, age, session)
        if found is not None:
            value: Value = each.cold if each.lifetime.kind is LifetimeKind.PERSISTENT else each.initial
            kept[each.name] = np.full_like(state[each.name], value)
            anew[each.name] = found
    return kept, Restored(anew)


def _reason(state: State, age: float | None, session: Session) -> Reason | None:
    match state.lifetime.kind:
        case LifetimeKind.TICK:
            return Reason.BARS_MISSED
        case LifetimeKind.SESSION:
            return Reason.SESSION_ENDED if session == "new" else None
        case LifetimeKind.PERSISTENT:
            if age is None:
                return Reason.AGE_UNKNOWN
            if age < 0.0:
                return Reason.FROM_THE_FUTURE
            return Reason.TOO_OLD if age > state.lifetime.max_age else None
