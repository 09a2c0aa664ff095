"""Carried arrays in StableHLO: a gather of one element a row, and a choice over all elements for what is put.

An index outside matches no element. What moves here are words: nothing is computed with, so nothing is rounded or flushed.
"""

from __future__ import annotations

from dag.ops import Op
from dag.types import Type

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


def name_of(op: Op, array: str) -> str:
    """What the function of `get` or `put` on arrays of this tensor type is called: `get_64xf64`."""
    return f"{op.name}_{array.removeprefix('tensor<1x').removesuffix('>')}"


def sized(text: str, array: Type, tensor: str, element: str) -> str:
    """One of the texts above for arrays of one type; `tensor` and `element` are the tensor types of it and of one element."""
    sizes = {"{A}": tensor, "{T}": element}
    sizes |= {"{AI}": f"tensor<1x{array.length}xi64>", "{AB}": f"tensor<1x{array.length}xi1>"}
    sizes |= {"{last}": str(array.size - 1)}
    sizes |= {"{nothing}": "false" if element.endswith("i1>") else "0.0" if element.endswith("f64>") else "0"}
    for short, long in sizes.items():
        text = text.replace(short, long)
    return text
