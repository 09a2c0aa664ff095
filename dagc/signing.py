"""Signatures of bundles, as minisign makes and checks them: Ed25519 over the manifest, which hashes every other file.

The trusted comment, which is signed too, says which bundle it is: `dagc NAME GRAPH serial=N`. A serial number that grows from
release to release keeps an old bundle, rightly signed once, from being put back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compile.bundle.bundle import MANIFEST, SIGNATURE, Bundle, BundleProblem, canonical_json, read_manifest

#: Paths of public keys, as in PATH: where it is set, `dagc.load` takes bundles signed with one of them only.
TRUSTED = "DAGC_TRUSTED_KEYS"
_COMMENT = re.compile(r"dagc (?P<name>\S+) (?P<graph>[0-9a-f]{64}) serial=(?P<serial>[0-9]{1,18})")


class Untrusted(BundleProblem):
    """A bundle that is not signed, or not as it has to be; the message says which key, name or serial number was expected."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a bundle: the path of the public key that fits, and the serial number."""

    key: Path
    serial: int


def is_encrypted(key: Path) -> bool:
    """Whether a secret key has a password. Raises ValueError for what is no secret key, OSError."""
    try:
        return bool(_minisign().SecretKey.from_file(key).is_encrypted())
    except ValueError as problem:
        raise ValueError(f"{key} is no secret key of minisign: {problem}") from None


def sign(folder: Path, key: Path, serial: int, password: str | None = None) -> None:
    """Put the signature of the bundle in `folder` beside its manifest. Raises BundleProblem, and ValueError where the key cannot be used."""
    minisign = _minisign()
    manifest = read_manifest(folder)
    try:
        secret = minisign.SecretKey.from_file(key)
        if secret.is_encrypted():
            secret.decrypt(password or "")
        comment = f"dagc {manifest['name']} {manifest['graph']} serial={serial}"
        made = secret.sign((folder / MANIFEST).read_bytes(), prehash=True, trusted_comment=comment)
    except ValueError as problem:  # which minisign's own errors are
        raise ValueError(
            f"{key} cannot sign: {problem}\n  fix  is it a secret key of minisign, and the password right?"
        ) from None
    (folder / SIGNATURE).write_bytes(bytes(made))


def check(bundle: Bundle, path: Path, keys: Sequence[Path], least_serial: int = 0) -> Signed:
    """Whose signature the bundle read from `path` has. Raises Untrusted where it has none, or none that one of `keys` fits."""
    minisign = _minisign()
    if bundle.signature is None:
        raise Untrusted(f"{path} is not signed\n  fix  dagc sign {path} --key SECRET.key")
    try:
        signature = minisign.Signature.from_bytes(bundle.signature)
        comment = str(signature.trusted_comment)
    except ValueError as problem:
        raise Untrusted(f"{path}: {SIGNATURE} is no signature of minisign: {problem}") from None
    data = canonical_json(bundle.manifest)
    fitting = next((key for key in keys if _fits(minisign, key, data, signature)), None)
    if fitting is None:
        raise Untrusted(f"{path} was not signed with {', '.join(map(str, keys))}, or was changed since")
    said, graph = _COMMENT.fullmatch(comment), bundle.graph
    if said is None or (said["name"], said["graph"]) != (graph.name, graph.content_hash):
        raise Untrusted(f"{path} has the signature of something else: {comment!r}")
    if int(said["serial"]) < least_serial:
        raise Untrusted(
            f"{path} is of serial number {said['serial']}, and {least_serial} is the least that is taken\n"
            "  fix  deploy the newest bundle, not one that was replaced"
        )
    return Signed(fitting, int(said["serial"]))


def check_policy(bundle: Bundle, path: Path, keys: Sequence[Path], least_serial: int) -> None:
    """Check against `keys`, where there are any, and against those of the environment, where it names some: it can only tighten."""
    for trusted in (keys, trusted_keys()):
        if trusted:
            check(bundle, path, trusted, least_serial)
    if least_serial and not keys and not trusted_keys():
        raise ValueError("a least serial number is of signed bundles: say by which keys")


def trusted_keys() -> list[Path]:
    """The public keys that the environment names; none where it says nothing."""
    return [Path(each) for each in os.environ.get(TRUSTED, "").split(os.pathsep) if each]


def new_keys(path: Path, password: str | None) -> tuple[Path, Path]:
    """A pair of keys as `PATH.key`, for its owner alone, and `PATH.pub`. Raises FileExistsError rather than replace one."""
    pair = _minisign().KeyPair.generate()
    if password:
        pair.secret_key.encrypt(password)
    secret, public = path.with_name(path.name + ".key"), path.with_name(path.name + ".pub")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(bytes(pair.secret_key))
    with public.open("xb") as file:
        file.write(bytes(pair.public_key))
    return secret, public


def _fits(minisign: Any, key: Path, data: bytes, signature: Any) -> bool:
    try:
        minisign.PublicKey.from_file(key).verify(data, signature)
    except minisign.VerifyError:
        return False
    except ValueError as problem:
        raise Untrusted(f"{key} is no public key of minisign: {problem}") from None
    except OSError as problem:
        raise Untrusted(f"{key}: {problem.strerror}") from None
    return bool(signature.is_prehashed())


def _minisign() -> Any:
    try:
        import minisign
    except ImportError:
        raise Untrusted("signatures need py-minisign\n  fix  pip install 'dagc-compiler[sign]'") from None
    return minisign
