"""The last lines of a build's screen: alike whether it ran or was kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dag.diagnostics.wording import counted

#: `graph.json` and `manifest.json`, which are written beside what was built.
_BESIDE = 2


def seconds_line(seconds: Mapping[str, float]) -> str:
    """How long each stage took."""
    return f"  seconds   {', '.join(f'{name} {each:.1f}' for name, each in seconds.items())}"


def size_text(sizes: Collection[int]) -> str:
    """How many files a bundle of built files of these sizes in bytes has, and how large the built files are."""
    return f"{counted(len(sizes) + _BESIDE, 'file')}, {sum(sizes) / 1024:,.0f} KiB"
