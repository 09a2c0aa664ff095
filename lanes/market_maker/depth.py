"""The top of a book."""

from __future__ import annotations

from typing import TypeAlias

from lanes.units import Price, Size

#: How many levels a side is looked at.
LEVELS = 5
#: The size at each level, best first; a level that is missing is 0.
Sizes: TypeAlias = tuple[Size, Size, Size, Size, Size]
#: The price of each level.
Prices: TypeAlias = tuple[Price, Price, Price, Price, Price]
