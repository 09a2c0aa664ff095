"""How long a carried value lasts: what becomes of it where bars are missed, where a session ends, and with age."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Any


class LifetimeKind(Enum):
    """From the shortest life to the longest."""

    TICK = "tick"
    SESSION = "session"
    PERSISTENT = "persistent"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """The lifetime of one state. `max_age` is in seconds, and infinite for all that is not persistent."""

    kind: LifetimeKind
    max_age: float = math.inf

    def __str__(self) -> str:
        return f"persistent, {self.max_age:g} s" if self.kind is LifetimeKind.PERSISTENT else self.kind.value


#: Initial again wherever bars may have been missed.
TICK = Lifetime(LifetimeKind.TICK)
#: Initial again in every new session. What is said of nothing else.
SESSION = Lifetime(LifetimeKind.SESSION)


@dataclass(frozen=True)
class Persistent:
    """What `persistent` returns. `cold` is None where the initial value is meant."""

    max_age: float
    cold: Any = None

    def __post_init__(self) -> None:
        if not self.max_age >= 0.0:
            raise ValueError(f"persistent(max_age={self.max_age!r}): give an age in seconds, 0 or more")


def persistent(max_age: float, cold: Any = None) -> Persistent:
    """The lifetime of a carried value that outlives its session: `carry(initial=0.0, lifetime=persistent(max_age=86_400.0))`.

    A snapshot that is older than `max_age` seconds when it is restored gives the value `cold` instead, or the initial value
    where no `cold` is given; just `max_age` is not older. Raises ValueError for a negative age and for NaN.
    """
    return Persistent(max_age, cold)


#: What `carry(lifetime=...)` takes besides `persistent(...)`.
BY_NAME = {each.kind.value: each for each in (TICK, SESSION)}
