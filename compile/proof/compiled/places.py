"""Which elements of arrays a compiled program reads."""

from __future__ import annotations

from collections.abc import Mapping

from compile.proof.compiled.text import Computation


def kept_places(body: Computation, parameter: str) -> set[int]:
    """The places of what the loop only hands on."""
    kept: set[int] = set()
    root = body.instructions[body.root]
    for place, name in enumerate(root.operands):
        each = body.instructions[name]
        while each.opcode == "copy":
            each = body.instructions[each.operands[0]]
        if each.opcode == "get-tuple-element" and each.operands == (parameter,) and each.said["index"] == str(place):
            kept.add(place)
    return kept


def is_of_a_table(said: Mapping[str, str]) -> bool:
    """Whether a gather takes, of a table that all rows share, the element at the place that each row says."""
    wanted = {
        "offset_dims": "{1}", "collapsed_slice_dims": "{}", "start_index_map": "{0}", "index_vector_dim": "1",
        "slice_sizes": "{1}",
    }  # fmt: skip
    return {name: value for name, value in said.items() if name != "op_name"} == wanted


def is_own_element(said: Mapping[str, str]) -> bool:
    """Whether a gather takes of each row the element at the place that its index says."""
    wanted = {
        "offset_dims": "{1,2}", "collapsed_slice_dims": "{}", "start_index_map": "{0,1}", "index_vector_dim": "1",
        "slice_sizes": "{1,1}",
    }  # fmt: skip
    return {name: value for name, value in said.items() if name != "op_name"} == wanted
