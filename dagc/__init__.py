"""dagc: trading logic in readable Python, compiled to fused kernels and FPGA pipelines without changing one bit.

Everything a user imports is here. Importing it costs neither jax nor pyarrow; `load` brings the C kernel only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagc.shadowing import refuse_hidden_packages

refuse_hidden_packages()

from dag import (  # noqa: E402  (only once it is certain that `dag` is ours)
    Lane,
    ParamError,
    as_unit,
    bits_float,
    carry,
    ceil,
    domain,
    float_bits,
    floor,
    ieee_div,
    lane,
    params,
    rint,
    safe,
    sqrt,
    trunc,
    unit,
)

if TYPE_CHECKING:
    from dagc.live import Kernel, load

__version__ = "0.1.0"

__all__ = [
    "Kernel",
    "Lane",
    "ParamError",
    "as_unit",
    "bits_float",
    "carry",
    "ceil",
    "domain",
    "float_bits",
    "floor",
    "ieee_div",
    "lane",
    "load",
    "params",
    "rint",
    "safe",
    "sqrt",
    "trunc",
    "unit",
]


def __getattr__(name: str) -> Any:
    if name in ("load", "Kernel"):
        from dagc import live

        return getattr(live, name)
    raise AttributeError(f"module 'dagc' has no attribute {name!r}")
