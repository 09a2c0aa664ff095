"""The backends that need no simulator."""

from __future__ import annotations

SOFTWARE = ("interpreter", "c", "c_batch", "xla")
