"""A version of what is traded: a kernel, one binding of it, and its state; and how a journal writes it down."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dag.values.types import Value
from dagc.live.instance import Instance
from dagc.live.kernel import Kernel


class EngineProblem(Exception):
    """What an engine does not do, and why: a second thread, a swap that would lose state, a clock that goes back."""


@dataclass(frozen=True, slots=True)
class Version:
    """A kernel and one binding of it, with its state."""

    kernel: Kernel
    instance: Instance

    @property
    def about(self) -> dict[str, Any]:
        """What tells it apart, as JSON values; floats in hexadecimal, so that every bit is kept."""
        graph = self.kernel.graph
        params = {n: v.hex() if isinstance(v, float) else v for n, v in self.instance.params.items()}
        return {"name": graph.name, "graph": graph.content_hash, "params": params}


def bound(kernel: Kernel, params: object) -> Version:
    """One binding of `kernel`. Raises BindingProblem, and EngineProblem for a table of them."""
    instance = kernel.bind(params)
    if not isinstance(instance, Instance):
        raise EngineProblem("an engine runs one binding, and a table was given\n  fix  give one set of parameters")
    return Version(kernel, instance)


def read_params(written: Mapping[str, Any]) -> dict[str, Value]:
    """The parameters that `Version.about` has written. Raises ValueError for what are none."""
    return {name: float.fromhex(value) if isinstance(value, str) else value for name, value in written.items()}


def digest(words: bytes) -> bytes:
    """What a journal keeps of the outputs of a bar."""
    return hashlib.sha256(words).digest()[:16]
