"""What pip installs, tried outside the checkout: the wheel, and the wheel that the source distribution makes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from compile.bundle.bundle import write_bundle
from compile.c.backend import C, shared_object
from tests.support.live_graph import live_graph

ROOT = Path(__file__).parents[1]
#: The package for hosts that only run bundles.
RUNTIME = ROOT / "tools" / "runtime"
#: The Python of a fresh environment has the dependencies of this one, and nothing of dagc but what is installed into it.
DEPENDENCIES = f"{sysconfig.get_paths()['purelib']}\n"


def run(*command: str | Path, cwd: Path, expected: int = 0) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(each) for each in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


def wheel_of(source: Path, folder: Path) -> Path:
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, source, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git has, as somebody who clones gets them."""
    folder = tmp_path_factory.mktemp("clone")
    for name in run("git", "ls-files", "-z", cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.mark.long
def test_a_wheel_has_everything_and_works_where_the_checkout_is_not(clone: Path, tmp_path: Path) -> None:
    wheel = wheel_of(clone, tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    shipped = ("dag", "lanes", "compile", "rtl", "dagc")
    tracked = {name for name in run("git", "ls-files", cwd=ROOT).splitlines() if name.startswith(shipped)}
    assert {name for name in tracked if name.partition("/")[0] in shipped} <= packed
    assert not {name for name in packed if name.startswith(("tests/", "docs/", "tools/"))}
    fresh = tmp_path / "fresh"
    venv.create(fresh, with_pip=False)
    (library,) = fresh.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(library)
    (library / "dependencies.pth").write_text(DEPENDENCIES)
    python, home = fresh / "bin" / "python", tmp_path / "home"
    home.mkdir()
    assert run(python, "-c", "import dagc; print(dagc.__file__)", cwd=home).startswith(str(library))
    run(python, "-m", "dagc", "new", "mover", cwd=home)
    run(python, "-m", "dagc", "build", "mover.py:mover", "-o", "build/mover", "--quick", cwd=home / "mover")
    run(python, "-m", "dagc", "verify", "build/mover", cwd=home / "mover")
    run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=home / "mover")


@pytest.mark.long
def test_the_source_distribution_makes_the_same_wheel(clone: Path, tmp_path: Path) -> None:
    script = f"from hatchling.build import build_sdist; print(build_sdist({str(tmp_path)!r}))"
    maker = tmp_path / "maker"
    venv.create(maker, with_pip=True)
    run(maker / "bin" / "python", "-m", "pip", "install", "-q", "hatchling>=1.27", cwd=clone)
    name = run(maker / "bin" / "python", "-c", script, cwd=clone).strip()
    with tarfile.open(tmp_path / name) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    direct, through = tmp_path / "direct", tmp_path / "through"
    direct.mkdir()
    through.mkdir()
    with zipfile.ZipFile(wheel_of(clone, direct)) as first, zipfile.ZipFile(wheel_of(source, through)) as second:
        assert {each: first.getinfo(each).CRC for each in first.namelist()} == {
            each: second.getinfo(each).CRC for each in second.namelist()
        }


#: A live host's program: it loads a bundle, steps, saves and runs it, and prints which packages that took, and dagc's version.
LIVE_HOST = """
import sys
before = {*sys.modules}
import dagc
kernel = dagc.load(sys.argv[1])
engine = kernel.bind({"size.floor": 0.0})
engine.step(price=1.0, side=1, halted=False)
engine.restore(engine.snapshot())
kernel.bind({"size.floor": [0.0, 1.0]}).step(price=1.0, side=1, halted=False)
kernel.run({"price": [1.0, 2.0], "side": [1, 1], "halted": [False, True]}, {"size.floor": 0.0}, taps=["buy"])
print(*sorted({each.partition(".")[0] for each in {*sys.modules} - before} - set(sys.stdlib_module_names)), sep="\\n")
"""
#: What only installs beside another: cffi is its own C module and the parser of its declarations.
OF_CFFI = {"_cffi_backend", "pycparser"}


@pytest.fixture(scope="module")
def live_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graph = live_graph()
    texts = C().lower(graph)
    folder = tmp_path_factory.mktemp("live") / "bundle"
    write_bundle(folder, graph, {**texts, "kernel.so": shared_object(texts)}, {})
    return folder


def test_a_live_host_imports_what_the_runtime_package_names(live_bundle: Path) -> None:
    package = tomllib.loads((RUNTIME / "pyproject.toml").read_text(encoding="utf-8"))
    named = {each.partition(">")[0] for each in package["project"]["dependencies"]}
    shipped = set(package["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].values())
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{LIVE_HOST}"
    imported = set(run(sys.executable, "-c", program, live_bundle, cwd=live_bundle.parent).split())
    assert {"dagc", "numpy", "cffi"} <= imported
    assert imported <= named | shipped | OF_CFFI


@pytest.mark.long
def test_the_runtime_package_alone_runs_a_bundle_and_names_what_a_build_needs(
    clone: Path, live_bundle: Path, tmp_path: Path
) -> None:
    wheel = wheel_of(clone / "tools" / "runtime", tmp_path)
    fresh = tmp_path / "fresh"
    venv.create(fresh, with_pip=True)
    python = fresh / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", wheel, cwd=tmp_path)
    assert "jax" not in run(python, "-c", LIVE_HOST, live_bundle, cwd=tmp_path).split()
    needs = "import dagc\ntry: dagc.compile\nexcept ModuleNotFoundError as problem: print(problem)"
    assert "which is not installed: pip install dagc-compiler" in run(python, "-c", needs, cwd=tmp_path)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert run(python, "-c", "import dagc; print(dagc.__version__)", cwd=tmp_path).strip() == version
