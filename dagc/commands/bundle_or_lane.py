"""What a command is given that takes a bundle's folder or FILE.py:LANE."""

from __future__ import annotations

from pathlib import Path


def names_bundle(target: str) -> bool:
    """Whether `target` names a bundle: a folder, or a path that can be no lane, such as that of a folder that is not there."""
    return Path(target).is_dir() or (":" not in target and Path(target).suffix != ".py")
