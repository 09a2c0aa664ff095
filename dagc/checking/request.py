"""What a check is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Everything that a check depends on besides the files it reads: `dagc check` as one value."""

    #: `FILE.py:LANE`.
    target: str
    #: The backends to compare; None: every default one that takes the graph and whose tools are here.
    backends: tuple[str, ...] | None = None
    #: A bundle whose artifacts run as they are on disk; None: they are emitted afresh.
    bundle: Path | None = None
    #: A recording to replay, with `NAME=VALUE` parameters for it.
    data: Path | None = None
    settings: tuple[str, ...] = ()
    #: Rows to sample, and their seed; None: none beside `data`, else a default number.
    rows: int | None = None
    seed: int = 0
    #: Lanes for the slots of the graph, `NAME=FILE.py:LANE`.
    slots: tuple[str, ...] = ()
    campaign: CampaignOptions = CampaignOptions()
