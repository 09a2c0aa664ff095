"""Exit codes, and what a user sees when something is wrong: a message and never a traceback."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from dag.diagnostics.diagnostic import Diagnostic

OK, REJECTED, USAGE, TOOL_MISSING, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 70, 130
#: The diagnostic of a command line that names no lane.
NO_SUCH_LANE = "E003"

#: What says what a user did wrong, by module and name, and the exit code. None of these modules is imported for it: an exception
#: of a module that was not imported was not raised.
_REFUSALS = (
    ("dagc.binding.parameters", "BindingProblem", USAGE),
    ("dagc.data.problem", "DataProblem", USAGE),
    ("dagc.replay.checkpoint", "CheckpointProblem", USAGE),
    ("dagc.debugging.tap_names", "NameProblem", USAGE),
    ("dagc.debugging.search.syntax", "SearchProblem", USAGE),
    ("compile.backend", "Refused", REJECTED),
    ("compile.backend", "Misbehaves", REJECTED),
    ("compile.bundle.bundle", "NoBundle", USAGE),
    ("compile.bundle.bundle", "BundleProblem", REJECTED),
    ("dagc.live.inputs", "InputProblem", REJECTED),
    ("dagc.live.state", "WrongSnapshot", REJECTED),
    ("dagc.building.proving", "ReaderMissing", TOOL_MISSING),
    ("compile.c.compiler", "CompilerFailed", TOOL_MISSING),
    ("compile.c.target", "WrongTarget", USAGE),
    ("dagc.sweeping.problem", "SweepProblem", USAGE),
)


def _refused_with(problem: Exception) -> int | None:
    """The exit code of a refusal; None where `problem` is a defect of ours."""
    from dag.diagnostics.diagnostic import CompileError

    for module, name, code in _REFUSALS:
        if module in sys.modules and isinstance(problem, getattr(sys.modules[module], name)):
            return code
    return refusal(problem.diagnostics) if isinstance(problem, CompileError) else None


def is_refusal(problem: Exception) -> bool:
    """Whether `problem` says what a user did wrong, rather than that dagc did."""
    return _refused_with(problem) is not None


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn every known refusal into its message on stderr and its exit code; anything else is a bug of ours (70)."""
    from dagc.terminal.shadowing import refuse_hidden_packages

    try:
        refuse_hidden_packages()
    except ImportError as problem:
        fail(str(problem), USAGE)
    try:
        yield
    except KeyboardInterrupt:
        fail("interrupted", INTERRUPTED)
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except RecursionError:
        fail("what was given nests too deeply to be read: brackets in brackets, or calls in calls", REJECTED)
    except UnicodeDecodeError as problem:
        fail(f"a file is not {problem.encoding} text: {problem.reason} at byte {problem.start}", USAGE)
    except Exception as problem:
        if (code := _refused_with(problem)) is not None:
            fail(str(problem), code)
        if isinstance(problem, OSError) and problem.filename is not None:
            fail(f"{problem.filename}: {problem.strerror}", USAGE)
        last = traceback.extract_tb(problem.__traceback__)[-1]
        fail(
            f"internal error: {type(problem).__name__}: {problem}\n"
            f"  at {last.filename}:{last.lineno} in {last.name}\n"
            "  `dagc doctor` says whether the tools of this machine work; if they do, this is a defect of dagc: please\n"
            "  report it with the command line, and the lane file if you can share it",
            INTERNAL,
        )


def refusal(diagnostics: Iterable[Diagnostic]) -> int:
    """The exit code of a program that is refused: usage where there is no such program."""
    return USAGE if all(each.code == NO_SUCH_LANE for each in diagnostics) else REJECTED


def note(message: str) -> None:
    """Say something on stderr that changes no result."""
    click.echo(message, err=True)


def fail(message: str, code: int) -> NoReturn:
    """Print `message` on stderr and leave with `code`."""
    click.echo(message, err=True)
    sys.exit(code)
