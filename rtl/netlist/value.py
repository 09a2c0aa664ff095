"""What one signal of an emitted pipeline holds, and how a state is read."""

from __future__ import annotations

from dataclasses import dataclass

#: What goes with a row beside its values: whether it is the first of a fresh instance, and which instance's it is.
RESTART, INSTANCE = "restart", "number of the instance"


@dataclass(frozen=True, slots=True)
class NetlistValue:
    """`term`, of the row accepted `cycle` cycles ago (None: the same in every cycle).

    A literal is a `word` until its kind is known, and has no term; nor has what goes with a row beside its values.
    """

    width: int
    cycle: int | None
    term: int | None = None
    word: int | None = None
    #: RESTART or INSTANCE, where it is a row's and no value.
    control: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class StateRead:
    """A state as a row sees it `cycle` cycles after its acceptance: `initial` (a word) in a fresh instance."""

    register: str
    cycle: int
    initial: int
    line: int
