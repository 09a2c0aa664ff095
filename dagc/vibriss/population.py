"""A population in memory: instances, what governs them, what is known of them; a round of bars at a time.

What an instance computes is a function of the graph, its binding, its inputs and the feedback it was given. What crosses from one to
another goes by serial: see `dagc.vibriss.policy.crossing`. So threads, chunks and the order of rows change no bit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.c.library import Library
from dag.graphs.graph import Graph
from dag.values.words import Column
from dagc.binding.parameters import bound_columns
from dagc.vibriss.births import Nursery
from dagc.vibriss.policy.bandits import Census, Policy
from dagc.vibriss.policy.crossing import Floats, Mask, fold
from dagc.vibriss.problem import PopulationProblem
from dagc.vibriss.roll import CAUSES, Cause, Roll
from dagc.vibriss.rows import Rows
from dagc.vibriss.settings import Settings
from dagc.vibriss.tracking import Tracking

#: Rows of the dead stay until they are more than one in so many.
_DEAD_SHARE = 4

Say = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Period:
    """Which bars are chosen by, [0, inside), and which count for neither, [inside, outside)."""

    inside: int
    outside: int
    bars: int

    def end_of_round(self, bar: int, every: int) -> int:
        """Where the round that begins at `bar` ends: rounds do not span two parts."""
        after = next(edge for edge in (self.inside, self.outside, self.bars) if edge > bar)
        return min(bar + every, after)


class Population:
    """The instances of a graph, alive and dead, in ascending serial."""

    def __init__(self, graph: Graph, library: Library, settings: Settings, policy: Policy, rows: Rows) -> None:
        self.graph, self.settings, self.policy, self.rows = graph, settings, policy, rows
        self.reward = reward_of(graph, settings.reward)
        self.status = next((each.name for each in graph.outputs if each.node == graph.status), "")
        if policy.wants_unit_rewards and settings.low is None:
            raise PopulationProblem(
                f'the policy "{settings.policy}" takes rewards between 0 and 1\n  fix  give [run] low and high, the range of `{self.reward}`'
            )
        threads = rows.threads
        self.roll = Roll()
        self.track = Tracking(threads, settings.sketch)
        self.bar = 0
        self.clipped = self.rewards_seen = 0
        self._weights_before: Floats = np.zeros(0)

    def __len__(self) -> int:
        return int(self.roll.alive.sum())

    def born(
        self, columns: Mapping[str, Column], cause: Cause, parents: list[int] | None = None, **state: Any
    ) -> list[int]:
        """Instances that begin with the next bar, a checked column [count] for every parameter; returns their serials."""
        count = len(next(iter(columns.values()))) if columns else 1
        self.rows.add(columns, count, state.get("state"))
        self.policy.add(count)
        self.track.add(count)
        self._weights_before = np.concatenate([self._weights_before, np.zeros(count)])
        return self.roll.add(count, self.bar, cause, parents)

    def round(self, inputs: Mapping[str, Column], period: Period, say: Say) -> None:
        """The bars of `inputs` [bars], which are those of one round; `say(kind, **facts)` takes the lines of the record."""
        bars = len(next(iter(inputs.values())))
        roll = self.roll
        census = Census(self.bar, roll.serials, roll.alive & (roll.away_until <= self.bar))
        weights = self.policy.weights(census)
        self.policy.played = weights
        given = dict(inputs)
        if self.settings.feedback:
            given[self.settings.feedback] = np.broadcast_to(weights, (bars, len(weights)))
        found = self.rows.run(given, bars, [self.reward, self.status])
        rewards = np.asarray(found[self.reward], np.float64)
        rejected = (found[self.status] != 0) & roll.alive if self.status else np.zeros(rewards.shape, bool)
        good = np.isfinite(rewards) & ~rejected & roll.alive
        rewards = np.where(good, rewards, 0.0)
        self.track.take(rewards, good, self.bar, period)
        self._say_bars(weights, rewards, good, rejected, say)
        paid = np.asarray(good.any(axis=0))
        self.policy.learn(census, self._seen(rewards, good), paid)
        self.bar += bars
        self._weights_before = weights
        roll.quarantine(rejected.sum(axis=0), self.bar, bars, self.settings)

    def _say_bars(self, weights: Floats, rewards: Floats, good: Mask, rejected: Mask, say: Say) -> None:
        roll = self.roll
        alive = roll.alive
        moved = fold(np.abs(weights - self._weights_before), roll.serials, np.ones(len(weights), bool))
        head = roll.serials[alive].astype("<i8"), weights[alive].astype("<f8")
        most = int(np.argmax(weights)) if len(weights) else -1
        for k, row in enumerate(rewards):
            earned = fold(weights * row, roll.serials, good[k])
            net = earned - self.settings.cost * moved if k == 0 and self.settings.cost else earned
            digest = hashlib.sha256(head[0].tobytes())
            digest.update(head[1].tobytes())
            digest.update(np.where(good[k], row, np.nan)[alive].astype("<f8").tobytes())
            say(
                "bar",
                bar=self.bar + k,
                alive=int(alive.sum()),
                arm=int(roll.serials[most]) if most >= 0 and weights[most] > 0.0 else 0,
                earned=net.hex(),
                rejected=int(rejected[k].sum()),
                digest=digest.hexdigest(),
            )

    def _seen(self, rewards: Floats, good: Mask) -> Floats:
        """What the policy learns of a round: the mean of the rewards that are numbers, scaled where the settings say so."""
        low, high = self.settings.low, self.settings.high
        if low is not None and high is not None:
            scaled = (rewards - low) / (high - low)
            self.clipped += int((((scaled < 0.0) | (scaled > 1.0)) & good).sum())
            self.rewards_seen += int(good.sum())
            rewards = np.where(good, np.minimum(np.maximum(scaled, 0.0), 1.0), 0.0)
        counts = np.maximum(good.sum(axis=0), 1)
        mean: Floats = np.add.accumulate(rewards, axis=0)[-1] / counts
        return mean

    def boundary(self, nursery: Nursery | None, say: Say) -> None:
        """Deaths and births between two rounds."""
        roll = self.roll
        if self.settings.kill is not None:
            fallen = roll.alive & (self.track.drawdowns() >= self.settings.kill)
            self._die(fallen, "killed", say)
            if self.settings.replace and nursery is not None and fallen.any():
                serials = np.arange(roll.next_serial, roll.next_serial + int(fallen.sum()))
                fresh = nursery.fresh(serials, self.bar)
                self._say_births(fresh, self.born(self._complete(nursery, fresh), "replacement"), say)
        census = Census(self.bar, roll.serials, roll.alive & (roll.away_until <= self.bar))
        self._die(self.policy.retired(census, self.bar - roll.born), "cut", say)
        if pairs := self.policy.retuned(census):
            self._retune(pairs, nursery, say)
        if (~roll.alive).sum() * _DEAD_SHARE > len(roll.alive):
            self.compact()

    def _die(self, who: Mask, cause: Cause, say: Say) -> None:
        if who.any():
            self.roll.die(who, self.bar, cause)
            say("deaths", bar=self.bar, cause=cause, serials=self.roll.serials[who].tolist())

    def _retune(self, pairs: list[tuple[int, int]], nursery: Nursery | None, say: Say) -> None:
        if nursery is None:
            raise PopulationProblem('the policy "pbt" draws parameters: give a search space, not a file of bindings')
        roll = self.roll
        rows = np.array([donor for _, donor in pairs])
        held = {name: column[rows] for name, column in self.rows.params().items()}
        state = {name: column[rows].copy() for name, column in self.rows.state().items()}
        parents = roll.serials[rows].tolist()
        dead = np.zeros(len(roll.alive), bool)
        dead[[row for row, _ in pairs]] = True
        self._die(dead, "retuned", say)
        children = [
            nursery.child({name: held[name][k].item() for name in nursery.space.varies}, roll.next_serial + k, self.bar)
            for k in range(len(pairs))
        ]
        varied = {name: np.array([c[name] for c in children], held[name].dtype) for name in nursery.space.varies}
        serials = self.born({**held, **varied}, "retuned", parents, state=state)
        self._say_births(varied, serials, say, parents)

    def _complete(self, nursery: Nursery, varied: Mapping[str, Column]) -> dict[str, Column]:
        return bound_columns(self.graph, {**nursery.space.fixed, **varied})[0]

    def _say_births(
        self, varied: Mapping[str, Column], serials: list[int], say: Say, parents: list[int] | None = None
    ) -> None:
        values = {name: [_exact(each) for each in column.tolist()] for name, column in varied.items()}
        say("births", bar=self.bar, serials=serials, parents=parents or [0] * len(serials), values=values)

    def compact(self) -> None:
        """Drop the rows of the dead; what was known of them is kept."""
        kept = self.roll.alive.copy()
        if kept.all():
            return
        self.track.archive(self.roll, ~kept)
        self.rows.keep(kept)
        self.policy.keep(kept)
        self.track.keep(kept)
        self._weights_before = self._weights_before[kept]
        self.roll.keep(kept)

    def arrays(self) -> dict[str, Column]:
        """All that the next round depends on, by name."""
        counts = np.array([self.bar, self.clipped, self.rewards_seen, self.roll.next_serial])
        parts: list[tuple[str, Mapping[str, Column]]] = [
            ("param", self.rows.params()),
            ("state", self.rows.state()),
            ("policy", self.policy.arrays()),
            ("track", self.track.arrays()),
            ("roll", self.roll.arrays()),
        ]
        found = {f"{part}.{name}": column for part, columns in parts for name, column in columns.items()}
        return found | {"counts": counts, "weights": self._weights_before}

    def restore(self, arrays: Mapping[str, Column]) -> None:
        """Go on from there; nobody was born yet."""

        def of(part: str) -> dict[str, Column]:
            return {n.removeprefix(f"{part}."): c for n, c in arrays.items() if n.startswith(f"{part}.")}

        self.bar, self.clipped, self.rewards_seen, following = map(int, arrays["counts"])
        self.roll.restore(of("roll"), following)
        count = len(self.roll.serials)
        params = {name: _shared(column) for name, column in of("param").items()}
        self.rows.add(params, count, of("state"))
        self.policy.add(count)
        self.policy.restore(of("policy"))
        self.track.restore(of("track"), count)
        self._weights_before = np.asarray(arrays["weights"], np.float64)


def reward_of(graph: Graph, name: str) -> str:
    """The output that is earned. Raises PopulationProblem where it is none, or several could be meant."""
    able = [
        each.name
        for each in graph.outputs
        if each.node != graph.status and graph.types[each.node].is_float and not graph.types[each.node].is_array
    ]
    if name in able or (not name and len(able) == 1):
        return name or able[0]
    said = (
        f"`{name}` is no output of `{graph.name}` that is a number" if name else f"`{graph.name}` has several outputs"
    )
    raise PopulationProblem(f"{said}\n  fix  give [run] reward, one of {', '.join(able) or '... there is none'}")


def _shared(column: Column) -> Column:
    """One word where all rows have the same."""
    words = column.view(np.uint8).reshape(len(column), -1) if len(column) else column
    is_one = len(column) > 1 and bool((words == words[:1]).all())
    return np.broadcast_to(column[:1].copy(), column.shape) if is_one else column


def _exact(value: Any) -> Any:
    return value.hex() if isinstance(value, float) else value


__all__ = ["CAUSES", "Period", "Population", "reward_of"]
