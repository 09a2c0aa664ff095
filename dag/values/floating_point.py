"""The floating-point environment of a thread: set to what a number means here, and given back as its host had it.

Rounding to nearest, subnormals kept, nothing trapped. A host may have it otherwise: XLA's threads flush subnormals, a
library linked with `-ffast-math` makes the thread that loads it do so, interval arithmetic rounds upwards. Whatever computes
words runs inside `standard()`; CPython and numpy then compute what the operators mean. Every thread has an environment of
its own, so that nothing is shared.
"""

from __future__ import annotations

import ctypes
import functools
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class BentEnvironment(RuntimeError):
    """This thread does not compute as IEEE 754 says by default, and it cannot be made to."""


class Environment(ctypes.Structure):
    """Room for any `fenv_t`."""

    _fields_ = (("words", ctypes.c_uint64 * 32),)


@functools.cache
def fenv() -> ctypes.PyDLL | None:
    """The C library's `fegetenv` and `fesetenv`; None where there are none."""
    if sys.platform == "win32":  # FE_DFL_ENV is the address of something that its C library does not export
        return None
    for name in (None, "libm.so.6"):
        try:
            library = ctypes.PyDLL(name)
        except OSError:
            continue
        if hasattr(library, "fegetenv") and hasattr(library, "fesetenv"):
            return library
    return None


@functools.cache
def _default() -> ctypes.c_void_p:
    """FE_DFL_ENV: an object on macOS, else an address that stands for it, in glibc and musl alike."""
    try:
        return ctypes.c_void_p(ctypes.addressof(ctypes.c_char.in_dll(fenv() or ctypes.PyDLL(None), "_FE_DFL_ENV")))
    except ValueError:
        return ctypes.c_void_p(-1)


# Operands of the probe, by their words: a literal is read, and a constant expression computed, in whatever environment this
# file is compiled in.
_SUBNORMAL, _ONE_AND_A_HALF, _ONE, _NEXT, _QUARTER, _THREE_QUARTERS = struct.unpack(
    "=6d",
    struct.pack(
        "=6Q",
        0x0000000000000001, 0x3FF8000000000000, 0x3FF0000000000000, 0x3FF0000000000001, 0x3C90000000000000, 0x3CA8000000000000,
    ),
)  # fmt: skip


def bent() -> str:
    """How this thread computes otherwise than by default; empty where it does not."""
    found: list[str] = []
    if not _SUBNORMAL * _ONE_AND_A_HALF:
        found.append("subnormal numbers are flushed to zero")
    if _ONE + _QUARTER != _ONE or _ONE + _THREE_QUARTERS != _NEXT or -_ONE - _QUARTER != -_ONE:
        found.append("results are not rounded to nearest")
    return ", ".join(found)


class standard:  # noqa: N801 - a context manager, called like a function
    """While inside, this thread computes as IEEE 754 says by default; afterwards it has its own environment back.

    Raises BentEnvironment where it does not and cannot be made to.
    """

    __slots__ = ("_held",)

    def __enter__(self) -> None:
        library = fenv()
        self._held = Environment()
        if library is not None:
            library.fegetenv(ctypes.byref(self._held))
            library.fesetenv(_default())
        if how := bent():
            self.__exit__(None, None, None)
            raise BentEnvironment(
                f"this thread's floating-point environment is bent: {how}; expected IEEE 754's defaults, which this machine's "
                "C library cannot set\n  fix  run dagc where nothing bends it: a process of its own, without -ffast-math"
            )

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        library = fenv()
        if library is not None:
            library.fesetenv(ctypes.byref(self._held))


@contextmanager
def saved() -> Iterator[None]:
    """Whatever happens inside, this thread has its environment back afterwards, as far as it can be set."""
    library = fenv()
    held = Environment()
    if library is not None:
        library.fegetenv(ctypes.byref(held))
    try:
        yield
    finally:
        if library is not None:
            library.fesetenv(ctypes.byref(held))


def in_standard_environment(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, run inside `standard()`: for what computes words. Not for generators, which would bend their caller."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with standard():
            return function(*args, **kwargs)

    return run
