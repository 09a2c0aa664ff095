"""Where something stands in the user's code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias


def display_path(path: str) -> str:
    """What messages call a source file: relative to the current folder where it lies below it, absolute elsewhere."""
    absolute = Path(path).resolve()
    here = Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one source line. Columns count from 1; `end_column` is one past the last character.

    `file` is what the graph calls the file, the same on every machine; `path` is where it lies on this one, empty where that is
    unknown. Messages show the path, emitted code the file.
    """

    file: str
    line: int
    column: int
    end_column: int
    text: str = ""
    path: str = field(default="", compare=False, repr=False)
    #: Of a choice that an `if` made: where each of the two was assigned or returned, as far as that is one place.
    arms: Arms | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.shown_at}:{self.column}"

    @property
    def shown(self) -> str:
        """What messages call the file."""
        return display_path(self.path) if self.path else self.file

    @property
    def shown_at(self) -> str:
        """`path:line`, the form used in messages."""
        return f"{self.shown}:{self.line}"

    @property
    def located(self) -> Span:
        """The same piece under the name that messages use."""
        return Span(self.shown, self.line, self.column, self.end_column, self.text)

    @property
    def at(self) -> str:
        """`file:line`, the form used in comments of emitted code."""
        return f"{self.file}:{self.line}"


#: Where the value was written that is chosen where the condition is true, and where the other one; None where no one place says.
Arms: TypeAlias = tuple[Span | None, Span | None]
