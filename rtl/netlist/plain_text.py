"""What may stand in an emitted module: plain Verilog that every tool reads alike.

A list of what is known, not of what is forbidden. Directives are the two of the net type around the module and pairs of
`ifdef DAGC_TAPS` and `endif` inside it; comments are for people; what is left is one module in the words and constructs below.
Whatever is not listed is unreadable: tools differ in what they make of it, or it says something that no net list shows.
"""

from __future__ import annotations

import re
from typing import Any

from compile.proof.core.verdict import Unreadable
from rtl.netlist.pragmas import is_obeyed

_COMMENT = re.compile(r"//(?P<line>[^\n]*)|/\*(?P<block>.*?)\*/", re.DOTALL)
#: A comment inside a line says which number the literal before it stands for, or which member of an enumeration.
_NUMBER = re.compile(r"'h[0-9A-F]+ /\* (dagc: )?[-+.\w]+ \*/")
_DIRECTIVE = re.compile(r"`[^\n]*")

_TOKENS_TEXT = """
AlwaysKeyword And AssignKeyword At BeginKeyword CloseBrace CloseBracket CloseParenthesis Colon Comma Dot DoubleEquals
ElseKeyword EndKeyword EndModuleKeyword Equals Exclamation ExclamationEquals GreaterThan GreaterThanEquals Hash
Identifier IfKeyword InputKeyword IntegerLiteral LeftShift LessThan LessThanEquals LocalParamKeyword Minus
ModuleKeyword OpenBrace OpenBracket OpenParenthesis Or OutputKeyword Placeholder Plus PosEdgeKeyword Question
RegKeyword RightShift Semicolon Tilde TildeOr TripleRightShift WireKeyword Xor"""
_TOKENS = frozenset(_TOKENS_TEXT.split())
_CONSTRUCTS_TEXT = """
AddExpression AlwaysBlock AnsiPortList ArgumentList ArithmeticShiftRightExpression AssignmentExpression
BinaryAndExpression BinaryOrExpression BinaryXorExpression BitSelect ConcatenationExpression ConditionalExpression
ConditionalPattern ConditionalPredicate ConditionalStatement ContinuousAssign DataDeclaration Declarator ElementSelect
ElseClause EqualityExpression EqualsValueClause EventControlWithExpression ExpressionStatement
GreaterThanEqualExpression GreaterThanExpression HierarchicalInstance HierarchyInstantiation IdentifierName
IdentifierSelectName ImplicitAnsiPort ImplicitType InequalityExpression InstanceName IntegerLiteralExpression
IntegerVectorExpression InvocationExpression LessThanEqualExpression LessThanExpression LogicalShiftLeftExpression LogicalShiftRightExpression
ModuleHeader MultipleConcatenationExpression NamedParamAssignment NamedPortConnection NetDeclaration NetPortHeader
NonblockingAssignmentExpression OrderedArgument ParameterDeclaration ParameterDeclarationStatement
ParameterValueAssignment ParenthesizedEventExpression ParenthesizedExpression RangeDimensionSpecifier RegType
SequentialBlockStatement SignalEventExpression SimplePropertyExpr SimpleRangeSelect SimpleSequenceExpr
SubtractExpression SystemName TimingControlStatement UnaryBitwiseAndExpression UnaryBitwiseNorExpression
UnaryBitwiseNotExpression UnaryLogicalNotExpression UnaryMinusExpression VariableDimension"""
_CONSTRUCTS = frozenset(_CONSTRUCTS_TEXT.split())
#: Literals as they are written: decimal without a base, or of a width and a base and without a sign.
_BASES = frozenset(("'b", "'d", "'h"))
_SYSTEM_NAMES = frozenset(("$signed",))


def expect_plain(text: str, macro: str) -> None:
    """Raise Unreadable, with the line, at the first thing in `text` that tools could take in two ways; `macro` is the one
    that it may ask for.
    """
    for place, letter in enumerate(text):
        if letter != "\n" and not letter.isprintable():
            raise Unreadable(f"the character {letter!r} does not belong in a text", _line(text, place))
    _expect_directives(_without_comments(text), macro)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _without_comments(text: str) -> str:
    """`text` with spaces for its comments. Raises Unreadable where tools may obey one."""

    def checked(found: re.Match[str]) -> str:
        inside, block = found["line"], found["block"]
        if is_obeyed(inside or block or ""):
            raise Unreadable(f"a comment that tools obey: {found.group()[:60]}", _line(text, found.start()))
        if block is not None and not _NUMBER.fullmatch(text[text.rfind("'", 0, found.start()) : found.end()]):
            raise Unreadable("a comment inside a line that is no number", _line(text, found.start()))
        if inside is not None and inside.endswith("\\"):
            raise Unreadable("a comment that ends in a backslash", _line(text, found.start()))
        return " " * len(found.group())

    blank = _COMMENT.sub(checked, text)
    for place, letter in enumerate(blank):
        if letter in '"\\' or not letter.isascii():
            raise Unreadable(f"{letter} outside of a comment", _line(blank, place))
    return blank


def _expect_directives(text: str, macro: str) -> None:
    directives = list(_DIRECTIVE.finditer(text))
    said = [each.group().rstrip() for each in directives]
    inside = said[1:-1]
    expected = ["`default_nettype none", *[f"`ifdef {macro}", "`endif"] * (len(inside) // 2), "`default_nettype wire"]
    wrong = next((place for place, (a, b) in enumerate(zip(said, expected, strict=False)) if a != b), None)
    if wrong is None and len(said) != len(expected):
        wrong = len(said) - 1
    if wrong is not None or not said:
        place = directives[wrong or 0].start() if said else 0
        raise Unreadable(f"`{said[wrong or 0]}`, where only the net type and pairs of `ifdef {macro} and `endif may be"
                         if said else "a text that does not begin with `default_nettype none", _line(text, place))  # fmt: skip
    for each in directives:
        if text[: each.start()].rpartition("\n")[2].strip():
            raise Unreadable("a directive that is not alone on its line", _line(text, each.start()))
    before, after = text[: directives[0].start()], text[directives[-1].end() :]
    for outside, start in ((before, 0), (after, directives[-1].end())):
        if outside.strip():
            raise Unreadable("something outside of the directives of the net type", _line(text, start))


def expect_one_module(tree: Any, name: str, manager: Any) -> None:
    """Raise Unreadable unless a syntax tree of slang's is one module called `name`, in listed words and constructs."""
    root = tree.root
    if _kind(root) != "ModuleDeclaration":
        raise Unreadable("the file holds something else than one module")
    if root.header.name.valueText != name:
        raise Unreadable(f"the module in {name}.v is called `{root.header.name.valueText}`")
    parts: list[Any] = []
    root.visit(parts.append)
    for part in parts[1:]:
        kind = _kind(part)
        if not _is_listed(part, kind):
            place = part.location if hasattr(part, "location") else part.sourceRange.start
            raise Unreadable(f"`{kind}` does not belong in a pipeline", int(manager.getLineNumber(place)))


def _is_listed(part: Any, kind: str) -> bool:
    if not hasattr(part, "rawText"):
        return kind in _CONSTRUCTS
    match kind:
        case "IntegerBase":
            return part.rawText in _BASES
        case "SystemIdentifier":
            return part.rawText in _SYSTEM_NAMES
        case _:
            return kind in _TOKENS


def _kind(part: Any) -> str:
    return str(part.kind).rsplit(".", 1)[-1]
