"""`dagc verify`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dagc.exits import OK, TOOL_MISSING, user_errors


@click.command("verify")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(folder: Path, as_json: bool) -> None:
    """Check every byte of a bundle against its manifest, the graph against its hash, and prove its artifacts again.

    From the bundle alone. A changed, missing or added file is named, and so is an artifact that is not the graph's program
    or a certificate that claims anything but what is proved now, even where the manifest fits (exit code 1). Where an
    artifact could not be proved, and the certificate says so, the exit code is 3.
    """
    with user_errors():
        from compile.bundle import read_bundle
        from compile.structure.prove import claims, sentence
        from dagc.proving import unread, verified

        bundle = read_bundle(folder)
        proofs = verified(bundle)
    graph = bundle.graph
    found = {
        "name": graph.name,
        "graph": graph.content_hash,
        "files": len(bundle.files),
        "structure": claims(proofs, bundle.files),
    }
    lines = [f"{folder}: {len(bundle.files)} files as they were built, graph {graph.name} {graph.content_hash[:16]}"]
    lines += [f"  {sentence(each)}" for each in proofs]
    click.echo(json.dumps(found, indent=1) if as_json else "\n".join(lines))
    sys.exit(TOOL_MISSING if unread(proofs) else OK)
