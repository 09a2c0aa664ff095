"""Which constructs of the language a program holds: counted from its text, not from what its writer says."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

_Test = Callable[[ast.AST], bool]


def constructs_of(text: str) -> set[str]:
    """The names of the constructs that stand in a program."""
    tree = ast.parse(text)
    left = dict(CONSTRUCTS)
    for node in ast.walk(tree):
        if not isinstance(
            node, ast.Name | ast.Constant | ast.expr_context
        ):  # most of a tree, and none of the constructs
            for name in [name for name, test in left.items() if test(node)]:
                del left[name]
    found = CONSTRUCTS.keys() - left.keys()
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    found |= {f"{where} calls" for where, name in _calls(tree, ()) if name in functions}
    if not functions.isdisjoint(_locals(tree)):
        found.add("a variable named as a function")
    return found


def _called(*names: str) -> _Test:
    return lambda node: isinstance(node, ast.Call) and ast.unparse(node.func) in names


def _named(keyword: str) -> _Test:
    return lambda node: isinstance(node, ast.Call) and any(each.arg == keyword for each in node.keywords)


def _binary(*ops: type[ast.operator]) -> _Test:
    return lambda node: isinstance(node, ast.BinOp) and isinstance(node.op, ops)


def _loops_over(*names: str) -> _Test:
    return lambda node: (
        isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and ast.unparse(node.iter.func) in names
    )


def _decorated(text: str) -> _Test:
    return lambda node: (
        isinstance(node, ast.FunctionDef | ast.ClassDef) and text in map(ast.unparse, node.decorator_list)
    )


def _is_held(node: ast.AST) -> bool:
    return _named("when")(node) and not _called("carry", "window")(node)


def _is_plain_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.decorator_list


def _folds_over(function: str) -> _Test:
    def test(node: ast.AST) -> bool:
        return isinstance(node, ast.GeneratorExp) and _called(function)(node.generators[0].iter)

    return test


def _folds_from(function: str) -> _Test:
    """A fold of a window that begins with a number made by `function`."""

    def test(node: ast.AST) -> bool:
        match node:
            case ast.Call(ast.Name("sum_seq" | "min_seq" | "max_seq" | "sum_numpy"), [_, start]):
                return any(map(_called(function), ast.walk(start)))
            case _:
                return False

    return test


CONSTRUCTS: Mapping[str, _Test] = {
    "plain function": _is_plain_function,
    "@lane(taps=False)": _decorated("lane(taps=False)"),
    '@lane(subnormals="flush")': _decorated("lane(subnormals='flush')"),
    "slot": _decorated("slot"),
    "lift": _called("lift"),
    "@params": _decorated("params"),
    "frozen dataclass": _decorated("dataclass(frozen=True)"),
    "Enum": lambda node: isinstance(node, ast.ClassDef) and "Enum" in map(ast.unparse, node.bases),
    "IntEnum": lambda node: isinstance(node, ast.ClassDef) and "IntEnum" in map(ast.unparse, node.bases),
    "domain": _called("domain"),
    "unit": _called("unit"),
    "default argument": lambda node: isinstance(node, ast.FunctionDef) and bool(node.args.defaults),
    "argument by place only": lambda node: isinstance(node, ast.FunctionDef) and bool(node.args.posonlyargs),
    "carry": _called("carry"),
    "carry(when=)": lambda node: _called("carry")(node) and _named("when")(node),
    "carry(lifetime=)": _named("lifetime"),
    "carry(warm_up=)": _named("warm_up"),
    "warm": _called("warm"),
    "held call": _is_held,
    "window": _called("window"),
    "window(when=)": lambda node: _called("window")(node) and _named("when")(node),
    "window(longest=)": lambda node: _called("window")(node) and _named("longest")(node),
    "fold over neighbours": _folds_over("pairwise"),
    "fold over windows side by side": _folds_over("zip"),
    "fold of float32": _folds_from("float32"),
    "fold of int32": _folds_from("int32"),
    "sum_seq": _called("sum_seq"),
    "sum_pairwise": _called("sum_pairwise"),
    "sum_numpy": _called("sum_numpy"),
    "min_seq, max_seq": _called("min_seq", "max_seq"),
    "array": _called("array"),
    "put": _called("put"),
    "if": lambda node: isinstance(node, ast.If),
    "elif": lambda node: isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If),
    "early return": lambda node: isinstance(node, ast.If) and any(isinstance(each, ast.Return) for each in node.body),
    "conditional expression": lambda node: isinstance(node, ast.IfExp),
    "chained comparison": lambda node: isinstance(node, ast.Compare) and len(node.ops) > 1,
    "in, not in": lambda node: isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn),
    "is, is not": lambda node: isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.IsNot),
    "and, or": lambda node: isinstance(node, ast.BoolOp),
    "not": lambda node: isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not),
    "for over range": _loops_over("range"),
    "for over enumerate": _loops_over("enumerate"),
    "for over zip": _loops_over("zip"),
    "for ... else": lambda node: isinstance(node, ast.For) and bool(node.orelse),
    "for over a tuple": lambda node: isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple),
    "for over an array or an Enum": lambda node: isinstance(node, ast.For) and isinstance(node.iter, ast.Name),
    "comprehension": lambda node: isinstance(node, ast.GeneratorExp),
    "tuple": lambda node: isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load),
    "slice": lambda node: isinstance(node, ast.Slice),
    "unpacking": lambda node: isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple),
    "a = b = x": lambda node: isinstance(node, ast.Assign) and len(node.targets) > 1,
    "annotated variable": lambda node: isinstance(node, ast.AnnAssign) and node.value is not None,
    "augmented assignment": lambda node: isinstance(node, ast.AugAssign),
    "+ -": _binary(ast.Add, ast.Sub),
    "*": _binary(ast.Mult),
    "/": _binary(ast.Div),
    "//": _binary(ast.FloorDiv),
    "%": _binary(ast.Mod),
    "**": _binary(ast.Pow),
    "& | ^": _binary(ast.BitAnd, ast.BitOr, ast.BitXor),
    "<<": _binary(ast.LShift),
    ">>": _binary(ast.RShift),
    "~": lambda node: isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert),
    "min, max": _called("min", "max"),
    "abs": _called("abs"),
    "round": _called("round"),
    "int, float, bool": _called("int", "float", "bool"),
    "float32": _called("float32"),
    "int32": _called("int32"),
    "wrapping_*": _called("wrapping_add", "wrapping_sub", "wrapping_mul"),
    "float_bits, bits_float": _called("float_bits", "bits_float"),
    "as_unit": _called("as_unit"),
    "sqrt": _called("sqrt", "math.sqrt"),
    "rint floor ceil trunc": _called("rint", "floor", "ceil", "trunc", "math.floor", "math.ceil", "math.trunc"),
    "fma": _called("fma"),
    "ieee_div": _called("ieee_div"),
    "isnan, isfinite, isinf": _called("math.isnan", "math.isfinite", "math.isinf"),
}


def _calls(node: ast.AST, around: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every call of a name, and what it stands in."""
    here = around
    match node:
        case ast.For():
            here = ("a loop",)
        case ast.GeneratorExp():
            here = ("a comprehension",)
        case ast.If() | ast.IfExp():
            here = ("a choice",)
        case ast.Call(ast.Name(name)):
            yield (around[0] if around else "a function"), name
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, here)


def _locals(tree: ast.Module) -> set[str]:
    return {
        node.id
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
