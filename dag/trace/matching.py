"""`match` on numbers, bools and members of an Enum: the chain of `if`s that it stands for."""

from __future__ import annotations

import ast


def as_ifs(statement: ast.Match) -> tuple[str, list[ast.stmt]] | None:
    """What the subject is called, and the statements that the cases stand for; None where a pattern takes a value apart, which
    no chain of `if`s does. What is no variable yet, `int(x)`, is called by its own text."""
    subject = ast.copy_location(ast.Name(ast.unparse(statement.subject), ast.Load()), statement.subject)
    following: list[ast.stmt] = []
    for case in reversed(statement.cases):
        built = _case(case, subject, following)
        if built is None:
            return None
        following = built
    return subject.id, following


def with_else(statement: ast.Match) -> ast.Match:
    """The same `match`, whose last case takes everything that is left."""
    last = statement.cases[-1]
    rest = ast.match_case(ast.copy_location(ast.MatchAs(), last.pattern), None, last.body)
    return ast.copy_location(ast.Match(statement.subject, [*statement.cases[:-1], rest]), statement)


def alternatives(pattern: ast.pattern) -> list[ast.pattern]:
    """The single patterns of `a | b | c`, or the pattern itself."""
    return (
        [inner for each in pattern.patterns for inner in alternatives(each)]
        if isinstance(pattern, ast.MatchOr)
        else [pattern]
    )


def _case(case: ast.match_case, subject: ast.Name, following: list[ast.stmt]) -> list[ast.stmt] | None:
    """The statements of one case, before those of the cases that follow it."""
    match case.pattern:
        case ast.MatchAs(pattern=None, name=name):
            bound = (
                []
                if name is None
                else [ast.copy_location(ast.Assign([_stored(name, case.pattern)], subject), case.pattern)]
            )
            if case.guard is None:
                return [*bound, *case.body]
            return [*bound, _if(case.guard, case.guard, case.body, following)]
        case pattern:
            test = _test(pattern, subject)
            if test is None:
                return None
            if case.guard is not None:
                test = ast.copy_location(ast.BoolOp(ast.And(), [test, case.guard]), case.guard)
            return [_if(test, pattern, case.body, following)]


def _stored(name: str, at: ast.pattern) -> ast.expr:
    return ast.copy_location(ast.Name(name, ast.Store()), at)


def _if(test: ast.expr, at: ast.AST, body: list[ast.stmt], following: list[ast.stmt]) -> ast.stmt:
    return ast.copy_location(ast.If(test, body, following), at)


def _test(pattern: ast.pattern, subject: ast.Name) -> ast.expr | None:
    """The condition under which `subject` matches; None for a pattern that is no single value."""
    match pattern:
        case ast.MatchValue(value):
            return ast.copy_location(ast.Compare(subject, [ast.Eq()], [value]), pattern)
        case ast.MatchSingleton(True):
            return ast.copy_location(subject, pattern)
        case ast.MatchSingleton(False):
            return ast.copy_location(ast.UnaryOp(ast.Not(), subject), pattern)
        case ast.MatchOr(patterns):
            tests = [_test(each, subject) for each in patterns]
            known = [each for each in tests if each is not None]
            return ast.copy_location(ast.BoolOp(ast.Or(), known), pattern) if len(known) == len(tests) else None
        case _:
            return None
