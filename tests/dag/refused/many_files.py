"""A mistake in a lane of another file is reported there, once, however often the lane is called."""

import helper_lanes

from dag import lane


@lane
def both(x: float) -> float:
    a = helper_lanes.halved(x)
    b = helper_lanes.halved(a)
    return a + b + undefined  # noqa: F821
