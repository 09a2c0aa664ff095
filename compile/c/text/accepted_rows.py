"""The functions of `batch.c` for rows that are not rejected: a part for each stage, and the loop over whole vectors.

A part takes what it reads by value, hands on what is read behind it through pointers, and returns the mask of the lanes whose
ports, as far as it knows them, are inside their domains. The loop stores nothing of a vector before it knows that mask.
"""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.stages import Stage
from compile.c.text.body import Body, Dialect
from compile.c.text.comments import comment
from compile.c.text.names import structs
from compile.c.text.parts import Part, in_parts
from dag.graphs.graph import Graph
from dag.values.types import Kind

_ABOUT = {
    Stage.BIND: "Known when parameters are bound: what depends on them alone.",
    Stage.BAR: "Known at a bar: what depends on inputs alone.",
    Stage.ROW: "Known in the row: the rest.",
}
_ALL_ONES = "dagc_all_i64(-1)"


def accepted_rows(graph: Graph, dialect: Dialect, columns: str) -> list[str]:
    """The lines of the parts and of `dagc_vectors`."""
    found = in_parts(graph)
    body = Body(graph, dialect, found.row)
    writer = _Writer(graph, dialect, body)
    lines: list[str] = []
    for part in found.parts:
        lines += writer.part(part)
    return [*lines, *writer.vectors(found.parts, found.sources, columns)]


class _Writer:
    """The text of one graph's parts and loop."""

    def __init__(self, graph: Graph, dialect: Dialect, body: Body) -> None:
        self._graph = graph
        self._dialect = dialect
        self._body = body

    def part(self, part: Part) -> list[str]:
        """One part: what it is for, its head, an assignment a node, what it hands on, its mask."""
        graph = self._graph
        takes = ["dagc_place dagc_at", *(self._declared(node) for node in part.takes)]
        gives = [f"{self._type(node)} *dagc_to_{graph.identifiers[node]}" for node in part.gives]
        return [
            comment(_ABOUT[part.stage]),
            f"DAGC_INLINE dagc_i64s {self._part_name(part)}({', '.join([*takes, *gives])})",
            "{",
            "    (void)dagc_at;",
            *self._body.operator_statements(part.computes),
            "",
            *(f"    *dagc_to_{graph.identifiers[node]} = {graph.identifiers[node]};" for node in part.gives),
            f"    return {' & '.join(self._check(node) for node in part.checks) or _ALL_ONES};",
            "}",
            "",
        ]

    def vectors(self, parts: tuple[Part, ...], sources: tuple[int, ...], columns: str) -> list[str]:
        """The loop over whole vectors."""
        graph = self._graph
        lines = [
            comment(
                "Whole vectors, up to instance `dagc_end`. One that holds a rejected row is left to the function above."
            ),
            f"static __attribute__((noinline)) int64_t dagc_vectors(dagc_place dagc_from, int64_t dagc_end, {columns},",
            "    int64_t *const *dagc_taps)",
            "{",
            "    (void)dagc_inputs, (void)dagc_params, (void)dagc_state, (void)dagc_outputs, (void)dagc_taps;",
        ]
        reads = list(self._reads(sources))
        lines += [before for before, _ in reads]
        lines += [f"    int64_t *const dagc_to_{k} = dagc_outputs[{k}];" for k in range(len(graph.outputs))]
        lines += [
            "    int64_t dagc_rejected = 0;",
            "    for (int64_t dagc_i = dagc_from.first; dagc_i < dagc_end; dagc_i += DAGC_LANES) {",
            "        const dagc_place dagc_at = {dagc_from.bar, dagc_i, DAGC_LANES, dagc_from.row + (dagc_i - dagc_from.first)};",
        ]
        lines += [f"    {inside}" for _, inside in reads if inside]
        for part in parts:
            lines += [f"        {self._type(node)} {graph.identifiers[node]};" for node in part.gives]
        masks: list[str] = []
        for part in parts:
            mask = f"dagc_{self._stage(part)}_ok"
            given = ["dagc_at", *(graph.identifiers[node] for node in part.takes)]
            given += [f"&{graph.identifiers[node]}" for node in part.gives]
            lines.append(f"        const dagc_i64s {mask} = {self._part_name(part)}({', '.join(given)});")
            masks.append(mask)
        lines += [
            f"        if (dagc_any_clear({' & '.join(masks) or _ALL_ONES})) {{",
            "            dagc_rejected += dagc_lanes(dagc_at, dagc_inputs, dagc_params, dagc_state, dagc_outputs, dagc_taps);",
            "            continue;",
            "        }",
        ]
        lines += [f"    {line}" for line in self._stores()]
        return [*lines, "    }", "    return dagc_rejected;", "}", ""]

    def _reads(self, sources: tuple[int, ...]) -> Iterator[tuple[str, str]]:
        """For each port and state: the line before the loop that finds its column, and the line inside that reads it."""
        graph = self._graph
        inputs, params, state, _ = structs(graph)
        needed = set(sources)
        shared = 0
        for role, members in (("inputs", inputs.members), ("params", params.members)):
            bar = "dagc_from.bar" if role == "inputs" else "0"
            for k, member in enumerate(members):
                if member.node in needed:
                    at = f"dagc_at_{member.identifier}"
                    yield f"    dagc_i64s dagc_shared_{shared};", ""
                    yield (
                        f"    const dagc_line {at} = dagc_along(&dagc_{role}[{k}], {bar}, &dagc_shared_{shared});",
                        self._read(member.node, f"dagc_take({at}, dagc_at)"),
                    )
                    shared += 1
        for k, member in enumerate(state.members):
            node = member.node
            if graph.types[node].is_array:
                if node in needed:
                    yield f"    int64_t *const {graph.identifiers[node]} = dagc_state[{k}];", ""
                continue
            words = f"dagc_load(dagc_of_{k} + dagc_at.first, DAGC_LANES)"
            inside = self._read(node, words) if node in needed else ""
            yield f"    int64_t *const dagc_of_{k} = dagc_state[{k}];", inside

    def _stores(self) -> Iterator[str]:
        graph, body = self._graph, self._body
        for k, carried in enumerate(graph.states):
            if not graph.types[carried.node].is_array:
                word = self._dialect.word(body.operand(carried.next), graph.types[carried.node])
                yield f"    dagc_store(dagc_of_{k} + dagc_at.first, {word}, DAGC_LANES);"
        yield from body.array_statements()
        for k, output in enumerate(graph.outputs):
            word = self._dialect.word(body.operand(output.node), graph.types[output.node])
            yield f"    dagc_write(dagc_to_{k}, dagc_at, {word});"

    def _check(self, node: int) -> str:
        """The mask that a check is; the status is none, but 0 where the row is accepted."""
        text = self._body.operand(node)
        return text if self._graph.types[node].kind is Kind.BOOL else f"({text} == dagc_all_i64(0))"

    def _read(self, node: int, words: str) -> str:
        type_ = self._graph.types[node]
        return f"    const {self._type(node)} {self._graph.identifiers[node]} = {self._dialect.value(words, type_)};"

    def _declared(self, node: int) -> str:
        type_ = self._graph.types[node]
        of = self._dialect.array(type_) if type_.is_array else self._type(node)
        return f"{of} {self._graph.identifiers[node]}"

    def _type(self, node: int) -> str:
        return self._dialect.types[self._graph.types[node].kind]

    def _stage(self, part: Part) -> str:
        return part.stage.name.lower()

    def _part_name(self, part: Part) -> str:
        return f"dagc_{self._stage(part)}_part"
