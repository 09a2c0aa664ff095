"""The order in which C statements are written: operands first, and the statements of one lane call together."""

from __future__ import annotations

import heapq
from itertools import groupby

from dag.graphs.graph import Graph


def grouped_by_lane(graph: Graph) -> list[tuple[int, list[int]]]:
    """The operator nodes as runs of (scope, nodes). A scope may have several runs, where another needs its values between.

    Among the nodes whose operands are written, the lowest of the current scope is next; when it has none left, the lowest
    of all. So the order depends on the graph alone.
    """
    operators = set(graph.operators())
    waiting = {node: len(set(graph.args[node]) & operators) for node in operators}
    ready: dict[int, list[int]] = {}
    for node in sorted(operators):
        if waiting[node] == 0:
            ready.setdefault(graph.owners[node], []).append(node)
    users = graph.users()
    order: list[int] = []
    scope = 0
    while any(ready.values()):
        if not ready.get(scope):
            scope = min((nodes[0], owner) for owner, nodes in ready.items() if nodes)[1]
        node = heapq.heappop(ready[scope])
        order.append(node)
        for user in users[node]:
            waiting[user] -= 1
            if waiting[user] == 0:
                heapq.heappush(ready.setdefault(graph.owners[user], []), user)
    return [(owner, list(nodes)) for owner, nodes in groupby(order, key=lambda node: graph.owners[node])]
