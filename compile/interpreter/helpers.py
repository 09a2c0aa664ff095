"""The helper functions that an emitted module carries: the very source of the op table's meanings, and what they need."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any

from dag.operators import meanings
from dag.values import words

_IMPORTS = {
    "ctypes": "import ctypes",
    "math": "import math",
    "struct": "import struct",
    "Fraction": "from fractions import Fraction",
}
_CONSTANTS = {
    "I64_MAX": f"{meanings.I64_MAX:#x}",
    "I64_MIN": f"-{-meanings.I64_MIN:#x}",
    "LEAST_NORMAL_F64": repr(meanings.LEAST_NORMAL_F64),
    "LEAST_NORMAL_F32": repr(meanings.LEAST_NORMAL_F32),
    "CANONICAL_NAN": f"{words.CANONICAL_NAN:#x}",
    "CANONICAL_NAN_32": f"{words.CANONICAL_NAN_32:#x}",
    "MASK": f"{words.MASK:#x}",
    "MASK_32": f"{words.MASK_32:#x}",
}


def helper_text(
    helpers: Iterable[Callable[..., Any]], literals: Iterable[str]
) -> tuple[list[str], list[str], list[str]]:
    """The import lines, constants and functions of a module that calls `helpers` and writes `literals`."""
    sources = with_callees(helpers)
    found = set(re.findall(r"[A-Za-z_]\w*", "\n".join(sources.values())))
    imports = [line for name, line in _IMPORTS.items() if name in found]
    written = {text.removeprefix("-") for text in literals}
    names = [name for name in ("inf", "nan") if name in written]
    imports += [f"from math import {', '.join(names)}"] if names else []
    constants = [f"{name} = {value}" for name, value in _CONSTANTS.items() if name in found]
    return (
        sorted(imports, key=lambda line: line.startswith("from")),
        constants,
        [sources[name] for name in sorted(sources)],
    )


def with_callees(helpers: Iterable[Callable[..., Any]]) -> dict[str, str]:
    """The source of each helper, and of the functions beside it that it calls, by name."""
    sources: dict[str, str] = {}
    pending = list(helpers)
    while pending:
        helper = pending.pop()
        if helper.__name__ in sources:
            continue
        sources[helper.__name__] = inspect.getsource(helper).rstrip()
        pending += [
            each for name in helper.__code__.co_names if inspect.isfunction(each := helper.__globals__.get(name))
        ]
    return sources
