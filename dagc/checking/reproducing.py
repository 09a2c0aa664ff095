"""What a reproducer runs: one Python file that holds a graph, a row and what a backend said, and needs only dagc."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from compile.backend import Files
from compile.backends import backend, checked, records
from compile.campaign.findings.reproducer import from_json
from compile.campaign.run.histories import columns_from_json
from compile.check.compare import Divergence, comparable_nodes, compare, explain_divergence
from compile.interpreter.record import REFERENCE
from dag.graphs.json_form import graph_from_json

HEADER = '''"""{title}

Run me:  python {name}
I need dagc and nothing else. I exit with 1 while the difference is there, with 0 when it is gone.

{page}
"""

from dagc.checking.reproducing import run_alone

'''


def packed(data: bytes) -> str:
    """Bytes as text that a Python file can hold."""
    return base64.b85encode(zlib.compress(data, 9)).decode()


def unpacked(text: str) -> bytes:
    """The inverse of `packed`."""
    return zlib.decompress(base64.b85decode(text))


def python_file(name: str, title: str, page: str, document: Mapping[str, Any]) -> str:
    """The text of a reproducer called `name`."""
    described = page.replace("\\", "\\\\").replace('"""', "'''")
    entries = [f"    {key!r}: {_literal(value)},\n" for key, value in document.items()]
    head = HEADER.format(title=title, name=name, page=described)
    return f'{head}REPRODUCER = {{\n{"".join(entries)}}}\n\nif __name__ == "__main__":\n    raise SystemExit(run_alone(REPRODUCER))\n'


def _literal(value: object) -> str:
    if isinstance(value, str) and len(value) > 100:
        return "(\n" + "".join(f"        {value[k : k + 100]!r}\n" for k in range(0, len(value), 100)) + "    )"
    if isinstance(value, dict) and value:
        inner = "".join(f"        {key!r}: {_literal(each)},\n" for key, each in value.items())
        return f"{{\n{inner}    }}"
    return repr(value)


def run_alone(document: Mapping[str, Any]) -> int:
    """Run the reproducer: its row through the interpreter and the backend that was wrong. 0 where they agree today."""
    if "small" in document:
        return _run_small(document)
    graph = graph_from_json(unpacked(document["graph"]))
    batch = columns_from_json(graph, document["rows"])
    files: Files | None = {name: unpacked(text) for name, text in document["files"].items()} or None
    nodes = comparable_nodes(graph)
    from dagc.building.running import loaded_runners

    name = document["backend"]
    owner = next((record.name for record in records() if record.library and name in record.library.paces), name)
    if owner not in checked():
        return _recorded(document)
    runners, missing = loaded_runners(graph, [REFERENCE], None)
    others, lacking = loaded_runners(graph, [owner], files)
    missing |= lacking
    if name not in others:
        print(f"{name} cannot run here: {', '.join(f'{m.tool} is missing, {m.fix}' for m in missing.values())}")
        return _recorded(document)
    comparison = compare(graph, runners[REFERENCE].run(batch, nodes), others[name].run(batch, nodes), name, nodes)
    if comparison.first is None:
        print(f"{name} agrees with the {REFERENCE} today: {comparison.words} words compared")
        return 1 if comparison.differences else 0
    print(explain_divergence(comparison.first))
    return 1


def _run_small(document: Mapping[str, Any]) -> int:
    reproducer = from_json(json.dumps(document["small"]))
    backends = {name: backend(name) for name in dict.fromkeys((REFERENCE, reproducer.backend))}
    found = reproducer.replay({name: each for name, each in backends.items() if each.missing() is None})
    for finding in found:
        print(finding.explained())
    if not found:
        print(f"{reproducer.backend} agrees with the {REFERENCE} today")
    return 1 if found else 0


def _recorded(document: Mapping[str, Any]) -> int:
    """A backend that this dagc does not have: what it said is compared with the interpreter of today."""
    from dagc.building.running import loaded_runners

    graph = graph_from_json(unpacked(document["graph"]))
    found = Divergence.from_json(document["divergence"])
    batch = columns_from_json(graph, document["rows"])
    node = graph.node(found.node.name)
    from dag.values.words import words_of_column

    runners, _ = loaded_runners(graph, [REFERENCE], None)
    column = runners[REFERENCE].run(batch, [node]).nodes[node]
    word = int(words_of_column(column, graph.types[node])[found.bar, 0])
    said = found.node.words[found.backend]
    print(explain_divergence(found))
    print(f"  today the {REFERENCE} says 0x{word:016x}, {found.backend} said 0x{said:016x}")
    return 0 if word == said else 1
