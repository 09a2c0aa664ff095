"""Passwords of keys."""

from __future__ import annotations

import os

import click

#: The environment variable that answers instead of a person.
PASSWORD = "DAGC_KEY_PASSWORD"


def key_password(confirm: bool = False) -> str:
    """The password of a key: from the environment, else asked for."""
    given = os.environ.get(PASSWORD)
    return (
        given
        if given is not None
        else click.prompt("password of the key", hide_input=True, confirmation_prompt=confirm, err=True)
    )
