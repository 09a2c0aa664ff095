"""Messages of the Debug Adapter Protocol: JSON behind a header that says how many bytes it has."""

from __future__ import annotations

import json
from typing import IO, Any

#: A message is no longer: whatever claims to be is no client.
LONGEST = 1 << 24


class ProtocolProblem(Exception):
    """What came is no message of the protocol."""


def read_message(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next message; None at the end of the stream. Raises ProtocolProblem."""
    length: int | None = None
    while True:
        line = stream.readline(1024)
        if not line:
            if length is not None:
                raise ProtocolProblem("the stream ended inside a header")
            return None
        name, colon, value = line.decode("ascii", "replace").partition(":")
        if not line.strip():
            break
        if not colon:
            raise ProtocolProblem(f"expected a header, got {line[:80]!r}")
        if name.strip().lower() == "content-length":
            if not value.strip().isdecimal() or int(value) > LONGEST:
                raise ProtocolProblem(f"no length of a message: {value.strip()!r}")
            length = int(value)
    if length is None:
        raise ProtocolProblem("a message without Content-Length")
    body = stream.read(length)
    if len(body) < length:
        raise ProtocolProblem("the stream ended inside a message")
    try:
        message = json.loads(body)
    except ValueError as problem:
        raise ProtocolProblem(f"a message that is no JSON: {problem}") from None
    if not isinstance(message, dict):
        raise ProtocolProblem("a message that is no JSON object")
    return message


def write_message(stream: IO[bytes], message: dict[str, Any]) -> None:
    """Write one message, whole."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    stream.flush()
