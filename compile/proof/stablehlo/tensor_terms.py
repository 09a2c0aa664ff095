"""What a tensor program computes, as hash-consed terms: two equal identities are one computation on all inputs.

The vocabulary is the machine's, not the graph's: roundings (`fadd`, `fmul`, ...), integer and bit operations, comparisons and
choices on words of one row. Floating-point operations mean nothing here but themselves. The axioms below change no bit
of any result, the payload of a NaN aside, which every tap canonicalises:

- `fadd`, `fmul` and the integer and boolean operations that do, commute; a > b is b < a, a >= b is b <= a;
- a pattern taken of a float made of a pattern is that pattern, and the other way round;
- not not p is p; a choice by not p has its arms exchanged; a choice of equal arms is the arm;
- x - c is x + -c of a known c;
- a != b is not a == b; of integers a <= b is not b < a, a == a holds and a < a does not;
- p and p is p, p or p is p; an `and` or `or` with 0 or all ones is 0, all ones, or the other operand;
- the remainder of an integer by 2^k is its magnitude's last k bits, with its sign;
- integers known when the program is compiled are computed with, and so is one that is known at all places of an array;
- what a loop hands on unchanged is what it began with.

There is none for reassociation, for x + 0, for x / c: those change bits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from dag.values.words import wrap_i64

F64, I64, BOOL = "f64", "i64", "i1"
#: The leaf of a table that all rows share, and the element of one.
TABLES, LOOKED_UP = "tables", "looked up"

#: Operations whose operands may be exchanged.
_COMMUTE = frozenset({"fadd", "fmul", "iadd", "imul", "and", "or", "xor", "imin", "imax", "fcmp EQ", "icmp EQ"})
_MIRRORED = {"GT": "LT", "GE": "LE"}
_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class TensorTerm:
    """One term: an operation, the terms it is of, what else it says (a constant's word, a parameter's place), its sort."""

    op: str
    args: tuple[int, ...]
    attribute: Hashable
    sort: str


@dataclass(slots=True)
class TensorTerms:
    """The terms so far. A term is an index into `rows`."""

    #: Whether an array of one element is its element, as it is to XLA: what only moves that element is then left out.
    are_ones_dropped: bool = False
    rows: list[TensorTerm] = field(default_factory=list[TensorTerm])
    _index: dict[TensorTerm, int] = field(default_factory=dict[TensorTerm, int])

    def sort(self, term: int) -> str:
        """`f64`, `i64`, `i1`, or one of these with a length, as in `f64[8]`."""
        return self.rows[term].sort

    def leaf(self, op: str, attribute: Hashable, sort: str) -> int:
        """A term of no operands: a parameter, an input, a constant that arrives at run time."""
        sort = self.held(sort)
        return self._intern(TensorTerm(op, (), attribute, sort))

    def constant(self, value: int, sort: str = I64) -> int:
        """A known integer or bool; a float by its pattern."""
        return self.leaf("constant", (wrap_i64(value) if self.held(sort) == I64 else value), sort)

    def make(self, op: str, *args: int, sort: str, attribute: Hashable = None) -> int:
        """The normal form of `op` of `args`."""
        if self.are_ones_dropped:
            sort = self.held(sort)
            moved = self._only_element(op, args, sort)
            if moved is not None:
                return moved
        match op.split(" "):
            case [("fcmp" | "icmp") as kind, direction]:
                return self._compare(kind, direction, args[0], args[1], sort)
            case ["select"]:
                return self._select(args[0], args[1], args[2], sort)
            case ["any"] if self.rows[args[0]].op == "any of blocks":  # the blocks are all there is
                return self.make("any", self.rows[args[0]].args[0], sort=sort)
            case ["not"] if self.rows[args[0]].op == "not":
                return self.rows[args[0]].args[0]
            case ["bits"] if self.rows[args[0]].op == "float_of":
                return self.rows[args[0]].args[0]
            case ["isub"] if args[0] == args[1] and "[" not in sort:
                return self.constant(0)
            case ["isub"] if (value := self._value(args[1])) is not None:
                return self.make("iadd", args[0], self.constant(-value), sort=sort)
            case ["irem"] if (value := self._value(args[1])) is not None and value > 0 and not value & (value - 1):
                return self._remainder(args[0], value, sort)
            case ["broadcast_in_dim"] if self.rows[args[0]].op == "constant":
                return self.leaf("constant", self.rows[args[0]].attribute, sort)
            case ["fsub"] if self.rows[args[1]].op == "constant":
                pattern = int(str(self.rows[args[1]].attribute))
                return self.make("fadd", args[0], self.constant(pattern ^ 1 << 63, sort), sort=sort)
            case ["bits"] if self.rows[args[0]].op == "constant":
                return self.leaf("constant", wrap_i64(int(str(self.rows[args[0]].attribute))), sort)
            case ["float_of"] if self.rows[args[0]].op == "constant":
                return self.leaf("constant", int(str(self.rows[args[0]].attribute)) & _MASK, sort)
            case ["float_of"] if self.rows[args[0]].op == "bits":
                return self.rows[args[0]].args[0]
            case _:
                known = self._known(op, args, sort)
                if known is None and op in ("and", "or"):
                    known = self._absorbed(op, args[0], args[1], sort)
                if known is not None:
                    return known
                return self._intern(TensorTerm(op, self._ordered(op, args), attribute, sort))

    def held(self, sort: str) -> str:
        """The sort as which a value is held."""
        return sort.removesuffix("[1]") if self.are_ones_dropped else sort

    def _only_element(self, op: str, args: Sequence[int], sort: str) -> int | None:
        """Of what moves the elements of an array where there is but one: that element, or its place; else None."""
        sorts = [self.sort(arg) for arg in args]
        match op:
            case "gather" if "[" not in sorts[0]:
                return args[0]
            case "iota" if "[" not in sort:
                return self.constant(0)
            case "any" | "reshape" | "broadcast_in_dim" | "pad" if sorts[0] == sort and "[" not in sort:
                return args[0]
            case "concatenate" if sorts[0].endswith("[0]"):
                return args[1]
            case _:
                return None

    def loop(self, first: Sequence[int], condition: int, body: Sequence[int], index: int) -> int:
        """Result `index` of a loop from `first`, of which one step is `body` while `condition` holds, both over `carried 0`, ..."""
        row = self.rows[body[index]]
        if row.op == "carried" and row.attribute == index:
            return first[index]
        whole = self._intern(TensorTerm("while", tuple(first), (condition, tuple(body)), ""))
        return self._intern(TensorTerm("result", (whole,), index, self.sort(first[index])))

    def show(self, term: int, depth: int = 3) -> str:
        """The term as text, to `depth` operations."""
        row = self.rows[term]
        said = "" if row.attribute is None else f" {row.attribute}"
        if not row.args:
            return f"{row.op}{said}"
        if depth == 0:
            return "..."
        return f"{row.op}{said}({', '.join(self.show(each, depth - 1) for each in row.args)})"

    def _intern(self, row: TensorTerm) -> int:
        found = self._index.get(row)
        if found is None:
            found = self._index[row] = len(self.rows)
            self.rows.append(row)
        return found

    @staticmethod
    def _ordered(op: str, args: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(args)) if op in _COMMUTE else args

    def _compare(self, kind: str, direction: str, a: int, b: int, sort: str) -> int:
        if direction in _MIRRORED:
            return self._compare(kind, _MIRRORED[direction], b, a, sort)
        if direction == "NE":
            return self.make("not", self._compare(kind, "EQ", a, b, sort), sort=sort)
        if direction == "LE" and kind == "icmp":
            return self.make("not", self._compare(kind, "LT", b, a, sort), sort=sort)
        op = f"{kind} {direction}"
        x, y = self._value(a), self._value(b)
        if kind == "icmp" and x is not None and y is not None:
            return self.constant(int(x < y if direction == "LT" else x == y), BOOL)
        if kind == "icmp" and a == b and "[" not in self.sort(a):
            return self.constant(int(direction == "EQ"), BOOL)
        return self._intern(TensorTerm(op, self._ordered(op, (a, b)), None, sort))

    def _select(self, condition: int, a: int, b: int, sort: str) -> int:
        if a == b:
            return a
        row = self.rows[condition]
        if row.op == "constant":
            return a if row.attribute else b
        if row.op == "not":
            return self._select(row.args[0], b, a, sort)
        return self._intern(TensorTerm("select", (condition, a, b), None, sort))

    def _remainder(self, x: int, modulus: int, sort: str) -> int:
        """x rem 2^k, rounded towards zero, as XLA writes it."""
        is_negative = self._compare("icmp", "LT", x, self.constant(0), BOOL)
        size = self._select(is_negative, self.make("ineg", x, sort=sort), x, sort)
        rest = self.make("and", size, self.constant(modulus - 1), sort=sort)
        return self._select(is_negative, self.make("ineg", rest, sort=sort), rest, sort)

    def _absorbed(self, op: str, a: int, b: int, sort: str) -> int | None:
        """`a and a`, and what 0 or all ones make of an `and` or an `or`."""
        if a == b:
            return a
        everything = 1 if sort == BOOL else -1
        for x, other in ((a, b), (b, a)):
            match self._value(x), op:
                case (0, "or") | (1, "and") if sort == BOOL or op == "or":
                    return other
                case (0, "and"):
                    return x
                case (value, "or") if value == everything:
                    return x
                case (value, "and") if value == everything:
                    return other
                case _:
                    pass
        return None

    def _value(self, term: int) -> int | None:
        row = self.rows[term]
        return row.attribute if row.op == "constant" and row.sort in (I64, BOOL) else None  # type: ignore[return-value]

    def _known(self, op: str, args: Sequence[int], sort: str) -> int | None:
        """The result where all operands are known integers."""
        compute = _INTEGERS.get(op)
        if compute is None or sort not in (I64, BOOL):
            return None
        values = [self._value(arg) for arg in args]
        if not all(isinstance(value, int) for value in values):
            return None
        result = compute(*values)
        return self.constant(result & 1 if sort == BOOL else result, sort)


_INTEGERS: dict[str, Callable[..., int]] = {
    "iadd": lambda a, b: a + b,
    "isub": lambda a, b: a - b,
    "imul": lambda a, b: a * b,
    "ineg": lambda a: -a,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "not": lambda a: ~a,
    "imin": min,
    "imax": max,
    "shl": lambda a, n: a << n if 0 <= n < 64 else 0,
    "srl": lambda a, n: (a & _MASK) >> n if 0 <= n < 64 else 0,
    "sra": lambda a, n: a >> (n if 0 <= n < 64 else 63),
    "b2i": lambda a: a,
}


def digest(terms: TensorTerms, term: int) -> str:
    """A name for what `term` computes that is the same in every process, whatever was built before it."""
    known: dict[int, bytes] = {}
    stack = [term]
    while stack:
        here = stack[-1]
        row = terms.rows[here]
        waiting = [arg for arg in row.args if arg not in known]
        if waiting:
            stack += waiting
            continue
        stack.pop()
        parts = [known[arg] for arg in row.args]
        if row.op in _COMMUTE:
            parts.sort()
        known[here] = hashlib.sha256(b"|".join([repr((row.op, row.attribute, row.sort)).encode(), *parts])).digest()
    return known[term].hex()


def smallest_difference(terms: TensorTerms, a: int, b: int) -> tuple[int, int]:
    """The first operands in which two different terms differ, as long as they are the same operation of as many."""
    while True:
        first, second = terms.rows[a], terms.rows[b]
        if first.op != second.op or len(first.args) != len(second.args) or first.attribute != second.attribute:
            return a, b
        only_a = [arg for arg in first.args if arg not in second.args] if first.op in _COMMUTE else list(first.args)
        only_b = [arg for arg in second.args if arg not in first.args] if first.op in _COMMUTE else list(second.args)
        pairs = [
            (x, y) for x in only_a for y in only_b if first.op in _COMMUTE and terms.rows[x].op == terms.rows[y].op
        ]
        pairs = pairs or [(x, y) for x, y in zip(only_a, only_b, strict=False) if x != y]
        if not pairs:
            return a, b
        a, b = pairs[0]
