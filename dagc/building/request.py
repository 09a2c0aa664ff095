"""What a build is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagc.building.slots import Target

#: Rows that a build samples before it writes, unless told otherwise.
CHECK_ROWS = 4_000
#: Rows of a first look.
QUICK_ROWS = 500
#: And at least so many, where an axis has many places.
LEAST_ROWS = 128


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """Everything that a build depends on besides the files it reads: `dagc build` as one value."""

    #: `FILE.py:LANE`, or the lane itself.
    target: Target
    #: The folder that the bundle is written to.
    folder: Path
    #: The backends to emit; None: every one that takes the graph and can be checked on this machine.
    backends: tuple[str, ...] | None = None
    #: Rows to sample before anything is written, and the seed they are drawn with.
    #: None: CHECK_ROWS, or QUICK_ROWS at a first look; fewer where an axis has many places.
    rows: int | None = None
    seed: int = 0
    #: How many instances share the Verilog pipeline; None: one, its state in registers.
    rtl_instances: int | None = None
    #: Presets and TOML files that pin every parameter; none: the bundle is not deployed.
    pins: tuple[str, ...] = ()
    #: Lanes for the slots of the graph, `NAME=FILE.py:LANE`.
    slots: tuple[str, ...] = ()
    #: Whether proved rewrite rules make the graph smaller before it is lowered.
    simplify: bool = False
    #: Whether the backends of a first look do, where none is named.
    is_quick: bool = False
