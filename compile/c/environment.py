"""The floating-point environment of this thread, as a host may have left it: read, and bent on purpose.

For checks of the library only. Elsewhere than on x86-64 with a C library that has `fenv.h`, there is nothing to bend.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping

from compile.c.target import GENERIC, host_target
from dag.values.floating_point import Environment, fenv

#: What hosts do to MXCSR. XLA's threads flush subnormals; others round in another direction.
BENT: Mapping[str, int] = {
    "subnormals flushed": 0x9FC0,
    "rounding up": 0x5F80,
    "rounding down": 0x3F80,
    "rounding to zero, subnormals flushed": 0xFFC0,
}
#: The bits of MXCSR that say which exceptions were raised: no part of the environment that a callee has to keep.
_RAISED = 0x3F
#: Where `fenv_t` of x86-64 has MXCSR: after the x87 environment, whose control word is the first half word.
_MXCSR = 28


def bendable() -> bool:
    """Whether this machine's environment can be read and set."""
    return host_target() != GENERIC and fenv() is not None


def control_words() -> tuple[int, int]:
    """MXCSR without what was raised, and the x87 control word; zeros where they cannot be read."""
    library = fenv()
    if library is None or not bendable():
        return 0, 0
    held = Environment()
    library.fegetenv(ctypes.byref(held))
    raw = bytes(held)
    mxcsr = int.from_bytes(raw[_MXCSR : _MXCSR + 4], "little") & ~_RAISED
    return mxcsr, int.from_bytes(raw[:2], "little")


def bend(mxcsr: int) -> None:
    """Set MXCSR of this thread. Do it inside `dag.values.floating_point.saved`."""
    library = fenv()
    assert library is not None
    assert bendable()
    held = Environment()
    library.fegetenv(ctypes.byref(held))
    raw = bytearray(held)
    raw[_MXCSR : _MXCSR + 4] = mxcsr.to_bytes(4, "little")
    library.fesetenv(ctypes.byref(Environment.from_buffer(raw)))
