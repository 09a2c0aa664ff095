"""Every message names a file as the tracer's do: by its path below the current folder, or in full elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagc.cli import main as command

#: An error of the tracer, one of the analysis, and remarks that speak of two places.
PROGRAMS = {
    "traced.py": "from dagc import lane\n\n\n@lane\ndef f(x: float) -> float:\n    return sorted(x)\n",
    "judged.py": "from dagc import lane\n\n\n@lane\ndef f(x: float, y: float) -> float:\n    return x / y\n",
    "remarked.py": (
        "from dagc import ieee_div, lane, params\n\n\n@params\nclass P:\n    low: float = 0.5\n\n\n@lane\n"
        "def f(x: float, y: float, p: P) -> float:\n    q = ieee_div(x, y)\n    return max(p.low, q)\n"
    ),
    "silenced.py": "from dagc import lane\n\n\n@lane\ndef f(x: float) -> float:\n    return x  # dagc: allow W004\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("folder", ["", "desk"])
def test_a_file_is_called_by_its_path(name: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(PROGRAMS[name])
    for here, shown in ((tmp_path, str(Path(folder) / name)), (Path("/"), str(file).lstrip("/"))):
        monkeypatch.chdir(here)
        page = CliRunner().invoke(command, ["lint", str(file)]).output
        told = [word.rstrip(":") for word in page.split() if f"{name}:" in word]
        assert told
        assert {word.partition(":")[0] for word in told} == {shown}, page
        document = json.loads(CliRunner().invoke(command, ["lint", str(file), "--json"]).output)
        assert {each["span"]["file"] for each in document} == {shown}
        assert not [each for each in document if "path" in each["span"]]


def test_elsewhere_the_path_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    file = tmp_path / "judged.py"
    file.write_text(PROGRAMS["judged.py"])
    monkeypatch.chdir(tmp_path / "here")
    assert f"{file}:6:12: E060" in CliRunner().invoke(command, ["lint", str(file)]).output
