"""Our five packages have plain names; a user's own folder of the same name can hide one. Say which, instead of failing later."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PACKAGES = ("dag", "lanes", "compile", "rtl")
HOME = Path(__file__).resolve().parent.parent


def hidden_packages() -> dict[str, str]:
    """Package of ours -> the place Python finds under its name instead; empty when all five are ours."""
    hidden: dict[str, str] = {}
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None:
            hidden[package] = "nothing: it is not installed"
        elif spec.origin is None or Path(spec.origin).resolve().parent != HOME / package:
            hidden[package] = str(spec.origin or next(iter(spec.submodule_search_locations or ()), "unknown"))
    return hidden


def refuse_hidden_packages() -> None:
    """Raise ImportError naming every package of ours that something else hides, and the way out."""
    hidden = hidden_packages()
    if hidden:
        lines = [f"  `{package}` is {place}, dagc's is {HOME / package}" for package, place in hidden.items()]
        raise ImportError(
            "\n".join(
                [
                    "something with the name of a package of dagc stands before it on Python's path:",
                    *lines,
                    "  fix: rename that folder or file, or run with `python -P` (or the `dagc` command) from elsewhere",
                ]
            )
        )
