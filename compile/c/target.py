"""Which instruction set kernels are compiled for: the highest x86-64 level this CPU has, by the compilers' own names.

A level, not `-march=native`: the same compiler then makes the same bytes on every machine of that level, and a library
says in one word (`dagc_target`) where it can run.
"""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

GENERIC = "generic"
_V3 = frozenset(["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"])
_V4 = _V3 | frozenset(["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"])
_LEVELS = (("x86-64-v4", _V4), ("x86-64-v3", _V3), ("x86-64", frozenset[str]()))
#: Every target that there is.
TARGETS = (GENERIC, *(name for name, _ in _LEVELS))
#: The environment variable that names a lower target than this machine's, for hosts that have no more.
CPU = "DAGC_CPU"


class WrongTarget(Exception):
    """A target was asked for that there is not, or that this machine cannot run and so cannot check."""


@cache
def _host_flags() -> frozenset[str] | None:
    """The CPU's feature flags; None where this is no x86-64 machine."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return None
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return frozenset()
    line = next((line for line in text.splitlines() if line.startswith("flags")), ":")
    return frozenset(line.split(":", 1)[1].split())


def build_target() -> str:
    """The target to compile for: what DAGC_CPU names, else all that this machine has. Raises WrongTarget."""
    asked = os.environ.get(CPU) or host_target()
    if not runs_here(asked):
        usable = ", ".join(name for name in TARGETS if runs_here(name))
        raise WrongTarget(f"cannot build for the CPU `{asked}`: this machine runs, and can check, {usable}")
    return asked


def host_target() -> str:
    """The highest target that this machine runs."""
    flags = _host_flags()
    if flags is None:
        return GENERIC
    return next(name for name, needs in _LEVELS if needs <= flags)


def runs_here(target: str) -> bool:
    """Whether this CPU has everything `target` may use."""
    flags = _host_flags()
    if flags is None or target == GENERIC:
        return flags is None and target == GENERIC
    return any(name == target and needs <= flags for name, needs in _LEVELS)


def lanes_of(target: str) -> int:
    """Instances that a kernel compiled for `target` computes at once: as many as a vector register holds words."""
    return {"x86-64-v4": 8, "x86-64-v3": 4}.get(target, 2)


def target_flags(target: str) -> tuple[str, ...]:
    """The compiler flags that select `target`."""
    return () if target == GENERIC else (f"-march={target}",)
