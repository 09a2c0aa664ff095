"""What a check is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagc.building.slots import Target


@dataclass(frozen=True, slots=True)
class CampaignOptions:
    """Where a campaign runs and what it leaves; None: as the number of rows and the bundle suggest."""

    #: Processes on this machine.
    jobs: int | None = None
    #: Address of a Ray cluster; `local` starts one here.
    ray: str | None = None
    #: Folder of the checkpoint and the results.
    out: Path | None = None
    #: File for the coverage: JSON where its name ends in `.json`, text elsewhere.
    coverage: Path | None = None
    #: Whether a campaign whose number of rows was asked for leaves its checkpoint and results.
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Everything that a check depends on besides the files it reads: `dagc check` as one value."""

    #: `FILE.py:LANE`, or the lane itself.
    target: Target
    #: The backends to compare; None: every default one that takes the graph and whose tools are here.
    backends: tuple[str, ...] | None = None
    #: A bundle whose artifacts run as they are on disk; None: they are emitted afresh.
    bundle: Path | None = None
    #: A recording to replay, a file or a table in memory, with parameters for it: `NAME=VALUE`, laid over what `bind` takes.
    data: object = None
    settings: tuple[str, ...] = ()
    #: Rows to sample, and their seed; None: none beside `data`, else a default number.
    rows: int | None = None
    seed: int = 0
    #: Lanes for the slots of the graph, `NAME=FILE.py:LANE`.
    slots: tuple[str, ...] = ()
    campaign: CampaignOptions = CampaignOptions()
    #: What `settings` are laid over, as `Kernel.bind` takes one set of parameters.
    params: object = None
