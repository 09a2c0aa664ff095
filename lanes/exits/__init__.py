"""When to leave a trade, the one position there is, and what a trade costs and makes."""

from lanes.exits.exit_flags import ExitFlags, Exits, exit_flags
from lanes.exits.exit_priority import Exit, ExitPriority, exit_priority
from lanes.exits.liq_guard_stop import LiqGuardStop, liq_guard_stop
from lanes.exits.position_slot import Slot, position_slot
from lanes.exits.sp_fees import SpFees, sp_fees
from lanes.exits.sp_slippage import SpSlippage, sp_slippage
from lanes.exits.trade_pnl import trade_pnl
from lanes.exits.trade_return import trade_return

__all__ = [
    "Exit",
    "ExitFlags",
    "ExitPriority",
    "Exits",
    "LiqGuardStop",
    "Slot",
    "SpFees",
    "SpSlippage",
    "exit_flags",
    "exit_priority",
    "liq_guard_stop",
    "position_slot",
    "sp_fees",
    "sp_slippage",
    "trade_pnl",
    "trade_return",
]
