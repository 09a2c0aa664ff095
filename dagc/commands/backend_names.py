"""Options that name backends, one or several with commas between them: callbacks that click gives what was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click


def metavar(names: Sequence[str]) -> str:
    """`[c|xla]`, as click shows a choice."""
    return f"[{'|'.join(names)}]"


def one_of(choices: Callable[[], Sequence[str]]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A callback that takes the name of one of the backends that `choices` gives; a usage error for any other."""

    def callback(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        return None if value is None else _known([value], choices())[0]

    return callback


def some_of(
    choices: Callable[[], Sequence[str]],
) -> Callable[[click.Context, click.Parameter, str | None], tuple[str, ...] | None]:
    """A callback that takes names with commas between them; a usage error where there are none, or for any other name."""

    def callback(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
        if value is None:
            return None
        names = [name.strip() for name in value.split(",") if name.strip()]
        if not names:
            raise click.UsageError(f"{param.opts[0]} names none; there are {', '.join(choices())}")
        return _known(names, choices())

    return callback


def _known(names: Sequence[str], choices: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in choices]
    if unknown:
        raise click.UsageError(f"there is no backend {', '.join(unknown)}; there are {', '.join(choices)}")
    return tuple(names)
