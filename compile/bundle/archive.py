"""A bundle as one file, `NAME.dagc`: a zip archive that has one form only, so that whatever was repacked or hidden is noticed.

Members are stored, not compressed, sorted by name, dated 1980, with nothing between, before or behind them. A reader packs
what it has read again and compares bytes: there is no second reading of the same archive.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from dag.files.regular_file import read_regular

#: What a bundle in one file may have at most: bytes, members, folders in folders.
LONGEST, MOST_MEMBERS, DEEPEST = 256 << 20, 256, 4
SUFFIX = ".dagc"
_BEGINNING_OF_ZIP = (1980, 1, 1, 0, 0, 0)


class ArchiveProblem(Exception):
    """A file is no bundle in one file; the message says why."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """The archive of these files. Raises ArchiveProblem where they are too many, too large, or named as no bundle names them."""
    if len(files) > MOST_MEMBERS or sum(map(len, files.values())) > LONGEST:
        raise ArchiveProblem(f"a bundle in one file has at most {MOST_MEMBERS} files and {LONGEST >> 20} MiB")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name in sorted(files):
            if problem := _wrong_name(name):
                raise ArchiveProblem(f"{name!r}: {problem}")
            about = zipfile.ZipInfo(name, _BEGINNING_OF_ZIP)
            about.create_system, about.external_attr = 3, 0o100644 << 16
            archive.writestr(about, files[name])
    return made.getvalue()


def files_in(data: bytes) -> dict[str, bytes]:
    """The files of an archive. Raises ArchiveProblem for anything that `packed` has not made."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise ArchiveProblem(f"it has {len(members):,} members, at most {MOST_MEMBERS} were expected")
            for each in members:
                if each.compress_type != zipfile.ZIP_STORED or each.file_size > len(data):
                    raise ArchiveProblem(f"{each.filename!r} is compressed, or larger than the archive")
            files = {each.filename: archive.read(each) for each in members}
    except ArchiveProblem:
        raise
    except Exception as problem:  # zipfile raises what struct, zlib and its own checks raise
        raise ArchiveProblem(f"it is no archive of a bundle: {problem}") from None
    if packed(files) != data:
        raise ArchiveProblem(
            "it was repacked, or something was put into it: `dagc pack` writes each bundle in one way only"
        )
    return files


@contextmanager
def as_folder(path: Path) -> Iterator[Path]:
    """The folder of a bundle: itself, or, of a bundle in one file, a private one that is gone afterwards. Raises ArchiveProblem, OSError."""
    if not path.is_file() or path.is_symlink():
        yield path
        return
    data = read_regular(path, LONGEST, follows=False)
    if len(data) > LONGEST:
        raise ArchiveProblem(f"it is longer than {LONGEST >> 20} MiB")
    files = files_in(data)
    with tempfile.TemporaryDirectory(prefix="dagc.") as made:
        folder = Path(made) / path.stem
        for name, content in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield folder


def files_of_folder(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path in it. Raises OSError for what is no regular file."""
    return {
        path.relative_to(folder).as_posix(): read_regular(path, LONGEST, follows=False)
        for path in sorted(folder.rglob("*"))
        if not path.is_dir()
    }


def _wrong_name(name: str) -> str:
    path = PurePosixPath(name)
    if not name.isascii() or not name.isprintable() or "\\" in name or str(path) != name:
        return "expected a plain relative path"
    if path.is_absolute() or ".." in path.parts or len(path.parts) > DEEPEST:
        return "it points outside the bundle, or too deep into it"
    return ""
