"""Random draws as lanes: each a function of a key and a counter that says which draw it is, so no draw depends on another.

The counter has the number of the draw, the bar, the serial of who draws, and a purpose; see `lanes.draws.counter`.
"""

from lanes.draws.counter import (
    ARM,
    BIRTH,
    BOOTSTRAP,
    EXPLOIT,
    EXPLORE,
    MULTIPLIER,
    THOMPSON,
    Bar,
    Number,
    Purpose,
    Serial,
    block_of,
)
from lanes.draws.gamma import beta_draw, log_gamma_draw
from lanes.draws.gaussian import gaussian_draw
from lanes.draws.uniform import index_below, index_draw, open_unit, uniform_draw

__all__ = [
    "ARM", "BIRTH", "BOOTSTRAP", "EXPLOIT", "EXPLORE", "MULTIPLIER", "THOMPSON", "Bar", "Number", "Purpose", "Serial",
    "beta_draw", "block_of", "gaussian_draw", "index_below", "index_draw", "log_gamma_draw", "open_unit", "uniform_draw",
]  # fmt: skip
