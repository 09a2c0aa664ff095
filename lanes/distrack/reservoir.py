"""A uniform sample of a stream, drawn by a generator whose state is the lane's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import array, carry, domain, lane, params, put
from lanes.distrack.splitmix64 import below, splitmix64_step

#: The largest sample.
SLOTS = 32


@params
class Reservoir:
    """How many values the sample holds, and which random choices are made. Both are pinned: there is no hidden seed."""

    size: Annotated[int, domain(1, SLOTS)]
    seed: int


@dataclass(frozen=True)
class Placed:
    """Where the value went, -1 for nowhere, and how many values there were."""

    slot: int
    count: int


@dataclass(frozen=True)
class Sample:
    """A sample at rest: the slots, of which min(count, size) are filled, how many values were seen, and the generator's word."""

    slots: tuple[float, ...]
    count: int
    generator: int


@lane
def reservoir(x: float, p: Reservoir) -> Placed:
    """Keep a sample in which every value so far is with the same probability (algorithm R).

    Units    plain numbers; any bits are kept, NaN too
    State    32 slots, the count, the generator's word, and whether that was set: 35 words
    Bits     the first `size` values fill the slots. Later ones draw a whole number below the count, (upper half of a SplitMix64
             word * count) >> 32, and go to the slot of that number where there is one.
    Source   Vitter (1985), Random sampling with a reservoir, ACM TOMS 11(1)
    """
    slots = carry(initial=array(SLOTS, 0.0))
    count = carry(initial=0)
    generator = carry(initial=p.seed)
    filling = count < p.size
    stepped, word = splitmix64_step(generator)
    drawn = below(count + 1, word)
    chosen = drawn if drawn < p.size else -1
    slot = count if filling else chosen
    place = min(max(slot, 0), SLOTS - 1)
    slots = put(slots, place, x if slot >= 0 else slots[place])
    generator = generator if filling else stepped
    count = count + 1
    return Placed(slot=slot, count=count)


def merged_samples(a: Sample, b: Sample, size: int) -> Sample:
    """A uniform sample of both streams from a sample of each, by a's generator. For numbers.

    One value after the other, in slot order: a number below the count of what is left of both streams says from which stream,
    a second one which of its values that are left. The last value left takes the place of the one drawn. Not associative, since
    every merge draws anew; a's generator goes on from where it was.
    """
    pools = [list(each.slots[: min(each.count, size)]) for each in (a, b)]
    left = [a.count, b.count]
    generator = a.generator
    slots: list[float] = []
    while len(slots) < min(size, a.count + b.count):
        generator, word = splitmix64_step(generator)
        side = 0 if below(left[0] + left[1], word) < left[0] else 1
        generator, word = splitmix64_step(generator)
        pool = pools[side]
        index = below(len(pool), word)
        slots.append(pool[index])
        pool[index] = pool[-1]
        pool.pop()
        left[side] -= 1
    return Sample(tuple(slots), a.count + b.count, generator)
