"""Carried arrays in StableHLO: a gather of one element a row, and a choice over all elements for what is put.

An index outside matches no element. What moves here are words: nothing is computed with, so nothing is rounded or flushed.
"""

from __future__ import annotations

from collections.abc import Callable

from compile.xla import binary32
from dag.operators.op import Op
from dag.values.types import Type

GET = """\
%first = stablehlo.constant dense<0> : {I}
%last = stablehlo.constant dense<{last}> : {I}
%above = stablehlo.compare GE, %index, %first, SIGNED : {I?}
%below = stablehlo.compare LE, %index, %last, SIGNED : {I?}
%inside = stablehlo.and %above, %below : {B}
%clamped = stablehlo.clamp %first, %index, %last : {I}
%place = stablehlo.reshape %clamped : ({I}) -> tensor<1x1xi64>
%element = "stablehlo.gather"(%array, %place) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], \
operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 1>, \
indices_are_sorted = false, slice_sizes = array<i64: 1, 1>}> : ({A}, tensor<1x1xi64>) -> {T}
%nothing = stablehlo.constant dense<{nothing}> : {T}
%result = stablehlo.select %inside, %element, %nothing : ({B}, {T}, {T}) -> {T}"""

PUT = """\
%places = stablehlo.iota dim = 1 : {AI}
%place = stablehlo.broadcast_in_dim %index, dims = [0] : ({I}) -> {AI}
%here = stablehlo.compare EQ, %places, %place, SIGNED : ({AI}, {AI}) -> {AB}
%enabled = stablehlo.broadcast_in_dim %enable, dims = [0] : ({B}) -> {AB}
%chosen = stablehlo.and %here, %enabled : {AB}
%values = stablehlo.broadcast_in_dim %value, dims = [0] : ({T}) -> {A}
%result = stablehlo.select %chosen, %values, %array : ({AB}, {A}, {A}) -> {A}"""


#: What a loop over the elements of a row begins with: `%place` is where the row's next element lies.
_BEGIN = """\
%none = stablehlo.constant dense<0> : {I}
%one = stablehlo.constant dense<1> : {I}
%length = stablehlo.constant dense<{length}> : {I}
%nought = stablehlo.bitcast_convert %none : {I->F}
%begin = stablehlo.constant dense<0> : tensor<i64>
%next = stablehlo.constant dense<1> : tensor<i64>
%end = stablehlo.constant dense<{length}> : tensor<i64>
%signed = stablehlo.remainder %first, %length : {I}
%negative = stablehlo.compare LT, %signed, %none, SIGNED : {I?}
%around = stablehlo.add %signed, %length : {I}
%start = stablehlo.select %negative, %around, %signed : {B}, {I}
%span = stablehlo.clamp %none, %count, %length : {I}"""
_ELEMENT = """\
%where = stablehlo.reshape %place : ({I}) -> tensor<1x1xi64>
%x = "stablehlo.gather"(%array, %where) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], \
operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 1>, \
indices_are_sorted = false, slice_sizes = array<i64: 1, 1>}> : ({A}, tensor<1x1xi64>) -> {T}
%here = stablehlo.broadcast_in_dim %k, dims = [] : (tensor<i64>) -> {I}
%further = stablehlo.add %place, %one : {I}
%is_over = stablehlo.compare EQ, %further, %length, SIGNED : {I?}
%after = stablehlo.select %is_over, %none, %further : {B}, {I}
%up = stablehlo.add %k, %next : tensor<i64>"""


def _loop(results: str, starts: list[tuple[str, str, str]], body: str, following: list[str]) -> str:
    """Over all places of the array: `starts` are the carried values (name, beginning, type), `following` what they become."""
    carried = [("%k", "%begin", "tensor<i64>"), ("%place", "%start", "{I}"), *starts]
    types = ", ".join(type_ for _, _, type_ in carried)
    return f"""\
{results}:{len(carried)} = stablehlo.while({", ".join(f"{name} = {begin}" for name, begin, _ in carried)}) : {types}
cond {{
%goes_on = stablehlo.compare LT, %k, %end, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
stablehlo.return %goes_on : tensor<i1>
}} do {{
{_ELEMENT}
{body}
stablehlo.return {", ".join(["%up", "%after", *following])} : {types}
}}"""


def _fold(step: str) -> str:
    """`step` makes `%with` of `%all` and the element `%x`."""
    body = f"""\
%counts = stablehlo.compare LT, %here, %span, SIGNED : {{I?}}
{step}
%becomes = stablehlo.select %counts, %with, %all : {{B}}, {{T}}"""
    loop = _loop("%folded", [("%all", "%initial", "{T}")], body, ["%becomes"])
    return f"{_BEGIN}\n{loop}\n%result = stablehlo.optimization_barrier %folded#2 : {{T}}"


def _fold_integers(operation: str) -> str:
    """The same of integers, whose beginning has no bits to convert."""
    folded = _fold(f"%with = stablehlo.{operation} %all, %x : {{T}}")
    return folded.replace("%nought = stablehlo.bitcast_convert %none : {I->F}\n", "")


def _plus(result: str, a: str, b: str) -> str:
    return f"{result} = stablehlo.add {a}, {b} : {{T}}"


def _fold_numpy(plus: Callable[[str, str, str], str]) -> str:
    """`plus` makes its first name the sum of the two others."""
    parts = [f"%part_{j}" for j in range(8)]
    lines = ["%block = stablehlo.constant dense<8> : {I}"]
    lines.append("%left = stablehlo.remainder %span, %block : {I}")
    lines.append("%whole = stablehlo.subtract %span, %left : {I}")
    body = ["%phase = stablehlo.remainder %here, %block : {I}"]
    body.append("%is_first = stablehlo.compare LT, %here, %block, SIGNED : {I?}")
    body.append("%in_block = stablehlo.compare LT, %here, %whole, SIGNED : {I?}")
    for j, part in enumerate(parts):
        body += [
            f"%number_{j} = stablehlo.constant dense<{j}> : {{I}}",
            f"%mine_{j} = stablehlo.compare EQ, %phase, %number_{j}, SIGNED : {{I?}}",
            f"%takes_{j} = stablehlo.and %mine_{j}, %in_block : {{B}}",
            plus(f"%sum_{j}", part, "%x"),
            f"%begun_{j} = stablehlo.select %is_first, %x, %sum_{j} : {{B}}, {{T}}",
            f"%next_{j} = stablehlo.select %takes_{j}, %begun_{j}, {part} : {{B}}, {{T}}",
        ]
    pairs = [("%next_0", "%next_1"), ("%next_2", "%next_3"), ("%next_4", "%next_5"), ("%next_6", "%next_7")]
    body += [plus(f"%pair_{k}", a, b) for k, (a, b) in enumerate(pairs)]
    body += [
        plus("%half_0", "%pair_0", "%pair_1"),
        plus("%half_1", "%pair_2", "%pair_3"),
        plus("%joined", "%half_0", "%half_1"),
        "%following = stablehlo.add %here, %one : {I}",
        "%is_last = stablehlo.compare EQ, %following, %whole, SIGNED : {I?}",
        "%with_blocks = stablehlo.select %is_last, %joined, %all : {B}, {T}",
        "%beyond = stablehlo.compare GE, %here, %whole, SIGNED : {I?}",
        "%counts = stablehlo.compare LT, %here, %span, SIGNED : {I?}",
        "%is_left = stablehlo.and %beyond, %counts : {B}",
        plus("%with", "%with_blocks", "%x"),
        "%becomes = stablehlo.select %is_left, %with, %with_blocks : {B}, {T}",
    ]
    starts = [("%all", "%nought", "{T}"), *((part, "%nought", "{T}") for part in parts)]
    loop = _loop("%folded", starts, "\n".join(body), ["%becomes", *(f"%next_{j}" for j in range(8))])
    return "\n".join([_BEGIN, *lines, loop, plus("%result", "%initial", "%folded#2")])


ROTATE = """\
%words = {words}
%fill = stablehlo.constant dense<{nothing_word}> : tensor<{W}>
%rest = stablehlo.pad %words, %fill, low = [0, -1], high = [0, 0], interior = [0, 0] : ({AW}, tensor<{W}>) -> tensor<1x{others}x{W}>
%head = stablehlo.pad %words, %fill, low = [0, 0], high = [0, -{others}], interior = [0, 0] : ({AW}, tensor<{W}>) -> tensor<1x1x{W}>
%rotated = stablehlo.concatenate %rest, %head, dim = 1 : (tensor<1x{others}x{W}>, tensor<1x1x{W}>) -> {AW}
%result = {back}"""

SPREAD = """\
%result = stablehlo.broadcast_in_dim %x, dims = [0] : ({T}) -> {A}"""
INDEXES = """\
%result = stablehlo.iota dim = 1 : {AI}"""

FOLD_ADD = _fold(_plus("%with", "%all", "%x"))
FOLD_ADD_F32 = _fold(binary32.plus("%with", "%all", "%x"))
FOLD_IADD = _fold_integers("add")
FOLD_IMIN = _fold_integers("minimum")
FOLD_IMAX = _fold_integers("maximum")
FOLD_NUMPY = _fold_numpy(_plus)
FOLD_NUMPY_F32 = _fold_numpy(binary32.plus)
FOLD_MIN = _fold(
    "%is_less = stablehlo.compare LT, %x, %all, FLOAT : {F?}\n%with = stablehlo.select %is_less, %x, %all : {B}, {T}"
)
FOLD_MAX = _fold(
    "%is_more = stablehlo.compare GT, %x, %all, FLOAT : {F?}\n%with = stablehlo.select %is_more, %x, %all : {B}, {T}"
)


def name_of(op: Op, array: str) -> str:
    """What the function of `get` or `put` on arrays of this tensor type is called: `get_64xf64`."""
    return f"{op.name}_{array.removeprefix('tensor<1x').removesuffix('>')}"


def sized(text: str, array: Type, tensor: str, element: str) -> str:
    """One of the texts above for arrays of one type; `tensor` and `element` are the tensor types of it and of one element."""
    sizes = {"{A}": tensor, "{T}": element}
    sizes |= {"{AI}": f"tensor<1x{array.length}xi64>", "{AB}": f"tensor<1x{array.length}xi1>"}
    sizes |= {"{last}": str(array.size - 1), "{length}": str(array.size), "{others}": str(array.size - 1)}
    word = "i1" if element.endswith("i1>") else "i64"
    is_float = element.endswith("f64>")
    sizes |= {
        "{W}": word,
        "{nothing_word}": "false" if word == "i1" else "0",
        "{AW}": f"tensor<1x{array.length}x{word}>",
    }
    cast, same = "stablehlo.bitcast_convert {} : ({}) -> {}", "stablehlo.optimization_barrier {} : {}"
    words = f"tensor<1x{array.length}xi64>"
    sizes |= {
        "{words}": cast.format("%array", tensor, words) if is_float else same.format("%array", tensor),
        "{back}": cast.format("%rotated", words, tensor) if is_float else same.format("%rotated", tensor),
    }
    sizes |= {"{nothing}": "false" if element.endswith("i1>") else "0.0" if element.endswith("f64>") else "0"}
    for short, long in sizes.items():
        text = text.replace(short, long)
    return text
