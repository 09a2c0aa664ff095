"""Where boxes stand: in layers by their longest way from a source, in each layer near what they read (Sugiyama and others, 1981)."""

from __future__ import annotations

import networkx as nx

from dagc.debugging.drawing.picture import Picture

#: Sweeps over the layers, down and up in turn; more change little.
SWEEPS = 8
#: Boxes side by side; a layer of more takes several rows.
WIDEST = 12


def laid_out(picture: Picture) -> list[list[int]]:
    """The boxes of each layer, from the left; results stand in the last, and a layer of more than WIDEST in several.

    So that few arrows cross, a box moves to the mean place of its neighbours in the layers before it.
    """
    arrows: nx.DiGraph[int] = nx.DiGraph()
    arrows.add_nodes_from(range(len(picture.boxes)))
    arrows.add_edges_from((a, b) for a, b, _ in picture.arrows)
    last = {box for box in arrows if picture.boxes[box].is_port and not arrows.succ[box] and arrows.pred[box]}
    layers = [sorted({*layer} - last) for layer in nx.topological_generations(arrows)]
    layers = [layer for layer in (*layers, sorted(last)) if layer]
    place = {box: float(k) for layer in layers for k, box in enumerate(layer)}
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            near = {box: [*(arrows.predecessors(box) if down else arrows.successors(box))] for box in layer}
            mean = {
                box: sum(place[other] for other in found) / len(found) if found else place[box]
                for box, found in near.items()
            }
            layer.sort(key=lambda box: (mean[box], box))
            place.update((box, float(k)) for k, box in enumerate(layer))
    return [layer[k : k + WIDEST] for layer in layers for k in range(0, len(layer), WIDEST)]
