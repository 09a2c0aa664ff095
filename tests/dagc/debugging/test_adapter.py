"""The debugger for editors, driven by a client that speaks the protocol over pipes and knows nothing else."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import dagc
from dagc.debugging.adapter.protocol import ProtocolProblem, read_message
from dagc.live.run import Run
from examples.market_table import load_days, market_rows, write_table

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = f"{ROOT}/examples/five_factor.py:five_factor"
COMPOSE = ROOT / "lanes" / "size" / "lev_compose.py"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("market") / "market.csv"
    write_table(market_rows(load_days()), file)
    return file


@pytest.fixture(scope="module")
def run(market: Path) -> Run:
    return dagc.compile(PROGRAM).run(pd.read_csv(market, float_precision="round_trip"))


class Client:
    """A client of the Debug Adapter Protocol."""

    def __init__(self, *arguments: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dagc", "debug", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._seq = 0
        self.events: list[dict[str, Any]] = []

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """The answer to a request, whatever it is."""
        assert self._process.stdin is not None
        self._seq += 1
        body = json.dumps({"seq": self._seq, "type": "request", "command": command, "arguments": arguments}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()
        while True:
            message = self._read()
            if message["type"] == "event":
                self.events.append(message)
                continue
            assert (message["request_seq"], message["command"]) == (self._seq, command)
            return message

    def get(self, command: str, **arguments: Any) -> Any:
        """The body of an answer that has to be one."""
        answer = self.ask(command, **arguments)
        assert answer["success"], answer
        return answer["body"]

    def event(self, name: str) -> dict[str, Any]:
        """The next event of that name."""
        while True:
            for each in self.events:
                if each["event"] == name:
                    self.events.remove(each)
                    return dict(each["body"])
            self.events.append(self._read())

    def go(self, command: str, **arguments: Any) -> dict[str, Any]:
        """A request that moves, and where it has led: the frame on top."""
        self.get(command, threadId=1, **arguments)
        self.event("stopped")
        return dict(self.get("stackTrace", threadId=1)["stackFrames"][0])

    def values(self, scope: str) -> dict[str, str]:
        """What a scope of the frame on top shows."""
        frame = self.get("stackTrace", threadId=1)["stackFrames"][0]["id"]
        found = {each["name"]: each["variablesReference"] for each in self.get("scopes", frameId=frame)["scopes"]}
        variables = self.get("variables", variablesReference=found[scope])["variables"]
        return {each["name"]: each["value"] for each in variables}

    def bar(self) -> int:
        """The bar that its thread is called after."""
        name = self.get("threads")["threads"][0]["name"]
        return int(name.rpartition("bar ")[2].replace(",", ""))

    def end(self) -> int:
        """Say goodbye, and the exit code."""
        self.get("disconnect")
        with self._process:  # which closes its pipes and waits for it
            pass
        return int(self._process.returncode)

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found = read_message(self._process.stdout)
        assert found is not None, self._process.stderr.read().decode() if self._process.stderr else ""
        return found


@pytest.fixture(scope="module")
def launched(market: Path) -> Iterator[Client]:
    client = Client()
    assert client.get("initialize", adapterID="dagc")["supportsStepBack"]
    client.get("launch", program=PROGRAM, data=str(market), stopOnEntry=True)
    client.event("initialized")
    client.get("configurationDone")
    assert client.event("stopped")["reason"] == "entry"
    yield client
    assert client.end() == 0


def line_of(text: str) -> int:
    lines = COMPOSE.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_breakpoint_on_a_line_stops_there_on_the_bars_where_its_condition_holds(launched: Client, run: Run) -> None:
    launched.get("evaluate", expression="bar 0")
    launched.event("stopped")
    line = line_of("lev = min(raw, cap)")
    source = {"path": str(COMPOSE)}
    (said,) = launched.get("setBreakpoints", source=source, breakpoints=[{"line": line, "condition": "raw > cap"}])[
        "breakpoints"
    ]
    assert said["verified"]
    assert said["line"] == line
    bars = run.where("raw > cap").tolist()
    assert len(bars) == 151
    for bar in bars[:3]:
        frame = launched.go("continue")
        assert (launched.bar(), frame["line"], frame["source"]["path"]) == (bar, line, str(COMPOSE))
        assert launched.values("Lane")["raw"] == f"{run.at(bar)['raw']!r} [x_conv]"
    assert launched.go("reverseContinue")["line"] == line
    assert launched.bar() == bars[1]
    launched.get("setBreakpoints", source=source, breakpoints=[])
    launched.go("continue")
    assert launched.bar() == run.batch.bars - 1
    launched.go("reverseContinue")
    assert launched.bar() == 0


def test_steps_go_in_over_out_and_back_the_way_they_came(launched: Client) -> None:
    launched.go("evaluate", expression="bar 1000")
    way = [launched.go("stepIn") for _ in range(30)]
    assert len({frame["id"] for frame in way}) > 4, "it goes into lanes"
    over = [launched.go("next")["id"] for _ in range(12)]
    back = [launched.go("stepBack")["id"] for _ in range(12)]
    assert back[-1] == way[-1]["id"] or back[-1] in over
    launched.go("stepOut")
    launched.go("evaluate", expression="bar 1000")
    launched.go("stepBack")
    assert launched.bar() == 999, "the end of the bar before"
    launched.go("stepIn")
    assert launched.bar() == 1000
    launched.go("stepOut")
    assert launched.bar() == 1001, "out of the root lane is the next bar" if launched.bar() == 1001 else ""


def test_values_are_those_of_the_run(launched: Client, run: Run) -> None:
    for bar in (0, 511, 512, 513, 1000, 4909):
        launched.go("evaluate", expression=f"bar {bar}")
        launched.go("stepBack") if bar else None
        launched.go("evaluate", expression=f"bar {bar}")
        moment = run.at(bar)
        shown = launched.values("Outputs")
        assert shown["lev"] == f"{moment['lev']!r} [x_conv]"
        assert launched.values("Inputs")["vel_div"] == f"{moment['vel_div']!r} [vd]"
        for name in launched.values("State"):
            assert launched.get("evaluate", expression=f"state:{name}")["result"]


def test_questions_are_answered_where_it_stands(launched: Client, run: Run) -> None:
    launched.go("evaluate", expression="bar 124")
    assert launched.get("evaluate", expression="lev")["result"] == "9.0 [x_conv]"
    assert launched.get("evaluate", expression="waterfall lev")["result"] == repr(run.at(124).waterfall("lev"))
    assert launched.get("evaluate", expression="why lev_compose.lev")["result"] == repr(run.why("lev_compose.lev", 124))
    assert launched.get("evaluate", expression="where raw > cap")["result"].startswith("151 of 4,910 bars: 124, ")
    refused = launched.ask("evaluate", expression="levv")
    assert not refused["success"]
    assert "no value is called `levv`" in refused["message"]
    assert not launched.ask("evaluate", expression="bar 5000")["success"]


def test_what_changes_is_watched_and_logged(launched: Client, run: Run) -> None:
    launched.go("evaluate", expression="bar 0")
    about = launched.get("dataBreakpointInfo", name="posture", variablesReference=0)
    launched.get("setDataBreakpoints", breakpoints=[{"dataId": about["dataId"], "accessType": "write"}])
    launched.go("continue")
    assert launched.bar() == run.where("changed(posture)").tolist()[0] == 448
    launched.get("setDataBreakpoints", breakpoints=[])
    launched.go("evaluate", expression="bar 0")
    line = {"line": line_of("lev = min(raw, cap)"), "condition": "raw > cap", "logMessage": "raw {raw} over {cap}"}
    launched.get("setBreakpoints", source={"path": str(COMPOSE)}, breakpoints=[line])
    launched.events.clear()
    launched.go("continue")
    logged = [each["body"]["output"] for each in launched.events if each["event"] == "output"]
    assert len(logged) == 151
    assert logged[0] == "raw 11.083805569184934 [x_conv] over 9.0 [x_conv]\n"
    line = {"line": line["line"], "condition": "raw > cap", "hitCondition": ">= 3"}
    launched.get("setBreakpoints", source={"path": str(COMPOSE)}, breakpoints=[line])
    launched.go("evaluate", expression="bar 0")
    launched.go("continue")
    assert launched.bar() == run.where("raw > cap").tolist()[2]
    launched.get("setBreakpoints", source={"path": str(COMPOSE)}, breakpoints=[])


def test_lanes_stop_by_their_name(launched: Client) -> None:
    launched.go("evaluate", expression="bar 7")
    (said,) = launched.get("setFunctionBreakpoints", breakpoints=[{"name": "lev_compose"}])["breakpoints"]
    assert said["verified"]
    assert launched.go("continue")["name"].startswith("lev_compose  ")
    (said,) = launched.get("setFunctionBreakpoints", breakpoints=[{"name": "lev_composed"}])["breakpoints"]
    assert not said["verified"]


def test_rejected_bars_and_nan_are_exceptions(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(
        "from typing import Annotated\nfrom dagc import domain, ieee_div, lane\n\n\n@lane\n"
        "def half(x: Annotated[float, domain(0.0, 9.0)]) -> float:\n    y = ieee_div(x, x)\n    return y\n"
    )
    (tmp_path / "rows.csv").write_text("x\n1.0\n2.0\n-3.0\n4.0\n0.0\n5.0\n")
    client = Client(f"{tmp_path}/half.py:half", "--data", tmp_path / "rows.csv")
    client.get("initialize")
    client.get("configurationDone")  # in either order
    client.get("launch", stopOnEntry=True)
    client.event("stopped")
    client.get("setExceptionBreakpoints", filters=["rejected", "nan"])
    client.go("continue")
    assert (client.bar(), client.values("Outputs")["status"]) == (2, "1")
    client.go("continue")
    assert (client.bar(), client.values("Outputs")["half"]) == (4, "nan")
    assert client.end() == 0


def test_what_cannot_be_opened_is_said_and_the_session_goes_on(tmp_path: Path, market: Path) -> None:
    client = Client()
    client.get("initialize")
    assert not client.ask("threads")["success"]
    refused = client.ask("launch", program="nowhere.py:lane", data=str(market))
    assert not refused["success"]
    assert "nowhere.py" in refused["message"]
    refused = client.ask("launch", program=PROGRAM, data=str(market), bar=5_000)
    assert "bars 0 to 4909" in refused["message"]
    refused = client.ask("launch", program=PROGRAM)
    assert '"data": "bars.csv"' in refused["message"]
    assert not client.ask("restartFrame")["success"]
    client.get("launch", program=PROGRAM, data=str(market))
    (said,) = client.get(
        "setBreakpoints", source={"path": str(COMPOSE)}, breakpoints=[{"line": 55, "condition": "raw >"}]
    )["breakpoints"]
    assert not said["verified"]
    assert said["message"]
    (said,) = client.get("setBreakpoints", source={"path": "/nowhere.py"}, breakpoints=[{"line": 1}])["breakpoints"]
    assert not said["verified"]
    assert client.end() == 0


@pytest.mark.parametrize(
    "sent",
    [b"hello\r\n\r\n", b"Content-Length: many\r\n\r\n", b"Content-Length: 99999999999\r\n\r\n", b"Content-Length: 9\r\n\r\n{}",
     b"Content-Length: 2\r\n\r\n[]", b"Content-Length: 2\r\n\r\n{{", b"\r\n", b"Content-Length: 3\r\n"],
)  # fmt: skip
def test_what_is_no_message_is_refused(sent: bytes) -> None:
    with pytest.raises(ProtocolProblem):
        read_message(io.BytesIO(sent))


def test_nothing_is_the_end() -> None:
    assert read_message(io.BytesIO(b"")) is None
