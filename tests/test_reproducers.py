"""Every disagreement that was ever found, in every backend, for ever: the files of tests/reproducers."""

from __future__ import annotations

from pathlib import Path

import pytest

from compile.campaign.findings.reproducer import from_json
from tests.support.backends import BACKENDS, backend_or_skip

FILES = sorted((Path(__file__).parent / "reproducers").glob("*.json"))


def test_there_are_reproducers() -> None:
    assert FILES


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_saved_disagreement_stays_fixed(path: Path, backend: str) -> None:
    found = from_json(path.read_text(encoding="utf-8")).replay({backend: backend_or_skip(backend)})
    assert not found, found[0].explained()
