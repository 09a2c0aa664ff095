"""The bytes of a journal: segments of records, each with its own checksum, sealed into one chain of digests.

A journal is a folder of segments, `00000000.journal` and so on, little-endian throughout. A segment begins with

    8 bytes   "dagcjrnl"
    4         the version of this layout, 1
    4         the length of the JSON that follows
    ...       JSON: the graph's name and content hash, the number of the first record, the chain so far
    4         CRC-32 of all that

and goes on with records:

    4         the length of the payload
    2         the kind: see `Kind`
    2         0
    8         the number of the record, counted through all segments
    ...       the payload
    4         CRC-32 of all that

A SEAL's payload is the chain: SHA-256 of the chain before it and of every byte since. A record that is cut off at the very end of
the last segment is *torn*: the process died while it was written. Anything else that does not fit is *damage*.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

MAGIC, VERSION = b"dagcjrnl", 1
_HEAD = struct.Struct("<8sII")
_RECORD = struct.Struct("<IHHQ")
_CRC = struct.Struct("<I")
#: A record that claims to be longer is damage.
LONGEST = 1 << 28
#: A segment's JSON is no longer.
LONGEST_HEADER = 1 << 16


class Kind(IntEnum):
    """What a record says."""

    BAR = 1
    """A bar, written before it is stepped: its time (int64 nanoseconds), and the words of its inputs."""
    DONE = 2
    """What came of it: the status (int64), and the first 16 bytes of the SHA-256 of the words of its outputs."""
    STATE = 3
    """A snapshot of the kernel that is active, as `Instance.snapshot` takes it, with its graph and parameters in front: JSON, its length first."""
    SWITCH = 4
    """JSON: another kernel or binding is active from the next bar on, and why. A STATE follows."""
    SEAL = 5
    """The chain of digests up to here."""
    CLOSE = 6
    """The engine was closed; nothing is lost."""


class JournalProblem(Exception):
    """A journal that cannot be written, read or gone on with; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, and where it stands."""

    kind: Kind
    number: int
    payload: bytes
    path: Path
    offset: int


def header(name: str, graph: str, first: int, chain: bytes) -> bytes:
    """The beginning of a segment."""
    about = {"name": name, "graph": graph, "first": first, "chain": chain.hex()}
    text = json.dumps(about, sort_keys=True, separators=(",", ":")).encode()
    head = _HEAD.pack(MAGIC, VERSION, len(text)) + text
    return head + _CRC.pack(zlib.crc32(head))


def record(kind: Kind, number: int, payload: bytes) -> bytes:
    """One record."""
    head = _RECORD.pack(len(payload), kind, 0, number)
    return head + payload + _CRC.pack(zlib.crc32(payload, zlib.crc32(head)))


def sealed(chain: bytes, since: bytes) -> bytes:
    """The chain after the bytes `since`."""
    return hashlib.sha256(chain + since).digest()


def with_json(about: dict[str, Any], rest: bytes = b"") -> bytes:
    """JSON, its length in front, and bytes behind it."""
    text = json.dumps(about, sort_keys=True, separators=(",", ":")).encode()
    return struct.pack("<I", len(text)) + text + rest


def json_in(payload: bytes) -> tuple[dict[str, Any], bytes]:
    """The inverse of `with_json`. Raises ValueError for anything else."""
    (length,) = struct.unpack_from("<I", payload)
    about = json.loads(payload[4 : 4 + length])
    if not isinstance(about, dict):
        raise ValueError("expected a JSON object")
    return about, payload[4 + length :]


@dataclass(slots=True)
class Segments:
    """A journal while it is read: its records in order, and, once they are all read, how it ends."""

    folder: Path
    name: str = ""
    graph: str = ""
    next_number: int = 0
    chain: bytes = bytes(32)
    torn: str = ""
    #: What stands behind the last seal, in the last segment, and where its last whole record ends.
    since: bytearray = field(default_factory=bytearray)
    end: int = 0

    def __iter__(self) -> Iterator[Record]:
        """Every whole record. Raises JournalProblem for damage; a torn end is noted in `torn`."""
        paths = sorted(self.folder.glob("*.journal"))
        if not paths:
            raise JournalProblem(f"{self.folder} holds no journal: expected files 00000000.journal, ...")
        for index, path in enumerate(paths):
            if path.name != f"{index:08}.journal":
                raise JournalProblem(f"{self.folder}: segment {index:08}.journal is missing")
            yield from self._segment(path, path is paths[-1])

    def _segment(self, path: Path, is_last: bool) -> Iterator[Record]:
        data = path.read_bytes()
        self.end = 0
        at = self._header(path, data)
        if at is None:
            if is_last:
                self.torn = f"{path}: the head of the segment was cut off"
                return
            raise JournalProblem(f"{path}: its head is damaged")
        self.since += data[:at]
        self.end = at
        while at < len(data):
            found = self._record(path, data, at)
            if found is None:
                rest = data[at:]
                # What a power cut leaves behind is a piece of one record, or zeros that were never written.
                if is_last and (not any(rest) or _is_cut_off(rest, self.next_number)):
                    self.torn = f"{path}: the last {len(rest):,} bytes are a record that was cut off"
                    return
                raise JournalProblem(f"{path}: damaged at byte {at:,}, record {self.next_number:,}")
            each, end = found
            if each.kind is Kind.SEAL:
                if each.payload != sealed(self.chain, bytes(self.since)):
                    raise JournalProblem(f"{path}: the seal at byte {at:,} does not fit what is in front of it")
                self.chain = each.payload
                self.since.clear()
            else:
                self.since += data[at:end]
            self.next_number, at, self.end = self.next_number + 1, end, end
            yield each

    def _header(self, path: Path, data: bytes) -> int | None:
        if len(data) < _HEAD.size:
            return None
        magic, version, length = _HEAD.unpack_from(data)
        if magic != MAGIC or version != VERSION or length > LONGEST_HEADER:
            raise JournalProblem(f"{path} is no segment of a journal of version {VERSION}")
        end: int = _HEAD.size + length
        if len(data) < end + _CRC.size:
            return None
        if _CRC.unpack_from(data, end)[0] != zlib.crc32(data[:end]):
            raise JournalProblem(f"{path}: its head is damaged")
        about = json.loads(data[_HEAD.size : end])
        self.name, self.graph = about["name"], about["graph"]
        if about["first"] != self.next_number or bytes.fromhex(about["chain"]) != self.chain:
            raise JournalProblem(f"{path} does not go on from the segment before it: one was replaced or reordered")
        return end + _CRC.size

    def _record(self, path: Path, data: bytes, at: int) -> tuple[Record, int] | None:
        if len(data) - at < _RECORD.size:
            return None
        length, kind, zero, number = _RECORD.unpack_from(data, at)
        end = at + _RECORD.size + length + _CRC.size
        if length > LONGEST or end > len(data) or zlib.crc32(data[at : end - 4]) != _CRC.unpack_from(data, end - 4)[0]:
            return None
        if zero or kind not in {*Kind} or number != self.next_number:
            raise JournalProblem(
                f"{path}: record {number:,} at byte {at:,} does not follow record {self.next_number - 1:,}"
            )
        return Record(Kind(kind), number, data[at + _RECORD.size : end - 4], path, at), end


def _is_cut_off(rest: bytes, number: int) -> bool:
    """Whether these bytes are the beginning of record `number`, end before it does, and hold no whole record behind it."""
    if len(rest) < _RECORD.size:
        return True
    (length, *_) = _RECORD.unpack_from(rest)
    if length > LONGEST or len(rest) >= _RECORD.size + length + _CRC.size:
        return False
    return not any(_is_later(rest, at, number) for at in range(1, len(rest) - _RECORD.size - _CRC.size + 1))


def _is_later(rest: bytes, at: int, number: int) -> bool:
    length, kind, zero, found = _RECORD.unpack_from(rest, at)
    end = at + _RECORD.size + length + _CRC.size
    if zero or kind not in {*Kind} or not number < found <= number + len(rest) or end > len(rest):
        return False
    return bool(zlib.crc32(rest[at : end - _CRC.size]) == _CRC.unpack_from(rest, end - _CRC.size)[0])
