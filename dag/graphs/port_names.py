"""Which of a lane's arguments stand in the names of its ports. Naming only: whoever knows a lane's annotations may ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dag.language.shapes import RecordShape, Shape, leaves


def led_by_argument(shapes: Mapping[str, Shape]) -> set[str]:
    """The arguments whose ports have the argument's name in front: values and tuples; all `@params` objects where there
    are several; and a dataclass that would have a port of another one's name without it.
    """
    records = {name: shape for name, shape in shapes.items() if isinstance(shape, RecordShape)}
    tunable = {name for name, shape in records.items() if shape.tunable}
    led = {*(shapes.keys() - records.keys()), *(tunable if len(tunable) > 1 else ())}
    while True:
        paths = {
            name: [path for path, _ in leaves(shape, name if name in led else "")] for name, shape in shapes.items()
        }
        wanted = Counter(path for each in paths.values() for path in each)
        clashing = {name for name in records.keys() - led if any(wanted[path] > 1 for path in paths[name])}
        if not clashing:
            return led
        led |= clashing
