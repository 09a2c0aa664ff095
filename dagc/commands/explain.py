"""`dagc explain`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import click

from dagc.terminal.exits import USAGE, fail


@click.command("explain")
@click.argument("code")
def command(code: str) -> None:
    """Explain a diagnostic code: what it means, a small program that has it, and one that does not."""
    from dag.diagnostics.codes import CODES
    from dag.diagnostics.diagnostic import explain

    if code.upper() not in CODES:
        fail(f"there is no diagnostic {code}; {_meant(code.upper(), CODES)}", USAGE)
    click.echo(explain(code.upper()))


def _meant(code: str, known: Iterable[str]) -> str:
    """The codes that may have been meant: `W004` for w4, those that begin so for E06; else which there are."""
    codes = sorted(known)
    letter, digits = code[:1], code[1:].lstrip("0")
    if digits.isdecimal():
        for beginning in (f"{letter}{digits:0>3}", f"{letter}0{digits}"):
            alike = [each for each in codes if each.startswith(beginning)]
            if alike:
                return f"did you mean {' or '.join(f'`{each}`' for each in alike)}?"
    if close := difflib.get_close_matches(code, codes, n=1) if len(code) > 3 else []:
        return f"did you mean `{close[0]}`?"
    ends = [[each for each in codes if each[0] == first] for first in "EW"]
    return f"there are {' and '.join(f'{each[0]} to {each[-1]}' for each in ends)}"
