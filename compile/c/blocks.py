"""Instances in blocks, each run by a thread of its own: rows are independent, so the words are those of one thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from compile.c.library import foreign

#: Every block starts at a multiple of this many instances: vectors are whole, and no two threads write to one cache line.
ALIGNED = 64
#: Fewer instances than this are not worth waking a thread for.
SMALLEST = 4_096


class Blocks:
    """How many threads share the instances of a call. The threads are made when they are first needed, and kept."""

    def __init__(self, threads: int) -> None:
        """Raises ValueError unless `threads` is at least 1."""
        if threads < 1:
            raise ValueError(f"threads={threads}: expected at least 1; this machine has {os.cpu_count()} cores")
        self.threads = threads

    def of(self, instances: int) -> list[tuple[int, int]]:
        """The blocks as [first, end), none of them empty; one alone where there is nothing to share."""
        count = min(self.threads, instances // SMALLEST) or 1
        ends = [instances * k // count // ALIGNED * ALIGNED for k in range(1, count)]
        return list(zip([0, *ends], [*ends, instances], strict=True))

    def run(self, work: Callable[[int, int], object], blocks: list[tuple[int, int]]) -> None:
        """Call `work(first, end)` for each block, all but the first in other threads, and wait for all of them."""
        others = [self._pool.submit(work, *block) for block in blocks[1:]]
        try:
            work(*blocks[0])
        finally:
            for each in others:
                each.result()

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads - 1 or 1, thread_name_prefix="dagc")


def columns_from(table: Any, count: int, first: int) -> Any:
    """The `dagc_column` array of the instances from `first` on."""
    moved = foreign().new("dagc_column[]", max(count, 1))
    foreign().memmove(moved, table, count * foreign().sizeof("dagc_column"))
    for entry in moved[0:count]:
        entry.words += first * entry.per_instance
    return moved


def pointers_from(table: Any, sizes: list[int], first: int) -> Any:
    """The `int64_t *` array of the instances from `first` on; `sizes` are the words that an instance takes in each column."""
    moved = foreign().new("int64_t *[]", max(len(sizes), 1))
    for index, size in enumerate(sizes):
        if table[index] != foreign().NULL:
            moved[index] = table[index] + first * size
    return moved
