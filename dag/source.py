"""Where something stands in the user's code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one source line. Columns count from 1; `end_column` is one past the last character."""

    file: str
    line: int
    column: int
    end_column: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def at(self) -> str:
        """`file:line`, the form used in comments of emitted code."""
        return f"{self.file}:{self.line}"
