"""`dagc stream`."""

from __future__ import annotations

from pathlib import Path

import click

from dagc.commands.bundle_or_lane import opened
from dagc.terminal.exits import user_errors


@click.command("stream")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write into."
)
def command(target: str, output: Path) -> None:
    """Write the Verilog of a lane behind AXI4-Stream: rows in, results out, and either side may wait.

    The pipeline itself is the one that a build proves. Around it stands a module that takes a row only when there is room for
    what comes of it; that no row is lost, doubled or overtaken is proved by induction (docs/rtl.md). NAME_axis.json says
    where each port's word is.
    """
    with user_errors():
        from compile.backend import refuse_unsupported
        from dagc.terminal.whole_files import write_whole
        from rtl.backend import Verilog
        from rtl.emit.design import design_of
        from rtl.stream.wrapper import stream_files

        graph, _ = opened(target)
        refuse_unsupported(graph, Verilog())
        files = stream_files(design_of(graph))
        for name, data in files.items():
            write_whole(output / name, data)
    click.echo(f"wrote {output}: {len(files)} files, rtl/{graph.name}_axis.f lists the sources")
