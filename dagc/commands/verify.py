"""`dagc verify`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dagc.exits import user_errors


@click.command("verify")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(folder: Path, as_json: bool) -> None:
    """Check every byte of a bundle against its manifest, and the graph against its hash.

    A changed, missing or added file is named (exit code 1).
    """
    with user_errors():
        from compile.bundle import read_bundle

        bundle = read_bundle(folder)
    found = {"name": bundle.graph.name, "graph": bundle.graph.content_hash, "files": len(bundle.files)}
    click.echo(
        json.dumps(found, indent=1)
        if as_json
        else f"{folder}: {found['files']} files as they were built, graph {bundle.graph.name} {bundle.graph.content_hash[:16]}"
    )
