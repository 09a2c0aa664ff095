"""What folds over arrays, and a rotated array, are on XLA: loops over the places of a row, by the operators' meaning.

`count` elements from place `first` on, going on at the begin after the end: the loop goes over all places of the array, from
`first` modulo the length, and takes an element while fewer than `count` were seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compile.proof.stablehlo.operator_expansions import ONE_ELEMENT
from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64, TensorTerms
from compile.proof.stablehlo.term_builder import Builder

#: The partial sums of numpy's pairwise summation.
PARTS = 8


@dataclass(frozen=True, slots=True)
class _Places:
    """A loop over the places of an array: what it is given, and what its step sees."""

    s: Builder
    array: str
    length: int

    def carried(self, place: int, sort: str) -> int:
        return self.s.terms.leaf("carried", place, sort)

    @property
    def seen(self) -> int:
        """How many elements were seen before this one."""
        return self.carried(0, I64)

    @property
    def element(self) -> int:
        terms = self.s.terms
        index = terms.make("reshape", self.carried(1, I64), sort="i64[1]", attribute=())
        sort = self.array.split("[")[0]
        return terms.make("gather", self.s.param(0, self.array), index, sort=sort, attribute=ONE_ELEMENT)

    @property
    def span(self) -> int:
        """How many elements count."""
        return self.s.i("clamp", self.s.word(0), self.s.param(2, I64), self.s.word(self.length))

    def looped(self, first: list[int], following: list[int]) -> int:
        """The first value carried beside place and number, after the loop."""
        s, length = self.s, self.s.word(self.length)
        signed = s.i("irem", s.param(1, I64), length)
        start = s.select(s.b("icmp LT", signed, s.word(0)), s.i("iadd", signed, length), signed)
        further = s.i("iadd", self.carried(1, I64), s.word(1))
        after = s.select(s.b("icmp EQ", further, length), s.word(0), further)
        up = s.i("iadd", self.seen, s.word(1))
        goes_on = s.b("icmp LT", self.seen, length)
        return s.terms.loop([s.word(0), start, *first], goes_on, [up, after, *following], 2)


def fold_expansions(terms: TensorTerms, array: str) -> dict[int, str]:
    """Term of a function's summary -> the fold of arrays of the sort `array` that it is, or `rotate`."""
    element, _, length = array.removesuffix("]").partition("[")
    at = _Places(Builder(terms), array, int(length))
    found = {_rotated(at): "rotate"}
    if element == F64:
        found |= {_folded(at, F64, step): name for name, step in _STEPS.items()}
        found[_numpy(at, lambda s, a, b: s.f("fadd", a, b))] = "fold_numpy"
        found[_numpy(at, lambda s, a, b: s.rounded(s.f("fadd", a, b)))] = "fold_numpy_f32"
    elif element == I64:
        found |= {_folded(at, I64, step): name for name, step in _INTEGER_STEPS.items()}
    return found


_STEPS: dict[str, Callable[[Builder, int, int], int]] = {
    "fold_add": lambda s, so_far, x: s.f("fadd", so_far, x),
    "fold_add_f32": lambda s, so_far, x: s.rounded(s.f("fadd", so_far, x)),
    "fold_min": lambda s, so_far, x: s.select(s.b("fcmp LT", x, so_far), x, so_far),
    "fold_max": lambda s, so_far, x: s.select(s.b("fcmp GT", x, so_far), x, so_far),
}
_INTEGER_STEPS: dict[str, Callable[[Builder, int, int], int]] = {
    "fold_iadd": lambda s, so_far, x: s.i("iadd", so_far, x),
    "fold_imin": lambda s, so_far, x: s.i("imin", so_far, x),
    "fold_imax": lambda s, so_far, x: s.i("imax", so_far, x),
}


def _folded(at: _Places, sort: str, step: Callable[[Builder, int, int], int]) -> int:
    so_far = at.carried(2, sort)
    with_it = step(at.s, so_far, at.element)
    becomes = at.s.select(at.s.b("icmp LT", at.seen, at.span), with_it, so_far)
    return at.looped([at.s.param(3, sort)], [becomes])


def _numpy(at: _Places, plus: Callable[[Builder, int, int], int]) -> int:
    """Whole blocks of eight into eight sums, joined in pairs at the last of them; then what is left over, one by one."""
    s, x, seen = at.s, at.element, at.seen
    eight = s.word(PARTS)
    whole = s.i("isub", at.span, s.i("irem", at.span, eight))
    phase = s.i("irem", seen, eight)
    is_first, in_block = s.b("icmp LT", seen, eight), s.b("icmp LT", seen, whole)
    parts: list[int] = []
    for number in range(PARTS):
        part = at.carried(3 + number, F64)
        takes = s.b("and", s.b("icmp EQ", phase, s.word(number)), in_block)
        parts.append(s.select(takes, s.select(is_first, x, plus(s, part, x)), part))
    pairs = [plus(s, parts[k], parts[k + 1]) for k in range(0, PARTS, 2)]
    joined = plus(s, plus(s, pairs[0], pairs[1]), plus(s, pairs[2], pairs[3]))
    so_far = at.carried(2, F64)
    is_last = s.b("icmp EQ", s.i("iadd", seen, s.word(1)), whole)
    with_blocks = s.select(is_last, joined, so_far)
    is_left = s.b("and", s.b("icmp GE", seen, whole), s.b("icmp LT", seen, at.span))
    becomes = s.select(is_left, plus(s, with_blocks, x), with_blocks)
    nought = s.float_of(s.word(0))
    return plus(s, s.param(3, F64), at.looped([nought] * (1 + PARTS), [becomes, *parts]))


#: How a concatenation says that it is of the elements of a row.
SIDE_BY_SIDE = (("dimension", "1 : i64"),)


def part_of(terms: TensorTerms, array: int, element: str, begin: int, end: int, length: int) -> int:
    """The elements of `array`, of `length` of them, from place `begin` to before `end`: padding by less than nothing."""
    said = (
        ("edge_padding_high", f"array<i64: 0, {end - length}>"),
        ("edge_padding_low", f"array<i64: 0, {-begin}>"),
        ("interior_padding", "array<i64: 0, 0>"),
    )
    return terms.make("pad", array, terms.constant(0, element), sort=f"{element}[{end - begin}]", attribute=said)


def _rotated(at: _Places) -> int:
    """The words from the second on, and the first behind them."""
    terms, length = at.s.terms, at.length
    element = at.array.split("[")[0]
    word = BOOL if element == BOOL else I64
    whole = at.s.param(0, at.array)
    words = terms.make("bits", whole, sort=f"{I64}[{length}]") if element == F64 else whole
    rest, head = part_of(terms, words, word, 1, length, length), part_of(terms, words, word, 0, 1, length)
    rotated = terms.make("concatenate", rest, head, sort=f"{word}[{length}]", attribute=SIDE_BY_SIDE)
    return terms.make("float_of", rotated, sort=at.array) if element == F64 else rotated
