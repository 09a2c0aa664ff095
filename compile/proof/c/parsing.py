"""C functions parsed by pycparser, and the small questions that readers ask of its syntax trees."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from pycparser import c_ast, c_parser
from pycparser.c_generator import CGenerator
from pycparser.c_parser import ParseError

from compile.proof.core.terms import IllTyped
from compile.proof.core.verdict import Unreadable

#: The types that `<stdint.h>` and `<stdbool.h>` name, the vectors of `batch.c`, as the parser needs to know them. What they
#: mean is the reader's business, not the parser's.
_TYPES = "".join(
    f"typedef {underlying} {name};"
    for name, underlying in {
        "int64_t": "long long", "uint64_t": "unsigned long long", "int32_t": "int", "uint32_t": "unsigned", "bool": "_Bool",
        "dagc_f64s": "double", "dagc_i64s": "long long", "dagc_column": "struct dagc_column", "dagc_place": "struct dagc_place",
        "dagc_line": "struct dagc_line",
    }.items()
)  # fmt: skip


@cache
def _parser() -> Any:
    return c_parser.CParser()


def line_of_node(node: Any) -> int:
    """The line that a syntax node stands on; 0 where the parser does not say."""
    return int(node.coord.line) if node.coord is not None else 0


def name_of(node: Any) -> str | None:
    """The name of an identifier, None for anything else."""
    return str(node.name) if isinstance(node, c_ast.ID) else None


def called(node: Any) -> tuple[str, list[Any]] | None:
    """The function and the arguments of a call, None for anything else."""
    if isinstance(node, c_ast.FuncCall) and isinstance(node.name, c_ast.ID):
        return str(node.name.name), list(node.args.exprs) if node.args is not None else []
    return None


def plain_type(node: Any) -> str | None:
    """`double` of a declared or cast-to type that is one word; None for anything else."""
    if isinstance(node, c_ast.Typename):
        node = node.type
    if isinstance(node, c_ast.TypeDecl) and isinstance(node.type, c_ast.IdentifierType) and len(node.type.names) == 1:
        return str(node.type.names[0])
    return None


def pointer_type(node: Any) -> str | None:
    """`double` of a declaration `double *const x`; None for anything else."""
    return plain_type(node.type) if isinstance(node, c_ast.PtrDecl) else None


def literal_number(node: Any) -> int | None:
    """The value of a decimal integer literal, None for anything else."""
    if isinstance(node, c_ast.Constant) and node.type == "int" and str(node.value).isdigit():
        text = str(node.value)
        return int(text) if text == "0" or not text.startswith("0") else None
    return None


def counted(loop: Any) -> tuple[str | None, int | None]:
    """k and n of `for (int k = 0; k < n; k++)`, (None, None) for any other loop."""
    match loop:
        case c_ast.For(
            init=c_ast.DeclList(decls=[c_ast.Decl(name=name, type=type_, init=first)]),
            cond=c_ast.BinaryOp(op="<", left=c_ast.ID(name=tested), right=length),
            next=c_ast.UnaryOp(op="p++", expr=c_ast.ID(name=counted)),
        ) if literal_number(first) == 0 and plain_type(type_) == "int" and name == tested == counted:
            return str(name), literal_number(length)
    return None, None


def place_in_loop(place: Any, counter: str, length: int) -> bool:
    """Whether the place is `(k + 1) % length` and not `k`, k being the counter. Raises IllTyped for any other."""
    match place:
        case c_ast.ID(name=name) if name == counter:
            return False
        case c_ast.BinaryOp(op="%", left=c_ast.BinaryOp(op="+", left=c_ast.ID(name=name), right=one), right=size) if (
            name == counter and literal_number(one) == 1 and literal_number(size) == length
        ):
            return True
    raise IllTyped("an element at another place")


def _line_in(message: str) -> int:
    for part in message.split(":"):
        if part.strip().isdigit():
            return int(part)
    return 0


def functions(text: str, line: int, file: str, also: tuple[str, ...] = (), outside: Collection[str] = ()) -> list[Any]:
    """The functions that `text` defines and nothing else; `also` are structs that they name.

    No variable of theirs may have a name of `outside`, the functions and tables of the file. Raises Unreadable.
    """
    known = _TYPES + "".join(f"typedef struct {name} {name};" for name in also)
    try:
        tree = _parser().parse(f'{known}\n#line {line} "{file}"\n{text}', file)
    except (ParseError, AssertionError) as problem:
        raise Unreadable(f"it is no C that can be read: {problem}", _line_in(str(problem))) from problem
    for each in tree.ext:
        if not isinstance(each, c_ast.FuncDef | c_ast.Typedef):
            raise Unreadable("a function was expected here", line_of_node(each) or line)
    found = [each for each in tree.ext if isinstance(each, c_ast.FuncDef)]
    for each in found:
        _refuse_strange_declarations(each.decl.type)
        _refuse_strange_declarations(each.body)
        _refuse_hiding(each, outside)
    return found


def _refuse_strange_declarations(node: Any) -> None:
    """Refuse what a reader of values does not see: a variable that calls share or that outlives them (`static`, `extern`),
    `volatile`, `register` and the like. A value is `const`; an array that is filled later is nothing.
    """
    words: list[str] = []
    match node:
        case c_ast.Decl():
            words = [*node.storage, *node.funcspec, *map(str, node.align), *(set(node.quals) - {"const"})]
            if node.init is None and isinstance(node.type, c_ast.ArrayDecl):
                words += node.quals
        case c_ast.TypeDecl() | c_ast.PtrDecl():
            words = [each for each in node.quals if each != "const"]
        case c_ast.ArrayDecl():
            words = list(node.dim_quals)
    if words:
        raise Unreadable(f"a declaration that is `{' '.join(words)}`", line_of_node(node))
    for _, child in node.children():
        _refuse_strange_declarations(child)


def _refuse_hiding(node: Any, outside: Collection[str]) -> None:
    """Refuse a variable that is called like a function or a table of the file: from there on C means the variable."""
    if isinstance(node, c_ast.Decl) and not isinstance(node.type, c_ast.FuncDecl) and node.name in outside:
        raise Unreadable(f"a variable `{node.name}` hides what the file calls so", line_of_node(node))
    for _, child in node.children():
        _refuse_hiding(child, outside)


def function_body(
    text: str, line: int, file: str, also: tuple[str, ...] = (), outside: Collection[str] = ()
) -> list[Any]:
    """The statements of the one function that `text` defines; see `functions`. Raises Unreadable."""
    found = functions(text, line, file, also, outside)
    if len(found) != 1:
        raise Unreadable("one function was expected here", line)
    return list(found[0].body.block_items or [])


def written(node: Any) -> str:
    """A syntax node as text, spaced in one way."""
    return " ".join(str(_GENERATOR.visit(node)).split())


_GENERATOR = CGenerator()
