"""What XLA compiled, kept: within a process so that each shape is compiled once, and between runs in dagc's cache.

XLA takes seconds for a kernel of some hundred values, and the same program on the same machine gives the same machine code.
An entry is the executable as jax serializes it, and depends on everything that decides what it is: the kernel, its shape, the
options, jax, jaxlib, the processor and the modules of this folder.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import pickle
import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from compile.cache import cached, key_of, store
from compile.xla.emit import Interface

T = TypeVar("T")


@dataclass(slots=True)
class Once(Generic[T]):
    """A value that is made by whoever asks first; others wait for it."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _made: list[T] = field(default_factory=list[T])

    def get(self, make: Callable[[], T]) -> T:
        """The value; made where there is none. Where making it fails, the next who asks tries again."""
        with self._lock:
            if not self._made:
                self._made.append(make())
            return self._made[0]


@dataclass(frozen=True, slots=True)
class Executable:
    """What XLA compiled; called as jax's own is."""

    loaded: Any
    #: As it was serialized when it was compiled: one that was loaded no longer holds its object files. None: it still does.
    serialized: bytes | None = None

    def __call__(self, *arguments: Any) -> Any:
        return self.loaded(*arguments)

    def as_text(self) -> str:
        """The optimised HLO."""
        text: str = self.loaded.as_text()
        return text

    def machine_code(self) -> bytes:
        """Bytes among which its object files stand, whole."""
        if self.serialized is not None:
            return self.serialized
        serialized: bytes = self.loaded.runtime_executable().serialize()
        return serialized


def compiled_or_kept(
    lowered: Callable[[], Any],
    text: str,
    interface: Interface,
    shape: tuple[object, ...],
    options: dict[str, str | bool],
) -> Executable:
    """`lowered().compile(options)`, or the executable that an earlier run kept of these very arguments.

    On a GPU nothing is kept: what its driver makes of a program depends on more than is named here.
    """
    import jax
    from jax.experimental import serialize_executable

    if jax.default_backend() != "cpu":
        return Executable(lowered().compile(compiler_options=options))
    key = key_of("xla", text, repr(interface), repr(shape), repr(sorted(options.items())), _machine(), _own_text())
    content = cached(key)
    if content is not None:
        # Whatever it is that this jax cannot load is compiled again: an entry is a copy, never the only one.
        with contextlib.suppress(Exception):
            kept = pickle.loads(content)
            return Executable(serialize_executable.deserialize_and_load(*kept), kept[0])
    executable = lowered().compile(compiler_options=options)
    with contextlib.suppress(Exception):  # a jax that cannot serialize it compiles again in the next run
        store(key, pickle.dumps(serialize_executable.serialize(executable)))
    return Executable(executable)


@functools.cache
def _machine() -> str:
    """Versions and processor: XLA compiles for the very instructions that it finds."""
    import jax

    client = jax.devices()[0].client
    return repr(
        (
            jax.__version__,
            importlib.metadata.version("jaxlib"),
            client.platform_version,
            platform.machine(),
            _instructions(),
        )
    )


def _instructions() -> str:
    """The model and the instruction sets of the processor, where the system says them."""
    try:
        lines = Path("/proc/cpuinfo").read_text().partition("\n\n")[0].splitlines()
    except OSError:
        return platform.processor()
    return "\n".join(line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part")))


@functools.cache
def _own_text() -> bytes:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()
