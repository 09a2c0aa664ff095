"""Whatever text a lane file holds, each command answers with a message: never a traceback, never "internal error"."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dagc.cli import main

LANE = "from dagc import lane\n\n\n@lane\ndef f(x: float) -> float:\n    return {}\n"
PLAIN = LANE.format("x * 2.0").encode()
RETURNS = {
    "a name without end": "x" + ".a" * 2000,
    "a long sum": " + ".join(["x"] * 900),
    "a long chain of comparisons": f"1.0 if {' < '.join(['x'] * 300)} else 0.0",
    "alternatives without end": "".join(f"{k}.0 if x == {k}.0 else " for k in range(150)) + "x",
    "an integer without end": "float((2 ** 4096) ** 4096 ** 4096)",
    "shifted without end": "float(1 << 4000 << 4000)",
    "a long hexadecimal number": f"x + 0x{'f' * 9000}",
    "a tuple without end": "((x,) * 1000000000000)[0]",
    "joined tuples without end": "((x,) * 60000 + (x,) * 60000)[0]",
    "a range without end": "float(len(range(1000000000000)))",
    "text as a number": "x + float('hello')",
}
REFUSED = {
    **{name: LANE.format(text).encode() for name, text in RETURNS.items()},
    "binary": bytes(range(256)) * 4,
    "null bytes": PLAIN + b"\0",
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "no UTF-8": b"# \xe9\n" + PLAIN,
    "an unknown encoding": b"# -*- coding: nonsense -*-\n" + PLAIN,
    "a syntax error": b"def f(:\n",
    "tabs and spaces": b"if 1:\n\tx = 1\n        y = 2\n",
    "an open string": b'x = """abc',
    "open brackets": b"x = " + b"[" * 5000,
    "a deep list": b"x = " + b"[" * 5000 + b"]" * 5000,
    "a sum that Python cannot parse": b"x = " + b"+".join([b"1"] * 20000),
    "signs that Python cannot parse": b"x = " + b"-" * 5000 + b"1\n",
    "exit": b"import sys\nsys.exit(0)\n",
    "a class of its own": b"class X(BaseException): pass\nraise X('no')\n",
    "a text that raises": b"class X(Exception):\n    def __str__(self): raise RuntimeError\nraise X\n",
    "recursion": b"def f(): f()\nf()\n",
    "a failed import": b"import nonexistent_module_of_nobody\n",
    "a decorated class": b"from dagc import lane\n@lane\nclass f: pass\n",
    "no function": b"f = 3\n",
    "a coroutine": b"from dagc import lane\n@lane\nasync def f(x: float) -> float:\n    return x\n",
    "a generator": b"from dagc import lane\n@lane\ndef f(x: float) -> float:\n    yield x\n",
    "a lambda": b"from dagc import lane\nf = lane(lambda x: x)\n",
    "annotations of anything": b"from dagc import lane\n@lane\ndef f(x: 3, y: 'a b', z: list[float]) -> None:\n    return x\n",
    "an annotation that leaves": b"from __future__ import annotations\nfrom dagc import lane\n@lane\ndef f(x: exit()) -> float:\n    return x\n",
    "a record of itself": (
        b"from __future__ import annotations\nfrom dataclasses import dataclass\nfrom dagc import lane\n"
        b"@dataclass(frozen=True)\nclass R:\n    r: R\n@lane\ndef f(x: float, r: R) -> float:\n    return x\n"
    ),
    "an Enum without members": b"from enum import Enum\nfrom dagc import lane\nclass E(Enum): pass\n@lane\ndef f(e: E) -> float:\n    return 1.0\n",
}  # fmt: skip
ACCEPTED = {
    "a byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "another encoding": b"# -*- coding: latin-1 -*-\n# \xe9\n" + PLAIN,
    "lines that end in CR LF": PLAIN.replace(b"\n", b"\r\n"),
    "lines that end in CR": PLAIN.replace(b"\n", b"\r"),
    "a form feed": PLAIN.replace(b"@lane", b"\f@lane"),
    "a chain of calls": b"".join(
        b"def h%d(x):\n    return %s\n\n\n" % (k, b"h%d(x) + 1.0" % (k - 1) if k else b"x") for k in range(200)
    )
    + LANE.format("h199(x)").encode(),
}
#: Names whose text Python runs, but dagc leaves out.
FINE = {"a long sum", "a long chain of comparisons", "alternatives without end"}


def _run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    assert result.exit_code in (0, 1, 2), result.output
    assert "Traceback" not in result.output
    assert "internal error" not in result.output
    return result


@pytest.mark.parametrize("kind", REFUSED)
def test_a_hostile_file_is_refused_with_a_message(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "hostile.py"
    file.write_bytes(REFUSED[kind])
    for command in ("lint", "pins"):
        result = _run(command, f"{file}:f")
        assert (result.exit_code == 0) is (kind in FINE), result.output
        assert result.output.strip()


@pytest.mark.parametrize("kind", ACCEPTED)
def test_whatever_python_reads_is_read(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "unusual.py"
    file.write_bytes(ACCEPTED[kind])
    assert _run("lint", str(file)).exit_code == 0
    assert _run("pins", f"{file}:f").exit_code == 0


@pytest.mark.parametrize(
    "what", ["a directory", "a pipe", "a device", "a loop of links", "nothing", "no name", "a long name", "null"]
)
def test_what_is_no_file_is_a_usage_error(what: str, tmp_path: Path) -> None:
    path = tmp_path / "there.py"
    match what:
        case "a directory":
            path.mkdir()
        case "a pipe":
            os.mkfifo(path)
        case "a device":
            path.symlink_to("/dev/zero")
        case "a loop of links":
            path.symlink_to(path)
        case _:
            pass
    named = {"no name": "", "a long name": f"{tmp_path}/{'x' * 300}.py", "null": f"{tmp_path}/a\0b.py"}.get(
        what, str(path)
    )
    for command in (("lint", named), ("lint", f"{named}:f"), ("pins", f"{named}:f")):
        assert _run(*command).exit_code == 2


def test_a_lane_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    file = tmp_path / "plain.py"
    file.write_bytes(PLAIN)
    for name in ("g", "", "__doc__", "f.g", "a b"):
        assert _run("lint", f"{file}:{name}").exit_code == 2


@pytest.mark.parametrize(
    "text", [b"", b"\x80\xff", b"null", b"[" * 100_000, b'{"k": NaN}', b"k = " + b"[" * 3000, b"\0"]
)
def test_whatever_a_document_holds_the_answer_is_a_message(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "lane.py").write_bytes(PLAIN)
    lane = f"{tmp_path / 'lane.py'}:f"
    for name in ("document.json", "document.toml", "document.csv"):
        (tmp_path / name).write_bytes(text)
    json, toml, csv = (str(tmp_path / f"document.{kind}") for kind in ("json", "toml", "csv"))
    refused = [
        ("fuzz", "--replay", json),
        ("parity", lane, "--oracle", lane, "--universe", json),
        ("tap", lane, "--data", csv, "--bar", "0", "--lane", "f"),
        ("inspect", json),
    ]
    if text:
        refused.append(("build", lane, "-o", str(tmp_path / "out"), "--emit", "interpreter", "--pins", toml))
    for arguments in refused:
        assert _run(*arguments).exit_code in (1, 2)
