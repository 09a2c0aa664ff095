"""A library as a host calls it that has set another floating-point environment, for rounding or for subnormals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compile.c.environment import bend, control_words
from compile.c.examining.walk import wrong
from compile.c.library import Calls
from dag.values.floating_point import saved


class Bent:
    """A library whose every function is called by a host that has bent the floating-point environment."""

    def __init__(self, library: Calls, name: str, mxcsr: int) -> None:
        self._library = library
        self._name, self._mxcsr = name, mxcsr
        self.calls = self

    def __getattr__(self, entry: str) -> Callable[..., Any]:
        function = getattr(self._library.calls, entry)

        def called(*arguments: Any) -> Any:
            with saved():
                bend(self._mxcsr)
                before = control_words()
                result = function(*arguments)
                after = control_words()
            if after != before:
                raise wrong(
                    f"{entry} does not give back the host's floating-point environment ({self._name}): MXCSR and x87 "
                    f"control word were {before[0]:#x}, {before[1]:#x} and are {after[0]:#x}, {after[1]:#x}"
                )
            return result

        return called
