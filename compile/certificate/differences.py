"""How two JSON values differ, place by place: what to inspect in a refused certificate."""

from __future__ import annotations

import json
from typing import Any

#: How much of a value is shown.
SHOWN = 90


def differences(claimed: Any, found: Any, path: str = "") -> list[str]:
    """A line for every place at which `claimed` is not `found`: `tested.rows: the certificate says 1, it is 2`."""
    if isinstance(claimed, dict) and isinstance(found, dict):
        lines: list[str] = []
        for name in sorted({*claimed, *found}):
            place = f"{path}.{name}" if path else str(name)
            if name not in found:
                lines.append(f"{place}: nothing of the kind is claimed, the certificate says {_shown(claimed[name])}")
            elif name not in claimed:
                lines.append(f"{place}: is missing, it should say {_shown(found[name])}")
            else:
                lines += differences(claimed[name], found[name], place)
        return lines
    if isinstance(claimed, list) and isinstance(found, list) and len(claimed) == len(found):
        return [
            line
            for k, pair in enumerate(zip(claimed, found, strict=True))
            for line in differences(*pair, f"{path}[{k}]")
        ]
    if type(claimed) is type(found) and claimed == found:
        return []
    return [f"{path}: the certificate says {_shown(claimed)}, found {_shown(found)}"]


def _shown(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
