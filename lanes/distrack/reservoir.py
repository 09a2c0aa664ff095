"""A uniform sample of a stream, drawn by a generator whose state is the lane's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, lane, params
from lanes.distrack.slots import NO_SLOTS, Slots, item_at, with_item
from lanes.distrack.splitmix64 import below, splitmix64_step

#: The largest sample.
SLOTS = 32


@params
class Reservoir:
    """How many values the sample holds, and which random choices are made."""

    size: Annotated[int, domain(1, SLOTS)] = SLOTS
    seed: int = 0


@dataclass(frozen=True)
class Placed:
    """Where the value went, -1 for nowhere, and how many values there were."""

    slot: int
    count: int


@dataclass(frozen=True)
class Sample:
    """A sample at rest: how many values were seen, the slots (of which min(count, size) are filled) and the generator."""

    slots: Slots
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
    slots = carry(initial=NO_SLOTS)
    count = carry(initial=0)
    generator = carry(initial=p.seed)
    filling = count < p.size
    stepped, word = splitmix64_step(generator)
    drawn = below(count + 1, word)
    chosen = drawn if drawn < p.size else -1
    slot = count if filling else chosen
    slots = with_item(slots, slot, x)
    generator = generator if filling else stepped
    count = count + 1
    return Placed(slot=slot, count=count)


def merged_samples(a: Sample, b: Sample, size: int) -> Sample:
    """A uniform sample of both streams from a sample of each, by a's generator. For numbers.

    One value after the other, in slot order: a number below the count of what is left of both streams says from which stream,
    a second one which of its values that are left. The last value left takes the place of the one drawn. Not associative, since
    every merge draws anew; a's generator goes on from where it was.
    """
    left_a, left_b = a.count, b.count
    slots_a, slots_b = a.slots, b.slots
    in_a, in_b = min(a.count, size), min(b.count, size)
    state = a.generator
    slots = NO_SLOTS
    for k in range(min(size, a.count + b.count)):
        state, word = splitmix64_step(state)
        is_a = below(left_a + left_b, word) < left_a
        state, word = splitmix64_step(state)
        if is_a:
            index = below(in_a, word)
            x = item_at(slots_a, index)
            slots_a = with_item(slots_a, index, item_at(slots_a, in_a - 1))
            left_a, in_a = left_a - 1, in_a - 1
        else:
            index = below(in_b, word)
            x = item_at(slots_b, index)
            slots_b = with_item(slots_b, index, item_at(slots_b, in_b - 1))
            left_b, in_b = left_b - 1, in_b - 1
        slots = with_item(slots, k, x)
    return Sample(slots, a.count + b.count, state)
