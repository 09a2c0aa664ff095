"""Gathering diagnostics while tracing goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import CompileError, Diagnostic, Label
from dag.diagnostics.span import Span
from dag.graphs.graph import Graph


class Untraceable(CompileError):
    """All mistakes of a lane, and what was traced of it in spite of them, to look for more: None where nothing was."""

    def __init__(self, diagnostics: Iterable[Diagnostic], so_far: Graph | None) -> None:
        super().__init__(in_source_order(diagnostics))
        self.so_far = so_far


@dataclass(slots=True)
class Problems:
    """All mistakes found so far. A mistake in a lane that is called many times is reported once."""

    found: dict[tuple[str, Span | None, str], Diagnostic] = field(
        default_factory=dict[tuple[str, Span | None, str], Diagnostic]
    )

    def add(
        self,
        code: str,
        span: Span | None,
        node: str,
        expected: str,
        got: str | tuple[str, ...],
        fix: str,
        notes: tuple[str, ...] = (),
        labels: tuple[Label, ...] = (),
    ) -> None:
        """Report one mistake; its title is the code's."""
        lines = (got,) if isinstance(got, str) else got
        self.found.setdefault(
            (code, span, expected), Diagnostic(code, CODES[code][0], span, node, expected, lines, fix, notes, labels)
        )

    def raise_if_any(self, so_far: Callable[[], Graph]) -> None:
        """Raise Untraceable with all of them, in the order of the source."""
        if self.found:
            raise Untraceable(self.found.values(), so_far())


def in_source_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, line, column and code."""
    return tuple(sorted(diagnostics, key=_place))


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    return (span.file, span.line, span.column, diagnostic.code) if span else ("", 0, 0, diagnostic.code)
