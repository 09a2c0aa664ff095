"""What an operator is stands on its row: no file but the backends' tables and readers lists the rows of a family again."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dag.operators import table as ops
from dag.operators.op import Family, Law, Op
from dag.operators.table import FAMILIES, OPS

ROOT = Path(__file__).parents[2]
#: What has a line for each operator: tables and readers of backends, the proofs of rewrites, and what draws graphs.
BACKENDS = (
    "dag/operators/table.py",
    "compile/campaign/drawing/pen.py",  # what random graphs are drawn of
    "dag/trace/operators/",  # Python's operators, a table of what the tracer makes of each
    "compile/interpreter/",
    "compile/c/",
    "compile/xla/",
    "compile/proof/",
    "compile/rewrites/",
)
FILES = sorted(
    path
    for folder in ("dag", "compile", "dagc", "lanes")
    for path in (ROOT / folder).rglob("*.py")
    if not str(path.relative_to(ROOT)).startswith(BACKENDS)
)
ROWS = {name: row for name, row in vars(ops).items() if isinstance(row, Op)}


def listed_again(text: str) -> list[tuple[int, list[str]]]:
    """Lines with a tuple, list, set or chain of `or` that names one operation in several formats."""
    found: list[tuple[int, list[str]]] = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Tuple(parts) | ast.List(parts) | ast.Set(parts) | ast.BoolOp(values=parts):
                names = [name for part in parts for name in _rows_in(part)]
                families = [(ROWS[name].family, ROWS[name].symbol) for name in dict.fromkeys(names)]
                if any(families.count(each) > 1 for each in families if each[0] not in OF_ONE_FORMAT):
                    found.append((node.lineno, names))
    return found


#: Families whose rows are different operations, not formats of one.
OF_ONE_FORMAT = (
    Family.INTEGRAL,
    Family.LOGIC,
    Family.BITWISE,
    Family.ARRAY,
    Family.CONVERSION,
    Family.PATTERN,
    Family.FOLD,
)


def _rows_in(node: ast.expr) -> list[str]:
    """The operators that an element is, or that `x is OP` compares with."""
    match node:
        case ast.Attribute(ast.Name("ops"), name) | ast.Name(name) if name in ROWS:
            return [name]
        case ast.Starred(inner):
            return _rows_in(inner)
        case ast.Tuple(parts):
            return [name for part in parts for name in _rows_in(part)]
        case ast.Compare(_, [ast.Is() | ast.Eq()], [other]):
            return _rows_in(other)
    return []


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_lists_a_family(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not listed_again(text)
    assert 'removesuffix("_f32")' not in text


def test_a_list_would_be_found() -> None:
    assert listed_again("_PRODUCTS = (ops.MUL, ops.MUL_F32, ops.IMUL)")
    assert listed_again("if op is ADD or op is ADD_F32: pass")
    assert listed_again("x = {**dict.fromkeys((ops.LT, ops.LT_F32), 1)}")
    assert not listed_again("x = (ops.ADD, ops.MUL, ops.MIN)")


def test_every_row_is_in_its_family() -> None:
    assert sorted(op.name for rows in FAMILIES.values() for op in rows) == sorted(OPS)
    assert all(FAMILIES.values())


def test_a_format_changes_neither_family_nor_symbol_nor_laws() -> None:
    for wide, narrow in ops.IN_F32.items():
        assert (wide.family, wide.symbol, wide.laws) == (narrow.family, narrow.symbol, narrow.laws)


@pytest.mark.parametrize("op", OPS.values(), ids=str)
def test_the_laws_of_a_row_hold(op: Op) -> None:
    """Of single values where the words of both formats can say so; a conversion that rounds is held to its own format."""
    if Law.NOT_ABOVE in op.laws:
        assert all(op.meaning(x) <= max(x, 0.0) for x in (-2.5, -0.5, 0.0, 0.5, 2.5, 1e10))
    if Law.EXACT in op.laws:
        assert all(op.meaning(x) == x for x in (0, 1, -7, 2**31 - 1, -(2**31)))
    if Law.SAME_VALUE in op.laws:
        assert len(op.operands) == 1
        assert all(op.meaning(x) == x for x in (0, 1, -7, 4096))
