"""Bundles in one file, and signed ones: what was repacked, put in, changed, replaced or signed by somebody else is refused."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

import dagc
from compile.bundle.archive import ArchiveProblem, files_in, packed
from compile.bundle.bundle import BundleProblem, read_bundle
from dagc.signing import Untrusted, check, new_keys, sign
from tests.support.command_line import dagc as run
from tests.support.live_graph import live_graph
from tests.support.replays import bundle_of

pytest.importorskip("minisign", reason="py-minisign is not installed: pip install 'dagc-compiler[sign]'")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle, another one, and the keys of two people."""
    folder = tmp_path_factory.mktemp("shop")
    bundle_of(live_graph(), folder / "bundle", "c", "interpreter")
    bundle_of(live_graph("other"), folder / "other", "c")
    for name in ("ours", "theirs"):
        new_keys(folder / name, None)
    return folder


@pytest.fixture
def bundle(shop: Path, tmp_path: Path) -> Path:
    shutil.copytree(shop / "bundle", tmp_path / "bundle")
    return tmp_path / "bundle"


def archive(bundle: Path) -> Path:
    said = run("pack", bundle, cwd=bundle.parent)
    assert said.returncode == 0, said.stderr
    return bundle.with_suffix(".dagc")


def test_one_file_is_the_bundle_and_the_same_bytes_each_time(bundle: Path) -> None:
    file = archive(bundle)
    first = file.read_bytes()
    assert archive(bundle).read_bytes() == first
    assert read_bundle(file).files == read_bundle(bundle).files
    one, other = dagc.load(file).bind({"size.floor": -2.5}), dagc.load(bundle).bind({"size.floor": -2.5})
    bar = {"price": 101.5, "side": 1, "halted": False}
    assert one.step(bar) == other.step(bar)


def test_an_archive_in_any_other_form_is_refused(bundle: Path) -> None:
    file = archive(bundle)
    data, files = file.read_bytes(), files_in(file.read_bytes())

    def zipped(
        mode: int = zipfile.ZIP_STORED,
        comment: bytes = b"",
        extra: dict[str, bytes] | None = None,
        turned: bool = False,
    ) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", mode) as out:
            for name, content in sorted({**files, **(extra or {})}.items(), reverse=turned):
                out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
            out.comment = comment
        return made.getvalue()

    forged = {
        "deflated": zipped(zipfile.ZIP_DEFLATED),
        "commented": zipped(comment=b"hello"),
        "turned": zipped(turned=True),
        "bytes in front": b"#!/bin/sh\n" + data,
        "bytes behind": data + b"\0",
        "cut": data[:-30],
        "empty": b"",
        "text": b"hello",
        "a way out": zipped(extra={"../evil": b"x"}),
        "absolute": zipped(extra={"/etc/x": b"x"}),
    }
    for name, content in forged.items():
        with pytest.raises(ArchiveProblem):
            files_in(content)
        file.write_bytes(content)
        with pytest.raises(BundleProblem, match=r"bundle\.dagc is not a bundle"):
            read_bundle(file)
        assert name
    for at in range(0, len(data), max(len(data) // 300, 1)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        file.write_bytes(changed)
        with pytest.raises(BundleProblem):
            read_bundle(file)


def test_what_no_bundle_is_called_is_not_packed() -> None:
    for name in ("../x", "/x", "a//b", "a/./b", "a\\b", "é", "a/b/c/d/e", "a\nb"):
        with pytest.raises(ArchiveProblem):
            packed({name: b""})


@pytest.mark.parametrize("in_one_file", [False, True])
def test_a_signed_bundle_is_loaded_by_those_who_ask_for_its_key(bundle: Path, shop: Path, in_one_file: bool) -> None:
    path = archive(bundle) if in_one_file else bundle
    with pytest.raises(Untrusted, match="is not signed"):
        dagc.load(path, keys=[shop / "ours.pub"])
    said = run("sign", path, "--key", shop / "ours.key", "--serial", 7, cwd=bundle.parent)
    assert said.returncode == 0, said.stderr
    assert dagc.load(path, keys=[shop / "theirs.pub", shop / "ours.pub"], least_serial=7)
    assert dagc.load(path), "a signature is no stranger in a bundle"
    with pytest.raises(Untrusted, match="was not signed with"):
        dagc.load(path, keys=[shop / "theirs.pub"])
    with pytest.raises(Untrusted, match="serial number 7, and 8 is the least"):
        dagc.load(path, keys=[shop / "ours.pub"], least_serial=8)
    with pytest.raises(ValueError, match="say by which keys"):
        dagc.load(path, least_serial=8)


def test_the_environment_can_only_tighten(bundle: Path, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGC_TRUSTED_KEYS", str(shop / "ours.pub"))
    with pytest.raises(Untrusted, match="is not signed"):
        dagc.load(bundle)
    sign(bundle, shop / "theirs.key", 0)
    with pytest.raises(Untrusted, match="was not signed with"):
        dagc.load(bundle, keys=[shop / "theirs.pub"])
    sign(bundle, shop / "ours.key", 0)
    assert dagc.load(bundle)


def test_a_signature_is_of_one_bundle(bundle: Path, shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(shop / "other", other)
    sign(other, shop / "ours.key", 1)
    sign(bundle, shop / "ours.key", 1)
    mine = (bundle / "manifest.json.minisig").read_bytes()
    (bundle / "manifest.json.minisig").write_bytes((other / "manifest.json.minisig").read_bytes())
    with pytest.raises(Untrusted):
        check(read_bundle(bundle), bundle, [shop / "ours.pub"])
    for at in range(0, len(mine), 7):
        (bundle / "manifest.json.minisig").write_bytes(mine[:at] + bytes([mine[at] ^ 1]) + mine[at + 1 :])
        if at < mine.index(b"\n"):  # the untrusted comment, which is what it is called
            continue
        with pytest.raises(BundleProblem):
            check(read_bundle(bundle), bundle, [shop / "ours.pub"])
    (bundle / "manifest.json.minisig").write_bytes(b"x" * 5_000)
    with pytest.raises(BundleProblem):
        check(read_bundle(bundle), bundle, [shop / "ours.pub"])


def test_built_again_it_is_not_signed_any_more(bundle: Path, shop: Path) -> None:
    sign(bundle, shop / "ours.key", 0)
    bundle_of(live_graph(), bundle, "c", "interpreter")
    with pytest.raises(Untrusted, match="is not signed"):
        dagc.load(bundle, keys=[shop / "ours.pub"])


def test_keys_are_made_with_a_password_and_never_replaced(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = bundle.parent
    monkeypatch.setenv("DAGC_KEY_PASSWORD", "correct horse")
    assert run("keygen", "k", cwd=folder).returncode == 0
    assert (folder / "k.key").stat().st_mode & 0o777 == 0o600
    again = run("keygen", "k", cwd=folder)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    assert run("sign", bundle, "--key", "k.key", cwd=folder).returncode == 0
    monkeypatch.setenv("DAGC_KEY_PASSWORD", "wrong")
    wrong = run("sign", bundle, "--key", "k.key", cwd=folder)
    assert (wrong.returncode, "the password right?" in wrong.stderr) == (2, True)
    public = run("sign", bundle, "--key", "k.pub", cwd=folder)
    assert (public.returncode, "no secret key" in public.stderr) == (2, True)
    refused = run("verify", "built.dagc", "--quick", "--least-serial", "3", cwd=folder)
    assert (refused.returncode, "--key NAME.pub" in refused.stderr) == (2, True)


def test_what_is_built_is_verified_in_one_file_and_by_its_signature(shop: Path, tmp_path: Path) -> None:
    first = Path(__file__).parents[2] / "examples" / "first_lane.py"
    name = next(line for line in first.read_text().splitlines() if line.startswith("def ")).split("(")[0][4:]
    built = run("build", f"{first}:{name}", "-o", "built", "--quick", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    file = archive(tmp_path / "built")
    assert run("sign", file, "--key", shop / "ours.key", "--serial", 2, cwd=tmp_path).returncode == 0
    for path in (tmp_path / "built", file):
        plain = run("verify", path, "--quick", cwd=tmp_path)
        assert plain.returncode in (0, 3), plain.stderr
    said = run("verify", file, "--quick", "--key", shop / "ours.pub", "--least-serial", 2, cwd=tmp_path)
    assert said.returncode == plain.returncode, said.stderr
    assert f"signed, serial number 2: {shop / 'ours.pub'} fits" in said.stdout
    refused = run("verify", file, "--quick", "--key", shop / "theirs.pub", cwd=tmp_path)
    assert (refused.returncode, "was not signed with" in refused.stderr) == (1, True)
