"""The language of conditions, `leverage > 5 and posture == STALKER`, as a tree.

    expr  = and {"or" and}
    and   = not {"and" not}
    not   = "not" not | cmp
    cmp   = sum {("<"|"<="|">"|">="|"=="|"!=") sum}        a < b < c is a < b and b < c
    sum   = term {("+"|"-") term}
    term  = unary {("*"|"/") unary}
    unary = "-" unary | lag
    lag   = atom ["@" "-" INT]                             the value so many bars before; never ahead
    atom  = NUMBER ["[" UNIT "]"] | "True" | "False" | name | call | "(" expr ")"
    call  = FUNCTION "(" expr {"," expr} ")"

It is not Python's: there `a * x @ -1` is `(a * x) @ -1`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What may be called, with the number of arguments.
FUNCTIONS = {"abs": 1, "min": 2, "max": 2, "changed": 1, "first": 1, "known": 1, "isnan": 1, "crosses": 2, "word": 1}
COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf\b|nan\b)"
    r"|(?P<unit>\[[^\]\d][^\]]*\])"
    r"|(?P<name>(?:(?:input|output|param|state|variable|node):)?[^\W\d]\w*(?:\.\w+|\[\w+\])*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/@<>(),]))"
)


class SearchProblem(ValueError):
    """The condition cannot be read, or does not fit the graph; the message shows the place."""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, with its unit where one was written."""

    value: float | int | bool
    unit: str | None
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A port, a state, a variable, or a member of an Enum."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function of FUNCTIONS over expressions."""

    function: str
    args: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Lag:
    """The value `bars` bars before."""

    inner: Expression
    bars: int
    at: int


Expression = Number | Name | Call | Lag


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Expression:
    """The tree of a condition. Raises SearchProblem."""
    parser = _Parser(text)
    found = parser.alternatives()
    parser.end()
    return found


def refuse(text: str, at: int, what: str) -> SearchProblem:
    """The problem, with the condition and a caret under the place."""
    return SearchProblem(f"{what}\n  {text}\n  {' ' * at}^")


class _Parser:
    def __init__(self, text: str) -> None:
        self._text, self._next = text, 0
        self._tokens = self._read()

    def _read(self) -> list[_Token]:
        tokens, at = list[_Token](), 0
        while at < len(self._text.rstrip()):
            found = _TOKEN.match(self._text, at)
            if found is None:
                start = at + len(self._text[at:]) - len(self._text[at:].lstrip())
                raise refuse(self._text, start, f"`{self._text[start]}` has no meaning here")
            kind = found.lastgroup or ""
            tokens.append(_Token(kind, found[kind], found.start(kind)))
            at = found.end()
        return [*tokens, _Token("end", "", len(self._text.rstrip()))]

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self, *texts: str) -> _Token | None:
        token = self._token
        if token.text not in texts or token.kind == "end":
            return None
        self._next += 1
        return token

    def _need(self, text: str) -> _Token:
        token = self._take(text)
        if token is None:
            raise refuse(self._text, self._token.at, f"expected `{text}`, got {self._shown()}")
        return token

    def _shown(self) -> str:
        return f"`{self._token.text}`" if self._token.text else "the end"

    def end(self) -> None:
        """Nothing may follow."""
        if self._token.kind != "end":
            raise refuse(self._text, self._token.at, f"expected an operator or the end, got {self._shown()}")

    def alternatives(self) -> Expression:
        """`or`."""
        left = self._both()
        while token := self._take("or"):
            left = Call("or", (left, self._both()), token.at)
        return left

    def _both(self) -> Expression:
        left = self._negated()
        while token := self._take("and"):
            left = Call("and", (left, self._negated()), token.at)
        return left

    def _negated(self) -> Expression:
        if token := self._take("not"):
            return Call("not", (self._negated(),), token.at)
        return self._compared()

    def _compared(self) -> Expression:
        left = self._sum()
        found: Expression | None = None
        while token := self._take(*COMPARISONS):
            right = self._sum()
            each = Call(token.text, (left, right), token.at)
            found = each if found is None else Call("and", (found, each), token.at)
            left = right
        return left if found is None else found

    def _sum(self) -> Expression:
        left = self._term()
        while token := self._take("+", "-"):
            left = Call(token.text, (left, self._term()), token.at)
        return left

    def _term(self) -> Expression:
        left = self._unary()
        while token := self._take("*", "/"):
            left = Call(token.text, (left, self._unary()), token.at)
        return left

    def _unary(self) -> Expression:
        if token := self._take("-"):
            return Call("negative", (self._unary(),), token.at)
        return self._lagged()

    def _lagged(self) -> Expression:
        inner = self._atom()
        token = self._take("@")
        if token is None:
            return inner
        self._need("-")
        count = self._token
        if count.kind != "number" or not count.text.isdecimal():
            raise refuse(self._text, count.at, f"expected a whole number of bars, as in x @ -1; got {self._shown()}")
        self._next += 1
        return Lag(inner, int(count.text), token.at)

    def _atom(self) -> Expression:
        token = self._token
        if self._take("("):
            inner = self.alternatives()
            self._need(")")
            return inner
        if token.kind == "number":
            self._next += 1
            unit = self._token if self._token.kind == "unit" else None
            self._next += unit is not None
            whole = token.text.isdecimal()
            value = int(token.text) if whole else float(token.text)
            return Number(value, None if unit is None else unit.text[1:-1].strip(), token.at)
        if token.kind == "name" and token.text not in ("and", "or", "not"):
            self._next += 1
            if token.text in ("True", "False"):
                return Number(token.text == "True", None, token.at)
            return self._call(token) if self._token.text == "(" else Name(token.text, token.at)
        raise refuse(self._text, token.at, f"expected a value, got {self._shown()}")

    def _call(self, name: _Token) -> Expression:
        if name.text not in FUNCTIONS:
            raise refuse(
                self._text, name.at, f"there is no function `{name.text}`; there are {', '.join(sorted(FUNCTIONS))}"
            )
        self._need("(")
        args = [self.alternatives()]
        while self._take(","):
            args.append(self.alternatives())
        self._need(")")
        if len(args) != FUNCTIONS[name.text]:
            raise refuse(self._text, name.at, f"`{name.text}` takes {FUNCTIONS[name.text]}, got {len(args)}")
        return Call(name.text, tuple(args), name.at)
