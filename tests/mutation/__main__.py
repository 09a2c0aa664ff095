"""The kill matrix of all mutants.

    python -m tests.mutation [--json FILE] [--structure-only] [--lowerings c,xla] [--resume] [--duty] [--simulate]

plants every mutant and prints, by lowering and kind, which layer found how many, then every survivor with the reason why that is no
gap. Exits with 1 where a mutant of the graph survives structure, one of an operator the campaign, or a survivor has no
explanation. With `--resume` what FILE holds is not planted again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.mutation.matrix import LOWERINGS, Mutant, Outcome, mutants, plant
from tests.mutation.report import DUTY, gaps, page


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the module docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--structure-only", action="store_true")
    parser.add_argument("--lowerings", default=",".join((*LOWERINGS, "passes")))
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--duty", action="store_true", help="run the campaign only on mutants that it has to find")
    parser.add_argument("--simulate", action="store_true", help="simulate each Verilog that is of another graph too")
    chosen = parser.parse_args(arguments)
    known: dict[Mutant, Outcome] = {}
    if chosen.resume and chosen.json and chosen.json.exists():
        known = {outcome.mutant: outcome for outcome in read(chosen.json)}
    for mutant in mutants():
        if mutant.lowering in chosen.lowerings.split(",") and mutant not in known:
            known[mutant] = plant(
                mutant,
                not chosen.structure_only and not (chosen.duty and DUTY[mutant.label] != "campaign"),
                chosen.simulate,
            )
            if chosen.json:
                chosen.json.write_text(json.dumps([asdict(each) for each in _in_order(known)], indent=1) + "\n")
    outcomes = _in_order(known)
    print(page(outcomes))
    return 1 if gaps(outcomes) else 0


def _in_order(known: Mapping[Mutant, Outcome]) -> list[Outcome]:
    """All that is known, planted now or before, in the order of the mutants."""
    return [known[mutant] for mutant in mutants() if mutant in known]


def read(file: Path) -> list[Outcome]:
    """The outcomes that an earlier run wrote."""
    return [
        Outcome(Mutant(**each["mutant"]), each["structure"], each["campaign"])
        for each in json.loads(file.read_text(encoding="utf-8"))
    ]


if __name__ == "__main__":
    sys.exit(main())
