"""What a user is told: where, what was expected, what came, how to fix it. Plain text; colour belongs to the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dag.diagnostics.codes import CODES
from dag.diagnostics.span import Span
from dag.diagnostics.wording import counted

_LABEL_WIDTH = len("expected")
#: Places of one remark that a page lists at most; `dagc lint --json` has all.
PLACES = 12


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that a message is about, and what it is: "declared here"."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake (`E...`) or one remark (`W...`). Every text but `got` and `notes` is one line.

    `got` has a line for each thing that came, `notes` one for each further fact, `labels` the other places of the source that it
    is about. `node` is the user's name of the value at fault, or empty where the mistake belongs to no value.
    """

    code: str
    title: str
    span: Span | None
    node: str
    expected: str
    got: tuple[str, ...]
    fix: str
    notes: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()

    @property
    def is_warning(self) -> bool:
        """Whether the program still means something."""
        return self.code.startswith("W")


class CompileError(Exception):
    """All mistakes found in one go; `str()` is the page to print."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(tuple(diagnostics))
        self.diagnostics = tuple(diagnostics)

    def __str__(self) -> str:
        return render_all(self.diagnostics)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: the mistakes are in the lanes, not in the calls that found them."""
        return str(self).splitlines()


def render(diagnostic: Diagnostic, others: Sequence[Diagnostic] = ()) -> str:
    """One diagnostic as text, without a trailing newline: headline, source excerpt with a caret, the other places, and the help.

    `others` are equal but for their places, which are listed.

    ```
    pairs.py:41:14: E010 Unit mismatch at node `spread`
        spread = bid - ask_size
                 ^~~~~~~~~~~~~~
      pairs.py:39:23: `ask_size` is declared here
        def spread(bid: Price, ask_size: Contracts) -> Price:
                               --------
      expected  both operands of `sub` in one unit
      got       bid       f64 [px]
                ask_size  f64 [contracts]
      fix       multiply ask_size by a price
    ```
    """
    at = f"{diagnostic.span}: " if diagnostic.span else ""
    node = f" at node `{diagnostic.node}`" if diagnostic.node else ""
    times = f" ({len(others) + 1} times)" if others else ""
    lines = [f"{at}{diagnostic.code} {diagnostic.title}{node}{times}"]
    if diagnostic.span is not None:
        lines += excerpt(diagnostic.span)
    for label in dict.fromkeys(diagnostic.labels):
        if label.span != diagnostic.span:
            lines += [f"  {label.span}: {label.text}", *excerpt(label.span, "-")]
    lines += _labelled("expected", (diagnostic.expected,))
    lines += _labelled("got", diagnostic.got)
    lines += _labelled("fix", (diagnostic.fix,))
    lines += _labelled("note", diagnostic.notes)
    shown = [_place(each) for each in others[:PLACES]]
    lines += _labelled("also at", [*shown, f"and {len(others) - PLACES} more"] if others[PLACES:] else shown)
    return "\n".join(lines)


def render_all(diagnostics: Sequence[Diagnostic]) -> str:
    """The whole page: every diagnostic, equal remarks together at the first of their places, how many there are, and where to
    read more."""
    if not diagnostics:
        return "no errors"
    codes = list(dict.fromkeys(each.code for each in diagnostics))
    warnings = sum(each.is_warning for each in diagnostics)
    counts = [_counted(len(diagnostics) - warnings, "error"), _counted(warnings, "warning")]
    pages = [render(first, others) for first, *others in _together(diagnostics)]
    count = ", ".join(text for text in counts if text)
    return "\n\n".join([*pages, f"{count}\nexplain: dagc explain {' '.join(codes)}"])


def _together(diagnostics: Sequence[Diagnostic]) -> list[list[Diagnostic]]:
    """The diagnostics, each with the remarks after it that say the same of another place."""
    groups: dict[object, list[Diagnostic]] = {}
    for number, each in enumerate(diagnostics):
        said = (each.code, each.expected, each.got, each.fix, each.notes, each.labels) if each.is_warning else number
        groups.setdefault(said, []).append(each)
    return list(groups.values())


def _place(diagnostic: Diagnostic) -> str:
    node = f" `{diagnostic.node}`" if diagnostic.node else ""
    return f"{diagnostic.span}{node}" if diagnostic.span else node.strip()


def excerpt(span: Span, mark: str = "^") -> list[str]:
    """The source line of `span`, outdented, and `^~~~` under the spanned columns; nothing where the source is unknown.

    Another `mark` than `^` stands under each column.
    """
    text = span.text.rstrip()
    if not text.strip():
        return []
    outdented = text.lstrip()
    removed = len(text) - len(outdented)
    # Tabs in front of the span are repeated in front of the caret, so that it stands right at any tab width.
    before = outdented[: max(span.column - 1 - removed, 0)]
    padding = "".join("\t" if character == "\t" else " " for character in before)
    width = max(min(span.end_column - 1, len(text)) - (span.column - 1), 1)
    return [f"    {outdented}", f"    {padding}{mark}{('~' if mark == '^' else mark) * (width - 1)}"]


def located(diagnostic: Diagnostic) -> Diagnostic:
    """The same, its places under the names that messages use."""
    labels = tuple(Label(label.span.located, label.text) for label in diagnostic.labels)
    return replace(diagnostic, span=diagnostic.span and diagnostic.span.located, labels=labels)


def explain(code: str) -> str:
    """What `code` means, at length; raises KeyError, whose text lists the codes there are, for an unknown one."""
    known = CODES.get(code.upper())
    if known is None:
        raise KeyError(f"no diagnostic is called {code!r}; there are {', '.join(sorted(CODES))}")
    title, explanation = known
    return f"{code.upper()} {title}\n\n{explanation.strip()}\n"


def _labelled(label: str, texts: Sequence[str]) -> list[str]:
    lines = [line for text in texts if text for line in text.splitlines()]
    return [f"  {label if k == 0 else '':<{_LABEL_WIDTH}}  {line}" for k, line in enumerate(lines)]


def _counted(count: int, noun: str) -> str:
    return counted(count, noun) if count else ""
