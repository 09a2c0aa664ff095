"""Lanes from files: `path/file.py:name`."""

from __future__ import annotations

import ast
import difflib
import hashlib
import importlib
import importlib.util
import linecache
import sys
import sysconfig
import traceback
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import CompileError, Diagnostic, Label
from dag.diagnostics.span import Span, display_path
from dag.files.source_file import Unreadable, parsed, read_source
from dag.language.lane import AnyLane, Lane
from dag.language.lift import LiftedLane, lift, plain_function
from dag.trace.functions import header_span
from dag.values.floating_point import in_standard_environment


def load_lane(target: str) -> AnyLane:
    """The lane `path/file.py:name`; a plain function is lifted. Raises CompileError for a file that cannot be read, or a
    name that is neither."""
    path, separator, name = target.rpartition(":")
    if not separator:
        path, name = target, ""
    module = load_module(path)
    name = unicodedata.normalize("NFKC", name)  # as Python reads the names of a file
    found = getattr(module, name, None) if name else None
    if isinstance(found, Lane):
        return found
    if found is not None and plain_function(found) is not None:
        return lift(found)
    lanes = list(_own_lanes(module))
    close = difflib.get_close_matches(name, lanes, n=1)
    listed = (
        f"one of the lanes of {path}: {', '.join(lanes)}" if lanes else f"a function decorated with @lane in {path}"
    )
    fix = f"write {path}:{(close or lanes)[0]}" if lanes else "decorate a function with @lane (from dagc import lane)"
    got = f"`{name}`, {'which is not a lane' if hasattr(module, name) else 'which is not there'}" if name else "no name"
    raise _refused("E003", None, name, listed, got, fix)


def lanes_in_file(path: str) -> dict[str, AnyLane]:
    """The lanes that a file declares (not those it imports), in its order. Raises CompileError."""
    return _own_lanes(load_module(path))


def _own_lanes(module: ModuleType) -> dict[str, AnyLane]:
    own: dict[str, AnyLane] = {}
    for name, value in vars(module).items():
        if isinstance(value, LiftedLane):
            own[name] = value
        elif isinstance(value, Lane) and value.function.__module__ == module.__name__:
            own[value.name] = value
    return own


@in_standard_environment
def load_module(path: str) -> ModuleType:
    """Import a Python file by its path; its folder is importable meanwhile. Raises CompileError.

    A file of an installed package is imported under its own name. Any other file, and what it imports from beside itself,
    is imported anew each time and leaves nothing in `sys.modules` that another file could meet.
    """
    file = Path(path)
    try:
        text = read_source(file)
    except Unreadable as problem:
        shown = f"{path}: {problem}" if path else "no file"
        raise _refused("E003", None, "", "a Python file", shown, "write FILE.py:LANE") from None
    resolved = str(file.resolve())
    linecache.checkcache()  # of the files that it imports too
    try:
        tree = parsed(text, resolved)
    except SyntaxError as problem:
        raise _syntax_error(problem, resolved) from None
    _refuse_duplicates(tree, resolved)
    installed = _installed_name(file.resolve())
    name = installed or f"_dagc_{file.stem}_{hashlib.sha256(resolved.encode()).hexdigest()[:12]}"
    try:
        if installed:
            with _noted():
                return importlib.import_module(installed)
        with _beside(str(file.resolve().parent)), _without_bytecode(), _noted():
            return _import_file(name, resolved)
    except SyntaxError as problem:
        raise _syntax_error(problem, problem.filename or resolved) from None
    except KeyboardInterrupt:
        raise
    except BaseException as problem:  # SystemExit too: a file that leaves Python leaves dagc without its lanes
        raise _import_error(problem, resolved) from problem


def loaded_files() -> list[Path]:
    """The files that this process loaded for lanes and that are still there: theirs, and what they import that is not installed."""
    return sorted(path for path in _LOADED if path.is_file())


_LOADED: set[Path] = set()
_INSTALLED = tuple(sysconfig.get_paths()[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib"))


@contextmanager
def _noted() -> Iterator[None]:
    """Note the files of the modules that are imported meanwhile, for `loaded_files`."""
    before = set(sys.modules)
    try:
        yield
    finally:
        new = (module for name, module in list(sys.modules.items()) if name not in before)
        origins = (getattr(module, "__file__", None) for module in new)
        _LOADED.update(Path(each) for each in origins if each and not each.startswith(_INSTALLED))


class _FromSource(SourceFileLoader):
    """Compiles a lane's file as it is now. Python would take what it compiled earlier for a file of the same size that was
    changed in the same second.
    """

    def get_code(self, fullname: str) -> CodeType:
        """Compiled, never read from the cache."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


@contextmanager
def _without_bytecode() -> Iterator[None]:
    """Leave no compiled form of a user's modules behind, for the same reason."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _import_file(name: str, path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path, loader=_FromSource(name, path))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


@contextmanager
def _beside(folder: str) -> Iterator[None]:
    """Make the modules of `folder` importable, and forget them afterwards: another folder may have the same names."""
    if folder in sys.path:
        yield
        return
    before = set(sys.modules)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(folder)
        for name in [each for each in sys.modules if each not in before and not each.startswith("_dagc_")]:
            origin = getattr(sys.modules[name], "__file__", None) or ""
            if Path(origin).is_relative_to(folder) and not _found_elsewhere(name.partition(".")[0]):
                del sys.modules[name]


def _found_elsewhere(name: str) -> bool:
    """Whether a top-level module can be imported without the folder of the user's file."""
    return any(finder.find_spec(name, None) is not None for finder in sys.meta_path)


def _installed_name(file: Path) -> str | None:
    """The dotted name of a file of a package on the path, as any other module would import it."""
    parts = [file.stem]
    folder = file.parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    if len(parts) == 1 or file.stem == "__init__":
        return None
    try:
        spec = importlib.util.find_spec(".".join(parts))
    except Exception:
        return None
    return spec.name if spec is not None and spec.origin == str(file) else None


def _refuse_duplicates(tree: ast.Module, path: str) -> None:
    """Two lanes of one name: the second would silently replace the first."""
    first: dict[str, ast.FunctionDef] = {}
    problems: list[Diagnostic] = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or not any(_is_lane(each) for each in node.decorator_list):
            continue
        if node.name in first:
            got = f"another `{node.name}` at line {first[node.name].lineno}"
            span = header_span(node, path, display_path(path))
            other = Label(header_span(first[node.name], path, display_path(path)), "the first is declared here")
            told = _diagnostic("E015", span, node.name, "lanes with names of their own", got, "rename one of them")
            problems.append(replace(told, labels=(other,)))
        first.setdefault(node.name, node)
    if problems:
        raise CompileError(problems)


def _is_lane(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).split(".")[-1] == "lane"


def _syntax_error(problem: SyntaxError, path: str) -> CompileError:
    line, column = problem.lineno or 1, max(problem.offset or 1, 1)
    text = (problem.text or linecache.getline(path, line)).rstrip("\n")
    same_line = problem.end_lineno in (None, line)
    end = problem.end_offset if same_line and problem.end_offset and problem.end_offset > column else column + 1
    span = Span(display_path(path), line, column, end, text)
    return _refused("E001", span, "", "Python that can be parsed", problem.msg, "correct the syntax")


def _import_error(problem: BaseException, path: str) -> CompileError:
    lines = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == path]
    span = None
    if lines and lines[-1].lineno is not None:
        last = lines[-1]
        text = linecache.getline(path, lines[-1].lineno or 1).rstrip("\n")
        column = (last.colno or 0) + 1 if last.colno is not None else 1
        end = (last.end_colno or len(text)) + 1 if last.end_lineno == last.lineno else len(text) + 1
        span = Span(display_path(path), last.lineno or 1, column, end, text)
    fix = _taken_name(problem, path) or "run it with python to see more"
    if isinstance(problem, SystemExit):
        fix = 'call it under `if __name__ == "__main__":` only'
    return _refused("E002", span, "", f"{display_path(path)} to be importable", _told(problem), fix)


def _taken_name(problem: BaseException, path: str) -> str | None:
    """The way out where a module beside the file has the name of another one, which was imported."""
    name = (problem.name or "").partition(".")[0] if isinstance(problem, ImportError) else ""
    origin = (getattr(sys.modules.get(name), "__file__", None) or "") if name else ""
    for beside in (Path(path).with_name(f"{name}.py"), Path(path).with_name(name)) if origin else ():
        if beside.exists() and not Path(origin).is_relative_to(beside):
            return f"`{name}` is {origin}: rename {display_path(str(beside))}"
    return None


def _told(problem: BaseException) -> str:
    """An exception of the user's as its class and its text, which the user's own code makes."""
    try:
        text = str(problem)
    except Exception as another:
        text = f"(its text raises {type(another).__name__})"
    return f"{type(problem).__name__}: {text}" if text else type(problem).__name__


def _refused(code: str, span: Span | None, node: str, expected: str, got: str, fix: str) -> CompileError:
    return CompileError([_diagnostic(code, span, node, expected, got, fix)])


def _diagnostic(code: str, span: Span | None, node: str, expected: str, got: str, fix: str) -> Diagnostic:
    return Diagnostic(code, CODES[code][0], span, node, expected, (got,), fix)
