"""Making a program small: whatever can be left out of its text while the same thing is still wrong with it."""

from __future__ import annotations

import ast
import copy
import time
from collections.abc import Callable, Iterator

#: Says of a text whether what was found is found in it too.
StillWrong = Callable[[str], bool]
_SIMPLE = ("1.0", "0.0", "1", "0", "True", "False")


def shrink(text: str, still_wrong: StillWrong, seconds: float) -> str:
    """A small program with the same fault, after about `seconds` at most."""
    end = time.monotonic() + seconds
    best = text
    changed = True
    while changed and time.monotonic() < end:
        changed = False
        for attempts in (
            _without_definitions,
            _without_statements,
            _with_simpler_statements,
            _with_simpler_expressions,
        ):
            best, did = _reduced(best, attempts, still_wrong, end)
            changed = changed or did
    return best


def without_unread(text: str, still_wrong: StillWrong) -> str:
    """Without the definitions and imports that nothing reads: what is right stays right."""
    body = ast.parse(text).body
    for index in reversed(range(len(body))):
        before, after = body[:index], body[index + 1 :]
        kept = _what_is_read(body[index], _names([*before, *after]))
        if kept != [body[index]] and still_wrong(ast.unparse(ast.Module([*before, *kept, *after], [])) + "\n"):
            body = [*before, *kept, *after]
    return ast.unparse(ast.Module(body, [])) + "\n"


def _what_is_read(statement: ast.stmt, read: set[str]) -> list[ast.stmt]:
    """What is left of a statement of a file where these names are read elsewhere: all of it, part of an import, or nothing."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Assign([ast.Name(name)]):
            return [statement] if name in read else []
        case ast.ImportFrom(module, names, level):
            wanted = [each for each in names if each.name in read]
            if len(wanted) == len(names):
                return [statement]
            return [ast.ImportFrom(module, wanted, level)] if wanted else []
        case _:
            return [statement]


def _names(body: list[ast.stmt]) -> set[str]:
    return {node.id for node in ast.walk(ast.Module(body, [])) if isinstance(node, ast.Name)}


def _reduced(
    text: str, attempts: Callable[[ast.Module], Iterator[ast.Module]], still_wrong: StillWrong, end: float
) -> tuple[str, bool]:
    """The text after every step of one sort that leaves the fault, one after the other."""
    changed = False
    skip = 0  # attempts that came before the last success, in the smaller text again, and failed then
    while time.monotonic() < end:
        for count, smaller in enumerate(attempts(ast.parse(text))):
            if count < skip:
                continue
            if time.monotonic() > end:
                return text, changed
            candidate = ast.unparse(ast.fix_missing_locations(smaller)) + "\n"
            if len(candidate) < len(text) and still_wrong(candidate):
                text, changed, skip = candidate, True, count
                break
        else:
            return text, changed
    return text, changed


def _without_definitions(tree: ast.Module) -> Iterator[ast.Module]:
    for index in reversed(range(len(tree.body))):
        yield ast.Module([*tree.body[:index], *tree.body[index + 1 :]], [])


def _blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and not isinstance(node, ast.Module):
                yield block


def _edited(tree: ast.Module, edit: Callable[[list[ast.stmt]], bool], number: int) -> ast.Module | None:
    """A copy in which block `number` was edited; None where the edit does not apply."""
    changed = copy.deepcopy(tree)
    for index, block in enumerate(_blocks(changed)):
        if index == number:
            return changed if edit(block) else None
    return None


def _without_statements(tree: ast.Module) -> Iterator[ast.Module]:
    sizes = [len(block) for block in _blocks(tree)]
    for number, size in enumerate(sizes):
        runs = [(at, length) for length in (size // 2, size // 4) if length > 1 for at in range(0, size, length)]
        for at, length in [*runs, *((at, 1) for at in reversed(range(size)))]:

            def drop(block: list[ast.stmt], at: int = at, length: int = length) -> bool:
                if len(block) == 1 and isinstance(block[0], ast.Pass):
                    return False
                del block[at : at + length]
                if not block:
                    block.append(ast.Pass())
                return True

            smaller = _edited(tree, drop, number)
            if smaller is not None:
                yield smaller


def _with_simpler_statements(tree: ast.Module) -> Iterator[ast.Module]:
    """An `if` or a loop by what stands in it."""
    sizes = [len(block) for block in _blocks(tree)]
    for number, size in enumerate(sizes):
        for at in range(size):
            for part in ("body", "orelse"):

                def unwrap(block: list[ast.stmt], at: int = at, part: str = part) -> bool:
                    inner = getattr(block[at], part, None) if isinstance(block[at], ast.If | ast.For) else None
                    if not inner:
                        return False
                    block[at : at + 1] = inner
                    return True

                smaller = _edited(tree, unwrap, number)
                if smaller is not None:
                    yield smaller


def _with_simpler_expressions(tree: ast.Module) -> Iterator[ast.Module]:
    """Every expression by one of its parts, or by a literal; arguments and fields left out."""
    count = sum(1 for _ in _slots(tree))
    for number in range(count):
        for choice in range(24):
            changed = copy.deepcopy(tree)
            holder, name, index = next(each for i, each in enumerate(_slots(changed)) if i == number)
            options = _options(_get(holder, name, index))
            if choice >= len(options):
                break
            _set(holder, name, index, options[choice])
            yield changed


_Slot = tuple[ast.AST, str, int | None]


def _slots(tree: ast.Module) -> Iterator[_Slot]:
    """Every place of an expression in the functions of a file, the outer ones first."""
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        for statement in function.body:
            for node in ast.walk(statement):
                for name, value in ast.iter_fields(node):
                    if (
                        isinstance(value, ast.expr)
                        and not isinstance(getattr(value, "ctx", None), ast.Store)
                        and name not in ("annotation", "func")
                    ):
                        yield node, name, None
                    elif isinstance(value, list) and name not in ("targets", "decorator_list"):
                        yield from ((node, name, i) for i, each in enumerate(value) if isinstance(each, ast.expr))


def _get(holder: ast.AST, name: str, index: int | None) -> ast.expr:
    value = getattr(holder, name)
    found: ast.expr = value if index is None else value[index]
    return found


def _set(holder: ast.AST, name: str, index: int | None, value: ast.expr) -> None:
    if index is None:
        setattr(holder, name, value)
    else:
        getattr(holder, name)[index] = value


def _options(expression: ast.expr) -> list[ast.expr]:
    if isinstance(expression, ast.Constant | ast.Name):
        return []
    parts = [
        each
        for each in ast.iter_child_nodes(expression)
        if isinstance(each, ast.expr) and not isinstance(each, ast.Slice)
    ]
    literals = [ast.parse(each, mode="eval").body for each in _SIMPLE]
    return [*literals, *parts]
