"""The helper functions that an emitted module carries: the very source of the op table's meanings, and what it needs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any

from dag.meanings import I64_MAX, I64_MIN
from dag.words import CANONICAL_NAN, MASK

_CONSTANTS = {
    "I64_MAX": f"{I64_MAX:#x}",
    "I64_MIN": f"-{-I64_MIN:#x}",
    "CANONICAL_NAN": f"{CANONICAL_NAN:#x}",
    "MASK": f"{MASK:#x}",
}
_MODULES = ("math", "struct")


def helper_text(
    helpers: Iterable[Callable[..., Any]], literals: Iterable[str]
) -> tuple[list[str], list[str], list[str]]:
    """The import lines, constants and functions of a module that calls `helpers` and writes `literals`."""
    sources = [inspect.getsource(helper).rstrip() for helper in sorted(helpers, key=lambda helper: helper.__name__)]
    words = set(re.findall(r"[A-Za-z_]\w*", "\n".join(sources)))
    imports = [f"import {module}" for module in _MODULES if module in words]
    written = {text.removeprefix("-") for text in literals}
    names = [name for name in ("inf", "nan") if name in written]
    imports += [f"from math import {', '.join(names)}"] if names else []
    constants = [f"{name} = {value}" for name, value in _CONSTANTS.items() if name in words]
    return imports, constants, sources


#: Every module-level name that a helper or a literal may bring along.
HELPER_NAMES = frozenset(_CONSTANTS) | frozenset(_MODULES) | {"inf", "nan"}
