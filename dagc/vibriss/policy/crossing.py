"""What crosses from instance to instance, in an order that serials alone decide: not rows, threads or workers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Serials = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Serials of a block: a sum adds those of each block first to last, then the blocks.
BLOCK_BITS = 10
_BLOCK = 1 << BLOCK_BITS


def _in_blocks(values: Floats, serials: Serials, counted: Mask) -> tuple[Floats, NDArray[np.int64]]:
    """The values that count [blocks, 1024], +0.0 elsewhere, and the row of each value's block. From +0.0 on, adding +0.0 is skipping."""
    blocks, rows = np.unique(serials >> BLOCK_BITS, return_inverse=True)
    spread = np.zeros((len(blocks), _BLOCK))
    spread[rows, serials & (_BLOCK - 1)] = np.where(counted, values, 0.0)
    return spread, rows


def fold(values: Floats, serials: Serials, counted: Mask) -> float:
    """The sum of the values that count, from +0.0: each block in ascending serial, then the blocks."""
    if not len(values):
        return 0.0
    spread, _ = _in_blocks(values, serials, counted)
    of_blocks = np.add.accumulate(spread, axis=1)[:, -1]
    return float(np.add.accumulate(of_blocks + 0.0)[-1])


def running_sums(values: Floats, serials: Serials, counted: Mask) -> Floats:
    """For each value the sum up to it: that of its block, added to the fold of the blocks before."""
    spread, rows = _in_blocks(values, serials, counted)
    within = np.add.accumulate(spread, axis=1)
    before = np.concatenate([[0.0], np.add.accumulate(within[:, -1])[:-1]])
    found: Floats = before[rows] + within[rows, serials & (_BLOCK - 1)]
    return found


def first_greatest(values: Floats, counted: Mask) -> int:
    """The row of the greatest value that counts and is no NaN, the first of equals; -1 of none. Rows ascend in serial."""
    able = counted & ~np.isnan(values)
    if not able.any():
        return -1
    return int(np.argmax(able & (values == values[able].max())))


def places(values: Floats, counted: Mask) -> NDArray[np.int64]:
    """How many that count stand before each: greater values, and equals of a lower serial; NaN stands behind all. Others: -1."""
    found = np.full(len(values), -1)
    rows = np.flatnonzero(counted)
    order = rows[np.argsort(-values[rows] + 0.0, kind="stable")]
    found[order] = np.arange(len(order))
    return found
