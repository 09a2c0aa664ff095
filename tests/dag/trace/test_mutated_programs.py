"""Programs nobody wrote: lanes with pieces of other lanes in them. Each is traced or refused with a page of help, never a crash."""

from __future__ import annotations

import ast
import copy
import random
from pathlib import Path

import pytest

from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import lanes_in_file
from dag.trace import trace

HERE = Path(__file__).parent
REFUSED = ("statements", "expressions", "mutation", "type_mismatch", "not_static", "unit_mismatch")
DONORS = (HERE / "test_like_python.py", *(HERE.parent / "refused" / f"{name}.py" for name in REFUSED))
FOREIGN = ("pytest", "hypothesis", "tests", "__future__")
SHARE = 0.02


class Grafting(ast.NodeTransformer):
    """Replaces a few expressions by others, drawn from `pool`."""

    def __init__(self, random_: random.Random, pool: list[ast.expr]) -> None:
        self.random, self.pool = random_, pool

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        stored = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
        if isinstance(node, ast.expr) and not stored and self.random.random() < SHARE:
            return copy.deepcopy(self.random.choice(self.pool))
        return node


def program() -> list[ast.stmt]:
    """Imports, classes and functions of all donors, their test functions left out."""
    statements = [statement for donor in DONORS for statement in ast.parse(donor.read_text(encoding="utf-8")).body]
    kept = [each for each in statements if not _is_foreign(each)]
    return [ast.parse("from __future__ import annotations").body[0], *kept]


def _is_foreign(statement: ast.stmt) -> bool:
    match statement:
        case ast.ImportFrom(module):
            return str(module).partition(".")[0] in FOREIGN
        case ast.Import(names):
            return names[0].name in FOREIGN
        case ast.FunctionDef(name):
            return name.startswith("test_")
        case ast.AnnAssign(ast.Name(name)):
            return name == "LANES"
        case _:
            return False


def mutated(seed: int) -> str:
    """A program with grafts that Python itself can compile."""
    random_ = random.Random(seed)
    while True:
        text = _grafted(random_)
        try:
            compile(text, "mutated.py", "exec")
        except SyntaxError:
            continue  # an expression where Python allows none
        return text


def _grafted(random_: random.Random) -> str:
    statements = program()
    functions = [each for each in statements if isinstance(each, ast.FunctionDef)]
    inside = [node for function in functions for each in function.body for node in ast.walk(each)]
    pool = [
        each for each in inside if isinstance(each, ast.expr) and isinstance(getattr(each, "ctx", ast.Load()), ast.Load)
    ]
    grafting = Grafting(random_, pool)
    names: set[str] = set()
    for function in functions:
        function.body = [grafting.visit(copy.deepcopy(statement)) for statement in function.body]
        while function.name in names:
            function.name += "_"  # lanes of one name are refused before anything is traced
        names.add(function.name)
    return ast.unparse(ast.fix_missing_locations(ast.Module(statements, [])))


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # `(1.0)(x)` is a warning of Python's own
def test_a_program_is_traced_or_refused(seed: int, tmp_path: Path) -> None:
    file = tmp_path / "mutated.py"
    file.write_text(mutated(seed), encoding="utf-8")
    lanes = lanes_in_file(str(file))
    assert len(lanes) > 30
    pages: list[str] = []
    for lane in lanes.values():
        try:
            assert trace(lane).outputs
        except CompileError as refused:
            pages.append(str(refused))
    assert 0 < len(pages) < len(lanes)
    assert all("explain: dagc explain E" in page for page in pages)
