"""What a campaign adds up to, round by round."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compile.campaign.events.steering import Steering
from compile.campaign.run.unit import UnitResult


@dataclass(slots=True)
class CampaignTally:
    """Sums over units, merged in the order of their numbers, and one record a round."""

    units: int = 0
    rows: int = 0
    rows_of: dict[str, int] = field(default_factory=dict[str, int])
    words: int = 0
    rejected: int = 0
    recomputed: int = 0
    #: Rows and words in which the lane on numbers was compared.
    lane: list[int] = field(default_factory=lambda: [0, 0])
    rounds: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    findings: list[UnitResult] = field(default_factory=list[UnitResult])

    def add(self, outcome: UnitResult) -> None:
        """Count one unit."""
        self.units += 1
        self.rows += outcome["rows"]
        self.words += outcome["words"]
        self.rejected += outcome["rejected"]
        self.recomputed += outcome["recomputed"]
        for name, rows in outcome["rows_of"].items():
            self.rows_of[name] = self.rows_of.get(name, 0) + rows
        self.lane = [before + more for before, more in zip(self.lane, outcome["lane"], strict=True)]
        self.findings += outcome["findings"]

    def close_round(self, outcomes: Mapping[int, UnitResult], steering: Steering) -> None:
        """Record a round: how far it got in all, and digests of what every backend returned and of what was seen."""
        self.rounds.append(
            {
                "units": self.units,
                "rows": self.rows,
                "rows_of": dict(sorted(self.rows_of.items())),
                "words": self.words,
                "rejected": self.rejected,
                "recomputed": self.recomputed,
                "events_seen": int(np.count_nonzero(steering.counts)),
                "events": digest_of(steering.counts.tolist()),
                "outputs": {
                    name: digest_of([outcomes[number]["fingerprints"].get(name) for number in sorted(outcomes)])
                    for name in sorted({name for outcome in outcomes.values() for name in outcome["fingerprints"]})
                },
            }
        )

    def as_json(self) -> dict[str, Any]:
        """Everything but findings, of which there are none while a campaign goes on."""
        return {
            "units": self.units,
            "rows": self.rows,
            "rows_of": dict(self.rows_of),
            "words": self.words,
            "rejected": self.rejected,
            "recomputed": self.recomputed,
            "lane": self.lane,
            "rounds": self.rounds,
        }


def digest_of(value: object) -> str:
    """sha256 of a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
