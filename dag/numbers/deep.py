"""Room for programs that nest deeply: a sum of a thousand terms is a syntax tree of a thousand levels."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: Calls of Python functions in one another. They take no room on the machine's stack; the parser and the compiler, which do,
#: have seen the program before, under Python's own limit.
DEEPEST = 50_000


@contextmanager
def nesting_deeply() -> Iterator[None]:
    """Python's recursion limit raised meanwhile. What nests deeper still raises RecursionError."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
