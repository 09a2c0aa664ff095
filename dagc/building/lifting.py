"""`dagc.lift`: plain Python functions as lanes, with dagc's own functions instead of libm's where that is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal

import numpy as np

from dag.language.lane import KEEP
from dag.language.lift import GivenDomain, LiftedLane
from dag.language.lift import lift as lift_function
from dag.numbers.portable import Portable
from lanes import elementary

#: dagc's own functions for those of libm; those of libm that are not here have no counterpart.
OWN = Portable(
    {
        math.exp: elementary.exp,
        math.expm1: elementary.expm1,
        math.log: elementary.log,
        math.log1p: elementary.log1p,
        math.pow: elementary.pow,
        math.tanh: elementary.tanh,
        math.sin: elementary.sin,
        math.cos: elementary.cos,
        math.erf: elementary.erf,
        np.exp: elementary.exp,
        np.expm1: elementary.expm1,
        np.log: elementary.log,
        np.log1p: elementary.log1p,
        np.power: elementary.pow,
        np.float_power: elementary.pow,
        np.tanh: elementary.tanh,
        np.sin: elementary.sin,
        np.cos: elementary.cos,
    },
    elementary.pow,
)


def lift(
    function: Callable[..., Any],
    *,
    units: Mapping[str, str] | None = None,
    domains: Mapping[str, GivenDomain] | None = None,
    types: Mapping[str, Any] | None = None,
    returns: Any = None,
    fixed: Collection[str] = (),
    libm: Literal["refuse", "dagc"] = "refuse",
    subnormals: str = KEEP,
) -> LiftedLane:
    """A plain Python function as a lane, its source left as it is: `lane = lift(legacy.sizer, units={"vel_div": "vd"})`.

    A function compiled by numba is seen through to its Python. Arguments without a default are inputs; those whose default is a
    number, bool or Enum member are parameters with that default; any other default, and those of the names in `fixed`, are
    held as they are. Names that are left out of the mappings are plain ratios, of any finite value, of the type that the
    function's annotation or the default says, else floats.

    units     argument name -> unit
    domains   argument name -> `domain(...)` or (lo, hi), ends included
    types     argument name -> annotation
    returns   the unit of one float as a string, or any annotation; else the function's own annotation, else a plain float
    libm      "refuse": a call of math.exp, math.pow, `**` and their like is an error at its line (E066), since their last
              bits differ between machines; "dagc": the functions of `lanes.elementary` replace them
    Errors    TypeError for what has no Python source, or a name that is no argument; CompileError, when the lane is built,
              for what lies outside the language, at the function's own lines
    """
    return lift_function(
        function,
        units=units,
        domains=domains,
        types=types,
        returns=returns,
        fixed=fixed,
        libm=OWN if libm == "dagc" else None,
        subnormals=subnormals,
    )
