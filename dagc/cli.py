"""The command line. Each command is a module of `dagc.commands`, imported only when it is run: help costs nothing heavy."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

COMMANDS = {
    "new": "Start a project: a lane, an oracle, a test of both, and bars to run them on.",
    "watch": "Lint, run and check a lane again after every save.",
    "build": "Compile a lane into a bundle: interpreter, XLA, C, Verilog, and what was checked.",
    "check": "Run all backends over the same rows and compare every value as a 64-bit word.",
    "parity": "Compare a lane with your own Python code, bit by bit, and explain differences.",
    "fuzz": "Run random programs and graphs through all backends and minimise any difference.",
    "verify": "Check a bundle: hashes, proofs, certificate and campaign.",
    "inspect": "Show what is in a bundle.",
    "pack": "Write a bundle as one file.",
    "keygen": "Make a pair of keys that sign and check bundles.",
    "sign": "Sign a bundle.",
    "stub": "Write the types of a bundle for type checkers and editors.",
    "graph": "Show the graph of a lane as text or as a picture, after any pass.",
    "tap": "Show a value at a bar, and where it came from.",
    "debug": "Serve a replay to an editor's debugger, forwards and backwards.",
    "health": "Say what is stuck, what never mattered, and where NaN was born in a run.",
    "report": "Write a run as a page: lanes, values at every bar, plots, and what mattered.",
    "runs": "List the replays, journals and populations under a folder.",
    "vcd": "Write a run as waves, for GTKWave and Surfer.",
    "diff": "Say where two runs part, what first and why, and what followed.",
    "state": "Show a snapshot, and take it over into another version of a lane.",
    "replay": "Stream a file of any length through a bundle, and digest what it computes.",
    "journal": "Read a live engine's journal, and play its bars again.",
    "sweep": "Run many bindings of a lane over the same bars, and say which are better than luck.",
    "vibriss": "Run a population of bindings under a policy, resume it, replay it to the bit.",
    "stream": "Write the Verilog of a lane behind AXI4-Stream.",
    "synth": "Synthesise the Verilog of a lane, and say what each lane and value costs.",
    "pins": "Print a pin file with every parameter of a lane.",
    "lint": "Report every problem of a lane file at once.",
    "explain": "Explain a diagnostic code.",
    "cache": "Show or clear what is kept between runs.",
    "doctor": "Show which tools are installed, which are missing and how to install them.",
}


#: The key under which a command finds how the floating-point environment that dagc was started in deviates.
HOST = "dagc.host"


@contextmanager
def _ended_as_a_whole() -> Iterator[None]:
    """A command that is interrupted or told to end takes its compilers and simulators with it."""
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _leave) if is_main else None
    if (tools := sys.modules.get("compile.tool_processes")) is not None:
        tools.allow_tools()  # the command before this one ended them
    try:
        yield
    except BaseException as left:
        # The exit codes of what was told to end, and was interrupted; any other command has waited for its tools.
        is_told = isinstance(left, SystemExit) and left.code in (128 + signal.SIGTERM, 128 + signal.SIGINT)
        is_early = is_told or isinstance(left, KeyboardInterrupt)
        if is_early and (tools := sys.modules.get("compile.tool_processes")) is not None:
            tools.end_tools()
        raise
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"dagc.commands.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command in IEEE 754's default environment, whatever dagc was started in; number literals are parsed in it too."""
        try:
            from dag.values.floating_point import bent, standard
        except ImportError:  # a package is missing; `dagc doctor` says which
            return super().invoke(ctx)
        ctx.meta[HOST] = bent()
        with standard(), _ended_as_a_whole():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dagc-compiler", prog_name="dagc")
def main() -> None:
    """Trading logic in readable Python, compiled to fused kernels and FPGA pipelines without changing one bit.

    Exit codes: 0 success, 1 the program is rejected or bits differ, 2 usage error, 3 not everything could be checked (a tool is
    missing, an artifact is not proved, nothing was compared), 70 a defect of dagc.
    """
    # jaxlib's log is no message of ours: it calls an error what is none, such as a slow compilation on a busy machine. What it
    # cannot do raises an exception. It reads the level once, when it is first imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
