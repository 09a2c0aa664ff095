"""Whether the kill switch lets anything be quoted."""

from __future__ import annotations

from typing import Annotated

from dag import gate, lane
from lanes.enums import KillReason


@lane
def quoting_gate(killed: KillReason) -> Annotated[bool, gate("hard")]:
    """Yes while there is no reason to stop: every order asks this gate.

    Inputs   killed: what `kill_switch` says
    Source   the market maker's redesign
    """
    return killed == KillReason.NONE
