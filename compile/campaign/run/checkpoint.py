"""A campaign on disk: a checkpoint after every round, a journal of the units since; a campaign that is killed resumes from there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compile.bundle.durable import replace_durably
from compile.campaign.events.steering import Steering
from compile.campaign.run.journal import Journal
from compile.campaign.run.tally import CampaignTally
from compile.campaign.run.unit import UnitResult
from dag.files.regular_file import read_regular
from dag.graphs.graph import Graph

CHECKPOINT, JOURNAL = "checkpoint.json", "journal.jsonl"


@dataclass(slots=True)
class CampaignCheckpoint:
    """The folder of one campaign; `key` is what makes two runs the same run."""

    folder: Path
    key: str
    journal: Journal | None = None

    def load(self, graph: Graph) -> tuple[int, Steering, CampaignTally] | None:
        """The round to run next, and the steering and tally up to it; None if this run has no checkpoint."""
        try:
            document = json.loads(read_regular(self.folder / CHECKPOINT))
        except (FileNotFoundError, ValueError):
            return None
        if not isinstance(document, dict) or document.get("key") != self.key:
            return None
        return document["round"], Steering.from_json(graph, document["steering"]), CampaignTally(**document["tally"])

    def units(self, number: int) -> Mapping[int, UnitResult]:
        """The units of round `number` that are done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.journal = Journal.opened(self.folder / JOURNAL, f"{self.key} round {number}")
        return dict(self.journal.steps)

    def add(self, number: int, outcome: UnitResult) -> None:
        """Unit `number` is done; on disk when this returns."""
        assert self.journal is not None
        self.journal.add(number, outcome)

    def close_round(self, graph: Graph, following: int, steering: Steering, tally: CampaignTally) -> None:
        """The round before `following` is merged; on disk when this returns."""
        document: dict[str, Any] = {
            "key": self.key,
            "round": following,
            "steering": steering.as_json(graph),
            "tally": tally.as_json(),
        }
        replace_durably(self.folder / CHECKPOINT, json.dumps(document, separators=(",", ":")).encode())

    def end(self) -> None:
        """The campaign is over: the same command starts from the beginning."""
        for name in (CHECKPOINT, f"{CHECKPOINT}.new", JOURNAL):
            (self.folder / name).unlink(missing_ok=True)
