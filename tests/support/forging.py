"""An adversary with an editor, who also works out every plain hash and the page again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from compile.bundle.bundle import CERTIFICATE, GRAPH, MANIFEST, canonical_json
from compile.certificate.document import REPORT
from compile.certificate.page import report_page
from dag.graphs.json_form import graph_from_json
from dagc.building.certifying import hardware_of, pipeline_text

Edit = Callable[[dict[str, Any]], None]


def forge(folder: Path, edit: Edit, artifacts: Mapping[str, bytes] | None = None) -> None:
    """Change the certificate in `folder`, and artifacts, and make page, artifact hashes and manifest fit."""
    certificate = json.loads((folder / CERTIFICATE).read_bytes())
    for name, data in (artifacts or {}).items():
        (folder / name).write_bytes(data)
        certificate["artifacts"][name] = hashlib.sha256(data).hexdigest()
    edit(certificate)
    (folder / CERTIFICATE).write_bytes(canonical_json(certificate))
    graph = graph_from_json((folder / GRAPH).read_bytes())
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    try:
        page = report_page(graph, certificate, pipeline_text(hardware_of(files)))
        (folder / REPORT).write_text(page, encoding="utf-8")
    except (KeyError, TypeError, ValueError, AttributeError):
        pass  # a certificate without that part has no page; the old one is left
    rehash(folder)


def rehash(folder: Path) -> None:
    """Make the manifest say what the files are."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"] = {
        name: {
            "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            "size": (folder / name).stat().st_size,
        }
        for name in manifest["files"]
    }
    (folder / MANIFEST).write_bytes(canonical_json(manifest))
