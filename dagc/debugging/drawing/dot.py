"""A picture in the language of Graphviz: `dagc graph ... --dot | dot -Tsvg`."""

from __future__ import annotations

import json

from dagc.debugging.drawing.picture import Picture


def dot_text(picture: Picture) -> str:
    """The whole `digraph`."""
    lines = [f"digraph {_quoted(picture.name)} {{", "  rankdir=TB;", '  node [shape=box, fontname="monospace"];']
    groups: dict[str, list[int]] = {}
    for place, box in enumerate(picture.boxes):
        groups.setdefault(box.group, []).append(place)
    for number, (group, places) in enumerate(groups.items()):
        is_cluster = bool(group) and len(groups) > 1
        if is_cluster:
            lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(group)};"]
        for place in places:
            box = picture.boxes[place]
            label = f"{box.title}\n{box.detail}"
            style = ", style=rounded" if box.is_port else ""
            lines.append(f"    n{place} [label={_quoted(label)}{style}];")
        lines += ["  }"] if is_cluster else []
    lines += [f"  n{a} -> n{b}{f' [label={_quoted(text)}]' if text else ''};" for a, b, text in picture.arrows]
    lines += [f"  n{a} -> n{b} [style=dashed, constraint=false];" for a, b in picture.back]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    """A string of dot, which reads `\\n` and `\\"` as JSON writes them."""
    return json.dumps(text, ensure_ascii=False)
