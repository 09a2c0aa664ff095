"""The floating-point environment of this thread, as a host may have left it: read, bent on purpose, and put back.

For checks of the library only. Elsewhere than on x86-64 with a C library that has `fenv.h`, there is nothing to bend.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from compile.c.target import GENERIC, host_target

#: What hosts do to MXCSR. XLA's threads flush subnormals; others round in another direction.
BENT: Mapping[str, int] = {
    "subnormals flushed": 0x9FC0,
    "rounding up": 0x5F80,
    "rounding down": 0x3F80,
    "rounding to zero, subnormals flushed": 0xFFC0,
}
#: The bits of MXCSR that say which exceptions were raised: no part of the environment that a callee has to keep.
_RAISED = 0x3F
#: `fenv_t` of x86-64: the x87 environment, then MXCSR. Its control word is the first half word.
_SIZE, _MXCSR = 32, 28


class _Environment(ctypes.Structure):
    _fields_ = (("bytes", ctypes.c_ubyte * _SIZE),)


@cache
def _library() -> ctypes.CDLL | None:
    if host_target() == GENERIC:
        return None
    try:
        library = ctypes.CDLL("libm.so.6")
    except OSError:
        return None
    return library if hasattr(library, "fegetenv") else None


def bendable() -> bool:
    """Whether this machine's environment can be read and set."""
    return _library() is not None


def control_words() -> tuple[int, int]:
    """MXCSR without what was raised, and the x87 control word; zeros where they cannot be read."""
    library = _library()
    if library is None:
        return 0, 0
    held = _Environment()
    library.fegetenv(ctypes.byref(held))
    raw = bytes(held.bytes)
    mxcsr = int.from_bytes(raw[_MXCSR : _MXCSR + 4], "little") & ~_RAISED
    return mxcsr, int.from_bytes(raw[:2], "little")


@contextmanager
def kept() -> Iterator[None]:
    """Whatever happens inside, this thread has its environment back afterwards."""
    library = _library()
    if library is None:
        yield
        return
    held = _Environment()
    library.fegetenv(ctypes.byref(held))
    try:
        yield
    finally:
        library.fesetenv(ctypes.byref(held))


def bend(mxcsr: int) -> None:
    """Set MXCSR of this thread. Do it inside `kept`."""
    library = _library()
    assert library is not None
    held = _Environment()
    library.fegetenv(ctypes.byref(held))
    for place, byte in enumerate(mxcsr.to_bytes(4, "little"), _MXCSR):
        held.bytes[place] = byte
    library.fesetenv(ctypes.byref(held))
