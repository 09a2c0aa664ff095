"""Which clamps lie upstream of a value: the `min` and `max`, in any spelling, whose results it was computed from.

What a clamp cut off is lost for everything after it, at this bar and, through a state, at all later ones. A bound that
only keeps a divisor away from zero (`x / max(depth, floor)`) cuts nothing off the quotient's numerator and does not count; the
insides of a function without taps are its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from compile.analysis.flow import forward
from compile.analysis.forms import scaled
from compile.analysis.normal_form import normal_forms
from compile.analysis.values import extremum_of, is_given, value_of
from dag.graphs.graph import Graph
from dag.operators.op import Family
from dag.values.types import Kind

_NUMBERS = (Kind.F64, Kind.F32, Kind.I64, Kind.I32)


def clamps_upstream(graph: Graph) -> tuple[frozenset[int], ...]:
    """For each node the clamps that its value went through, itself included."""
    nothing: frozenset[int] = frozenset()

    def lineage(node: int, operands: Sequence[frozenset[int]]) -> frozenset[int]:
        if graph.types[node].element.kind not in _NUMBERS:
            return nothing
        if graph.family(node) is Family.CHOICE:
            operands = operands[1:]
        elif graph.family(node) is Family.QUOTIENT:
            divisor = value_of(graph, graph.args[node][1])
            if is_clamp(graph, divisor):
                operands = (operands[0], operands[1] - {divisor})
        own = frozenset({node}) if is_clamp(graph, node) and not graph.total[node] else nothing
        return own.union(*operands)

    return tuple(forward(graph, nothing, lineage))


def is_clamp(graph: Graph, node: int) -> bool:
    """Whether `node` is the smaller or the larger of two values that are not both known beforehand."""
    if value_of(graph, node) != node:
        return False  # the clamp is what it passes on
    extremum = extremum_of(graph, node)
    if extremum is not None:
        return not all(is_given(graph, each) for each in extremum.operands)
    return graph.family(node) in _LINEAR and not graph.types[node].is_array and _is_piecewise(graph, node)


#: What a clamp that is written with `abs` ends in.
_LINEAR = (Family.SUM, Family.DIFFERENCE, Family.PRODUCT, Family.QUOTIENT, Family.FUSED)


def _is_piecewise(graph: Graph, node: int) -> bool:
    """Whether `node` is one value or another, as differences with `abs`, `min` or `max` say: `(x + abs(x)) / 2` is x or zero."""
    forms = normal_forms(graph)
    pieces = [(each, forms.node_of(each, node)) for each in forms.pieces(forms.inside(node))]
    values = {form: at for form, at in pieces if form.is_constant or at is not None}
    return (
        len(values) > 1
        and {scaled(form, -1) for form in values} != set(values)
        and not all(form.is_constant or (at is not None and is_given(graph, at)) for form, at in values.items())
    )
