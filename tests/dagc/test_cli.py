"""The command line, as a user runs it: its exit code, stdout for the result and stderr for the rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagc.cli import main
from tests.support.command_line import dagc

LANES = """\
from typing import Annotated

from dagc import carry, domain, lane, params, unit

Price = Annotated[float, unit("px"), domain(above=0.0, hi=1e9)]


@params
class Average:
    weight: Annotated[float, domain(0.0, 1.0)] = 0.25
    span: Annotated[float, domain(1.0, 100.0)]  {missing}


@lane
def average(price: Price, p: Average) -> Price:
    level = carry(initial=price)
    gap = price - level
    level = level + p.weight * gap
    return level
"""
PRICES = "price\n100.0\n101.5\nnan\n99.25\n"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a lane file, data, and a bundle of the software backends."""
    folder = tmp_path_factory.mktemp("workshop")
    source = LANES.replace("    span: Annotated[float, domain(1.0, 100.0)]  {missing}\n", "")
    (folder / "average.py").write_text(source)
    (folder / "prices.csv").write_text(PRICES)
    done = dagc("build", "average.py:average", "-o", "out", "--emit", "interpreter,c", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_help_and_doctor_import_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys; from click.testing import CliRunner; from dagc.cli import main; "
        "r = CliRunner(); assert r.invoke(main, ['--help']).exit_code == 0; r.invoke(main, ['doctor']); "
        "[r.invoke(main, [c, '--help'], catch_exceptions=False) for c in ('build', 'check', 'tap', 'lint', 'verify', 'replay')]; "
        "sys.exit(', '.join(m for m in ('jax', 'pyarrow', 'networkx') if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_doctor_says_what_is_there(tmp_path: Path) -> None:
    done = dagc("doctor", "--json", cwd=tmp_path)
    found = {each["name"]: each for each in json.loads(done.stdout)}
    assert found["python"]["ok"]
    assert found["jax"]["required"]
    assert all(each["ok"] or each["fix"] for each in found.values())
    assert done.returncode == (0 if all(each["ok"] for each in found.values() if each["required"]) else 3)


def test_build_says_what_it_did(workshop: Path) -> None:
    done = dagc("build", "average.py:average", "-o", "again", "--emit", "interpreter,c", "--json", cwd=workshop)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    summary = json.loads(done.stdout)
    assert summary["check"]["differences"] == 0
    assert summary["check"]["backends"] == [
        "lane",
        "interpreter",
        "c",
        "c_batch",
        "kernel.so",
        "kernel.so_batch",
        "kernel.so_step",
    ]
    assert summary["states"] == 2
    for name in ("kernel.so", "kernel.c", "interpreter.py", "manifest.json", "certificate.json", "report.html"):
        assert (workshop / "again" / name).read_bytes() == (workshop / "out" / name).read_bytes(), name


def test_verify_and_inspect(workshop: Path) -> None:
    assert dagc("verify", "out", cwd=workshop).returncode == 0
    facts = json.loads(dagc("inspect", "out", "--json", cwd=workshop).stdout)
    assert [port["name"] for port in facts["inputs"]] == ["price"]
    assert "average" in dagc("inspect", "out", cwd=workshop).stdout
    staged = json.loads(dagc("inspect", "out", "--stages", "--json", cwd=workshop).stdout)
    assert len(staged) == facts["nodes"]
    assert {each["stage"] for each in staged if each["name"] in {port["name"] for port in facts["inputs"]}} == {"bar"}
    assert "row " in dagc("inspect", "out", "--stages", cwd=workshop).stdout


def test_a_changed_byte_is_refused_and_check_shows_its_effect(workshop: Path) -> None:
    done = dagc("build", "average.py:average", "-o", "hurt", "--emit", "interpreter,c", cwd=workshop)
    assert done.returncode == 0
    kernel = workshop / "hurt" / "kernel.c"
    text = kernel.read_text()
    assert text.count("average__gap;") == 1 or "price - " in text
    kernel.write_text(text.replace("price - ", "price + ", 1))
    refused = dagc("verify", "hurt", cwd=workshop)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "kernel.c: was changed" in refused.stderr
    checked = dagc(
        "check",
        "average.py:average",
        "--bundle",
        "hurt",
        "--backends",
        "c,c_batch",
        "--campaign",
        2000,
        "--json",
        cwd=workshop,
    )
    assert checked.returncode == 1
    report = json.loads(checked.stdout)
    assert report["differences_of"]["c"] > 0
    assert report["differences_of"]["c_batch"] == 0
    assert report["first_difference"]["node"]["name"].endswith("gap")


def test_check_replays_data_with_state(workshop: Path) -> None:
    done = dagc(
        "check", "average.py:average", "--data", "prices.csv", "--backends", "c,c_batch", "--json", cwd=workshop
    )
    report = json.loads(done.stdout)
    assert (done.returncode, report["rows"], report["differences"], report["rejected_rows"]) == (0, 4, 0, 1)
    assert report["missing"] == []


@pytest.mark.parametrize("backend", ["interpreter", "c", "c_batch"])
def test_tap_shows_a_value_and_why(workshop: Path, backend: str) -> None:
    done = dagc("tap", "out", "--data", "prices.csv", "--bar", 1, "--lane", "gap", "--backend", backend, cwd=workshop)
    assert done.returncode == 0, done.stderr
    assert "gap = 1.5 [px]    0x3ff8000000000000" in done.stdout
    assert "average.py:16  gap = price - level" in done.stdout
    assert "price" in done.stdout
    chosen = dagc("tap", "out", "--data", "prices.csv", "--bar", 2, "--lane", "next.level", "--json", cwd=workshop)
    assert json.loads(chosen.stdout)["chosen"].endswith("level.before"), "a rejected row keeps the state"


def test_tap_helps_with_names_and_bars(workshop: Path) -> None:
    wrong = dagc("tap", "out", "--data", "prices.csv", "--bar", 1, "--lane", "gpa", cwd=workshop)
    assert wrong.returncode == 2
    assert "gap" in wrong.stderr
    beyond = dagc("tap", "out", "--data", "prices.csv", "--bar", 4, "--lane", "gap", cwd=workshop)
    assert beyond.returncode == 2
    assert "bars 0 to 3" in beyond.stderr


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("prce\n1.0\n", "did you mean `prce`"),
        ("price\n1.0\nabc\n", "line 3, column `price`: 'abc' is not f64"),
        ("price\n1.0,2.0\n", "line 2: 2 cells, expected 1"),
        ("", "is empty"),
        ("price\n", "holds no bars"),
    ],
)
def test_bad_data_is_refused_with_its_place(workshop: Path, table: str, says: str) -> None:
    (workshop / "bad.csv").write_text(table)
    done = dagc("check", "average.py:average", "--data", "bad.csv", "--backends", "c", cwd=workshop)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_parameters_come_from_the_command_line(workshop: Path) -> None:
    tap = ("tap", "out", "--data", "prices.csv", "--bar", 1, "--lane", "level", "--json")
    done = dagc(*tap, "--param", "weight=1.0", cwd=workshop)
    assert json.loads(done.stdout)["node"]["value"] == "101.5"
    outside = dagc(*tap, "--param", "weight=2", cwd=workshop)
    assert outside.returncode == 2
    assert "weight" in outside.stderr
    unknown = dagc(*tap, "--param", "wieght=1", cwd=workshop)
    assert "did you mean `weight`" in unknown.stderr


def test_a_parameter_without_default_must_be_given(tmp_path: Path) -> None:
    (tmp_path / "average.py").write_text(
        LANES.replace(
            "weight: Annotated[float, domain(0.0, 1.0)] = 0.25", "weight: Annotated[float, domain(0.0, 1.0)]"
        ).replace("{missing}", "= 2.0")
    )
    (tmp_path / "prices.csv").write_text(PRICES)
    check = ("check", "average.py:average", "--data", "prices.csv", "--backends", "c")
    done = dagc(*check, cwd=tmp_path)
    assert done.returncode == 2
    assert "no default" in done.stderr
    assert dagc(*check, "--param", "weight=0.5", cwd=tmp_path).returncode == 0


def test_a_rejected_program_is_a_page_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(
        'from typing import Annotated\nfrom dagc import lane, unit\n\n\n@lane\ndef f(a: Annotated[float, unit("usd")], '
        'b: Annotated[float, unit("bps")]) -> Annotated[float, unit("usd")]:\n    return a + b\n'
    )
    for command in (("build", "wrong.py:f", "-o", "out"), ("lint", "wrong.py"), ("check", "wrong.py:f")):
        done = dagc(*command, cwd=tmp_path)
        assert done.returncode == 1
        page = done.stdout + done.stderr
        assert "wrong.py:7:12" in page
        assert "return a + b" in page
        assert "Traceback" not in page
    assert not (tmp_path / "out").exists()


def test_usage_errors(workshop: Path) -> None:
    for arguments in (
        ("build",),
        ("build", "average.py:average", "-o", "x", "--emit", "vhdl"),
        ("check", "average.py:average", "--backends", "gpu"),
        ("nothing",),
        ("explain", "E999"),
    ):
        done = dagc(*arguments, cwd=workshop)
        assert done.returncode == 2, arguments
        assert done.stdout == ""


def test_explain_takes_codes_in_lower_case(tmp_path: Path) -> None:
    done = dagc("explain", "e001", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("E001 ")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("w4", "did you mean `W004`?"),
        ("e31", "did you mean `E031`?"),
        ("E05", "did you mean `E050` or `E051` or `E052`?"),
        ("E0600", "did you mean `E060`?"),
        ("E9", "there are E001 to E"),
        ("units", "there are E001 to E"),
    ],
)
def test_an_unknown_code_is_told_which_may_be_meant(asked: str, says: str) -> None:
    done = CliRunner().invoke(main, ["explain", asked])
    assert done.exit_code == 2
    assert says in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("inspect", "{}"),
        ("verify", "{}"),
        ("graph", "{}"),
        ("replay", "{}", "--data", "bars.csv"),
        ("tap", "{}", "--data", "bars.csv", "--bar", "0", "--lane", "x"),
    ],
)
@pytest.mark.parametrize(("what", "is_it"), [("absent", "it does not exist"), ("folder", "it has no manifest.json")])
def test_a_bundle_that_is_not_there_is_a_wrong_command_line(
    command: tuple[str, ...], what: str, is_it: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "bars.csv").write_text("x\n1.0\n")
    done = CliRunner().invoke(main, [each.format(what) for each in command])
    assert done.exit_code == 2, done.output
    assert f"{what} is not a bundle: {is_it}" in done.stderr
    assert "dagc build FILE.py:LANE -o" in done.stderr


def test_lint_says_that_there_was_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("def half(x):\n    return x / 2.0\n")
    done = CliRunner().invoke(main, ["lint", str(tmp_path / "helpers.py")])
    assert done.exit_code == 0
    assert "no lanes, so nothing was checked" in done.stdout
    assert "@lane" in done.stdout


def test_nothing_of_jaxlib_reaches_stderr(workshop: Path) -> None:
    pytest.importorskip("jax")
    # XLA logs an error each time it cannot write there, as it does where a compilation takes long.
    noisy = {"XLA_FLAGS": "--xla_dump_to=/proc/nowhere/of/all"}
    command = [sys.executable, "-m", "dagc", "check", "average.py:average", "--campaign", "20", "--backends", "xla"]
    quiet = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    for level, is_silent in (({}, True), ({"TF_CPP_MIN_LOG_LEVEL": "2"}, False)):
        done = subprocess.run(
            command, cwd=workshop, capture_output=True, text=True, check=False, timeout=300, env=quiet | noisy | level
        )
        assert done.returncode == 0, done.stderr
        assert ("xla" not in done.stderr.lower() and "dump.cc" not in done.stderr) is is_silent, done.stderr
