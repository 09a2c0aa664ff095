"""What a replay says when it is over, as text and as JSON."""

from __future__ import annotations

from typing import Any

from dag.diagnostics.wording import counted
from dagc.replay.dataset import parts_of
from dagc.replay.rejections import rejection_text
from dagc.replay.run import ReplayOptions, ReplayResult


def as_text(found: ReplayResult, options: ReplayOptions, backend: str) -> str:
    """For a terminal. The digests come in the form `<digest>  <lane>`, as sha256sum prints them."""
    rate = f", {counted(round(found.computed / found.seconds), 'bar')}/s" if found.computed and found.seconds else ""
    lines = [
        f"{found.graph.name}  {found.graph.content_hash[:16]}  {backend}",
        f"  {counted(found.bars, 'bar')} of {options.data}, {found.rejected:,} rejected ({found.seconds:.1f} s{rate})",
    ]
    lines += [f"  rejected  {rejection_text(found.graph, each)}" for each in found.rejections]
    if options.out is not None:
        parts = parts_of(found.bars)
        lines.append(f"  {counted(len(found.request.columns), 'column')} in {counted(parts, 'file')} of {options.out}")
    lines.append(f"{found.outputs}  outputs")
    for lane in found.lanes or ():
        lines.append(f"{lane.digest}  {lane.path or found.graph.name}")
    return "\n".join(lines)


def as_json(found: ReplayResult, options: ReplayOptions, backend: str) -> dict[str, Any]:
    """One document without times: two machines that compute the same print the same, but for the backend and the paths."""
    document: dict[str, Any] = {
        "name": found.graph.name,
        "graph": found.graph.content_hash,
        "backend": backend,
        "data": {"path": str(options.data), "sha256": found.request.data},
        "parameters": found.request.parameters,
        "bars": found.bars,
        "rejected": found.rejected,
        "rejections": [
            {"port": each.port, "bars": each.bars, "first_bar": each.first, "word": f"{each.word:016x}"}
            for each in found.rejections
        ],
        "out": None if options.out is None else str(options.out),
        "columns": list(found.request.columns),
        "digests": {"outputs": found.outputs},
    }
    if found.lanes is not None:
        document["digests"]["lanes"] = {
            lane.path: {"lane": lane.lane, "digest": lane.digest, "taps": dict(lane.taps)} for lane in found.lanes
        }
    return document
