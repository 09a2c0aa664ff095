"""How a population is run: what is earned, how it is governed, who is killed, and which bars are kept out of the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from dagc.vibriss.problem import PopulationProblem


@dataclass(frozen=True)
class Settings:
    """`reward` is the output that an instance earns on a bar, "" for the only one there is.

    instances       how many are born at first; None: what the space says
    low, high       what the policy sees is the reward's place between them, from 0 to 1; None: the reward itself
    every           bars of a round: the policy decides at its beginning and learns the sum of its rewards at its end
    cost            what a change of all the capital costs, as a reward
    out_of_sample   the share of the bars, the last ones, that nothing is chosen by
    embargo         bars between the two that count for neither
    kill            the fall of the sum of its rewards from its peak at which an instance dies; None: none does
    rejections, per, away   who has more rejected rows than that in so many bars gets no capital for so many
    replace         whether a fresh draw from the space takes the place of who was killed
    sketch          whether the distribution of every instance's outcomes is followed, in 240 bytes an instance
    feedback        the input that takes an instance's weight; "" for none
    checkpoint      bars between checkpoints
    """

    instances: int | None = None
    policy: str = "equal"
    policy_settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seed: int = 0
    reward: str = ""
    low: float | None = None
    high: float | None = None
    every: int = 1
    cost: float = 0.0
    out_of_sample: float = 0.3
    embargo: int = 0
    kill: float | None = None
    rejections: int = 5
    per: int = 100
    away: int = 200
    replace: bool = False
    sketch: bool = False
    feedback: str = ""
    checkpoint: int = 1000

    def as_json(self) -> dict[str, Any]:
        """For the header of a record."""
        return asdict(self) | {"policy_settings": dict(self.policy_settings)}


#: What each number must be at least, and whether it must be whole.
_LEAST: Mapping[str, tuple[float, bool]] = {
    "instances": (1, True),
    "every": (1, True),
    "cost": (0.0, False),
    "out_of_sample": (0.0, False),
    "embargo": (0, True),
    "kill": (0.0, False),
    "rejections": (0, True),
    "per": (1, True),
    "away": (0, True),
    "checkpoint": (1, True),
    "seed": (0, True),
}


def settings_of(document: Mapping[str, Any], where: str = "[run]") -> Settings:
    """Settings from a table of a TOML file. Raises PopulationProblem, naming every mistake."""
    known = [each.name for each in fields(Settings)]
    problems = [f"{where} says `{key}`; there are {', '.join(known)}" for key in document if key not in known]
    for name, (least, is_whole) in _LEAST.items():
        value = document.get(name)
        if value is None:
            continue
        fits = isinstance(value, int if is_whole else int | float) and not isinstance(value, bool) and value >= least
        if not fits:
            problems.append(f"{name} = {value!r}: expected a {'whole ' if is_whole else ''}number, at least {least}")
    low, high = document.get("low"), document.get("high")
    if (low is None) != (high is None):
        problems.append("low and high: give both or neither")
    elif low is not None and not (_is_number(low) and _is_number(high) and low < high):
        problems.append(f"low = {low!r}, high = {high!r}: expected two numbers, low < high")
    share = document.get("out_of_sample")
    if isinstance(share, int | float) and share >= 1.0:
        problems.append(f"out_of_sample = {share!r}: expected a share below 1")
    for name in ("policy", "reward", "feedback"):
        if not isinstance(document.get(name, ""), str):
            problems.append(f"{name} = {document[name]!r}: expected a name")
    for name in ("replace", "sketch"):
        if not isinstance(document.get(name, False), bool):
            problems.append(f"{name} = {document[name]!r}: expected true or false")
    if not isinstance(document.get("policy_settings", {}), Mapping):
        problems.append(f"policy_settings = {document['policy_settings']!r}: expected a table")
    if problems:
        raise PopulationProblem("the settings are not usable" + "".join(f"\n  {each}" for each in problems))
    return Settings(**document)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value
