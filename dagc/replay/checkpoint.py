"""The progress of a replay as a file: the request, how far it got, and everything needed to resume."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from compile.bundle.bundle import canonical_json
from compile.bundle.durable import replace_durably
from dag.files.regular_file import read_regular
from dag.graphs.graph import Graph
from dag.values.types import Value
from dag.values.words import word_of
from dagc.replay.rejections import RejectedPort

#: Readers of data sets leave files alone that begin with an underscore.
CHECKPOINT = "_checkpoint.json"
_FORMAT = 3


class CheckpointProblem(Exception):
    """A folder holds no replay, another one, or a damaged one; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """What a replay computes. The backend is not in it: all give the same bits, so any may go on."""

    graph: str
    parameters: str
    data: str
    columns: tuple[str, ...]
    digests: bool


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A replay after `bars` bars: which of them were rejected, `state` is a snapshot, `chains` of its digests."""

    request: ReplayRequest
    bars: int
    rejections: tuple[RejectedPort, ...]
    state: bytes
    chains: tuple[bytes, ...]
    done: bool


def parameters_hash(graph: Graph, params: Mapping[str, Value]) -> str:
    """SHA-256 of every parameter's name, type and word."""
    lines = [f"{p.name} {(type_ := graph.types[p.node])} {word_of(params[p.name], type_):016x}\n" for p in graph.params]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint in `folder`; a crash leaves the old one or the new one."""
    body = {
        "format": _FORMAT,
        "request": asdict(checkpoint.request),
        "bars": checkpoint.bars,
        "rejections": [asdict(each) for each in checkpoint.rejections],
        "state": base64.b64encode(checkpoint.state).decode(),
        "chains": [chain.hex() for chain in checkpoint.chains],
        "done": checkpoint.done,
    }
    replace_durably(folder / CHECKPOINT, canonical_json({**body, "sha256": _digest(body)}))


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """The checkpoint in `folder`, None where there is none. Raises CheckpointProblem for a damaged one."""
    path = folder / CHECKPOINT
    try:
        found: Any = json.loads(read_regular(path))
        digest = found.pop("sha256")
        if found["format"] != _FORMAT:
            raise CheckpointProblem(f"{path} has format {found['format']}, this dagc reads {_FORMAT}{_fix(folder)}")
        if digest != _digest(found):
            raise ValueError("its digest is another")
        asked = found["request"]
        return Checkpoint(
            ReplayRequest(**{**asked, "columns": tuple(asked["columns"])}),
            found["bars"],
            tuple(RejectedPort(**each) for each in found["rejections"]),
            base64.b64decode(found["state"]),
            tuple(map(bytes.fromhex, found["chains"])),
            found["done"],
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise CheckpointProblem(f"{path} is damaged: {problem}{_fix(folder)}") from None


def check_same(folder: Path, found: ReplayRequest, wanted: ReplayRequest) -> None:
    """Raise CheckpointProblem, naming all that differs, unless `folder` holds the replay that is wanted."""
    differences = [
        *_differs("bundle", "graph", found.graph, wanted.graph),
        *_differs("parameters", "hash", found.parameters, wanted.parameters),
        *_differs("data file", "SHA-256", found.data, wanted.data),
    ]
    if found.columns != wanted.columns:
        differences.append(
            f"the columns: it has {_listed(found.columns, wanted.columns)}, this one {_listed(wanted.columns, found.columns)}"
        )
    if found.digests != wanted.digests:
        differences.append(f"it was run {_with(found.digests)} --digests, this one {_with(wanted.digests)} --digests")
    if differences:
        lines = "".join(f"\n  {each}" for each in differences)
        raise CheckpointProblem(f"{folder} holds another replay, which cannot be gone on with{lines}{_fix(folder)}")


def _differs(what: str, how: str, found: str, wanted: str) -> Sequence[str]:
    return [] if found == wanted else [f"another {what}: {how} {found[:16]}, now {wanted[:16]}"]


def _listed(names: Sequence[str], others: Sequence[str]) -> str:
    """Of the names, those that the others lack."""
    extra = [name for name in names if name not in others]
    return f"also {', '.join(extra[:5])}{', ...' if len(extra) > 5 else ''}" if extra else "no others"


def _fix(folder: Path) -> str:
    return f"\n  fix  choose another folder with -o, or say --fresh to write {folder} from the beginning"


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(body)).hexdigest()


def _with(is_given: bool) -> str:
    return "with" if is_given else "without"
