"""dagc: trading logic in readable Python, compiled to fused kernels and FPGA pipelines without changing one bit.

Everything a user imports is here, and nothing is loaded before it is asked for: the language costs no jax, `load` brings the
C kernel only, and `dagc doctor` runs even where a package is missing.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from typing import TYPE_CHECKING, Any

from dagc.terminal.shadowing import find_ours_first

if TYPE_CHECKING:
    from dag import (
        Lane,
        ParamError,
        T,
        V,
        Vector,
        array,
        as_unit,
        bits_float,
        calibrated,
        carry,
        ceil,
        ceiling,
        define_unit,
        diagnostic,
        domain,
        feed,
        float32,
        float_bits,
        floor,
        fma,
        fuses,
        gate,
        ieee_div,
        independent,
        int32,
        lane,
        leading_zeros,
        like,
        logged,
        logical_shift_right,
        lookup,
        max_age,
        max_seq,
        members_in,
        min_seq,
        multiply_high,
        observes,
        once,
        oriented,
        params,
        persistent,
        put,
        rint,
        safe,
        sink,
        slot,
        sqrt,
        substitute,
        sum_numpy,
        sum_pairwise,
        sum_seq,
        trunc,
        unit,
        unsigned_less,
        warm,
        window,
        with_slots,
        wrapping_add,
        wrapping_mul,
        wrapping_shl,
        wrapping_sub,
    )
    from dagc.building.lifting import lift
    from dagc.engine.engine import Engine
    from dagc.interactive.functions import build, check, compile, lint
    from dagc.live.emissions import Emissions
    from dagc.live.kernel import Kernel, load

    __version__: str

__all__ = [
    "Emissions",
    "Engine",
    "Kernel",
    "Lane",
    "ParamError",
    "T",
    "V",
    "Vector",
    "array",
    "as_unit",
    "bits_float",
    "build",
    "calibrated",
    "carry",
    "ceil",
    "ceiling",
    "check",
    "compile",
    "define_unit",
    "diagnostic",
    "domain",
    "feed",
    "float32",
    "float_bits",
    "floor",
    "fma",
    "fuses",
    "gate",
    "ieee_div",
    "independent",
    "int32",
    "lane",
    "leading_zeros",
    "lift",
    "like",
    "lint",
    "load",
    "logged",
    "logical_shift_right",
    "lookup",
    "max_age",
    "max_seq",
    "members_in",
    "min_seq",
    "multiply_high",
    "observes",
    "once",
    "oriented",
    "params",
    "persistent",
    "put",
    "rint",
    "safe",
    "sink",
    "slot",
    "sqrt",
    "substitute",
    "sum_numpy",
    "sum_pairwise",
    "sum_seq",
    "trunc",
    "unit",
    "unsigned_less",
    "warm",
    "window",
    "with_slots",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_shl",
    "wrapping_sub",
]

find_ours_first()  # a `lanes.py` of the user's, beside the script that imports this, is not ours

#: Where what is not of the language comes from.
_ELSEWHERE = {
    "Emissions": "dagc.live.emissions",
    "Engine": "dagc.engine.engine",
    "Kernel": "dagc.live.kernel",
    "build": "dagc.interactive.functions",
    "check": "dagc.interactive.functions",
    "compile": "dagc.interactive.functions",
    "lint": "dagc.interactive.functions",
    "load": "dagc.live.kernel",
    "lift": "dagc.building.lifting",
}


def __dir__() -> list[str]:
    return sorted((*__all__, "__version__"))


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name not in __all__:
        raise AttributeError(f"module 'dagc' has no attribute {name!r}")
    from dagc.terminal.shadowing import refuse_hidden_packages

    refuse_hidden_packages()
    try:
        value = getattr(importlib.import_module(_ELSEWHERE.get(name, "dag")), name)
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            f"dagc.{name} needs `{missing.name}`, which is not installed: pip install dagc-compiler", name=missing.name
        ) from missing
    globals()[name] = value
    return value


def _version() -> str:
    """Of the package that is installed here: all of dagc, or what a live host needs of it (tools/runtime)."""
    try:
        return importlib.metadata.version("dagc-compiler")
    except importlib.metadata.PackageNotFoundError:
        return importlib.metadata.version("dagc-runtime")
