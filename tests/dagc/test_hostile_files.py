"""Whatever text a lane file holds, each command answers with a message: never a traceback, never "internal error"."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
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


#: Each option that names a file to read, in a command that would otherwise succeed; FILE stands for the file, LANE and BUNDLE as they say.
READ = {
    "the target": ("lint", "FILE"),
    "the target of a build": ("build", "FILE:f", "-o", "OUT"),
    "--pins": ("build", "LANE", "-o", "OUT", "--emit", "interpreter", "--pins", "FILE"),
    "--pins FILE.py:NAME": ("build", "LANE", "-o", "OUT", "--emit", "interpreter", "--pins", "FILE:preset"),
    "--slot": ("build", "LANE", "-o", "OUT", "--emit", "interpreter", "--slot", "s=FILE:f"),
    "check --data": ("check", "LANE", "--data", "FILE", "--backends", "interpreter"),
    "check --data of a Parquet file": ("check", "LANE", "--data", "FILE.parquet", "--backends", "interpreter"),
    "check --data of an Arrow file": ("check", "LANE", "--data", "FILE.arrow", "--backends", "interpreter"),
    "tap --data": ("tap", "LANE", "--data", "FILE", "--bar", "0", "--lane", "f"),
    "replay --data": ("replay", "BUNDLE", "--backend", "interpreter", "--data", "FILE"),
    "--recorded": ("parity", "LANE", "--oracle", "LANE", "--recorded", "FILE"),
    "--oracle": ("parity", "LANE", "--oracle", "FILE:f"),
    "--universe": ("parity", "LANE", "--oracle", "LANE", "--universe", "FILE"),
    "--replay of a program": ("fuzz", "--replay", "FILE.py"),
    "--replay of a graph": ("fuzz", "--replay", "FILE"),
    "inspect": ("inspect", "FILE"),
    "verify": ("verify", "FILE"),
}


def _put(kind: str, path: Path) -> None:
    match kind:
        case "a pipe":
            os.mkfifo(path)
        case "a link to a pipe":
            os.mkfifo(path.with_name("there"))
            path.symlink_to(path.with_name("there"))
        case "a device":
            path.symlink_to("/dev/zero")
        case "a folder":
            path.mkdir()
        case "a socket":
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(os.path.relpath(path))  # the name of a socket is short
        case _:
            raise AssertionError(kind)


@pytest.fixture(scope="module")
def at_hand(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("at_hand")
    (folder / "lane.py").write_bytes(PLAIN)
    lane, bundle = f"{folder / 'lane.py'}:f", str(folder / "bundle")
    assert _run("build", lane, "-o", bundle, "--emit", "interpreter", "--rows", "16").exit_code == 0
    return {"LANE": lane, "BUNDLE": bundle}


@pytest.mark.parametrize("kind", ["a pipe", "a link to a pipe", "a device", "a folder", "a socket"])
@pytest.mark.parametrize("option", READ)
def test_no_option_waits_for_what_is_no_regular_file(
    option: str, kind: str, at_hand: dict[str, str], tmp_path: Path
) -> None:
    suffix = next((each.removeprefix("FILE") for each in READ[option] if re.fullmatch(r"FILE(\.\w+)", each)), "")
    path = tmp_path / f"given{suffix}"
    _put(kind, path)
    arguments = [
        at_hand.get(each) or each.replace(f"FILE{suffix}", str(path)).replace("OUT", str(tmp_path / "out"))
        for each in READ[option]
    ]
    result = _run(*arguments)
    assert result.exit_code in (1, 2)
    assert str(path) in result.output


def _piped(text: bytes) -> int:
    reading, writing = os.pipe()
    os.write(writing, text)
    os.close(writing)
    return reading


def test_data_comes_through_a_pipe_that_is_open(at_hand: dict[str, str], tmp_path: Path) -> None:
    bars = b"x\n" + b"".join(b"%d.5\n" % k for k in range(9))
    (tmp_path / "bars.csv").write_bytes(bars)
    for command in (
        ("check", at_hand["LANE"], "--backends", "lane", "--json"),
        ("tap", at_hand["LANE"], "--bar", "8", "--lane", "f"),
        ("replay", at_hand["BUNDLE"], "--backend", "interpreter", "--json"),
    ):
        pipe = _piped(bars)
        through_pipe = _run(*command, "--data", f"/dev/fd/{pipe}")
        os.close(pipe)
        from_file = _run(*command, "--data", str(tmp_path / "bars.csv"))
        assert through_pipe.exit_code == from_file.exit_code == 0, through_pipe.output
        said = re.sub(r'"[^"]*/(pipe|bars\.csv)"', '"the data"', through_pipe.stdout)
        assert said == re.sub(r'"[^"]*/(pipe|bars\.csv)"', '"the data"', from_file.stdout)
    assert not list(Path(tempfile.gettempdir()).glob("dagc-data-*"))


def test_the_standard_input_is_data_where_it_says_so(at_hand: dict[str, str]) -> None:
    command = [sys.executable, "-m", "dagc", "tap", at_hand["LANE"], "--bar", "1", "--lane", "f", "--data"]
    for name in ("-", "/dev/stdin"):
        done = subprocess.run([*command, name], input="x\n1.0\n2.5\n", capture_output=True, text=True, check=False)
        assert (done.returncode, "5.0" in done.stdout) == (0, True), done.stderr
    ended = subprocess.run([*command, "-"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (2, "/dev/stdin cannot be read: is a device, expected a regular file\n")


def test_a_pipe_without_end_is_refused(at_hand: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dagc.data.piped.MOST_PIPED", 1000)
    pipe = _piped(b"x\n" + b"1.0\n" * 300)
    result = _run("check", at_hand["LANE"], "--data", f"/dev/fd/{pipe}")
    os.close(pipe)
    assert result.exit_code == 2
    assert "more than 1,000 bytes" in result.output


def test_no_command_waits_for_somebody_to_read_what_it_writes(at_hand: dict[str, str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "coverage")
    written = ("check", at_hand["LANE"], "--campaign", "16", "--backends", "lane", "--out", str(tmp_path / "out"))
    result = _run(*written, "--coverage", str(tmp_path / "coverage"))
    assert result.exit_code == 2
    assert "coverage: this pipe has no reader" in result.output
    (tmp_path / "replayed").mkdir()
    for name in ("_lock", "_checkpoint.json"):
        os.mkfifo(tmp_path / "replayed" / name)
    (tmp_path / "bars.csv").write_bytes(b"x\n1.0\n")
    replay = ("replay", at_hand["BUNDLE"], "--backend", "interpreter", "--data", str(tmp_path / "bars.csv"))
    assert _run(*replay, "-o", str(tmp_path / "replayed")).exit_code == 2
