"""The page itself: one file that holds everything, opens from disk, and asks no network for anything."""

from __future__ import annotations

import json
import re
from html import escape
from importlib.resources import files
from typing import Any

from dagc.debugging.drawing.picture import of_lanes
from dagc.debugging.drawing.svg import svg_text
from dagc.page.contents import Subject, contents


def page(subject: Subject) -> str:
    """The HTML of a run. Raises what `contents` raises."""
    return filled(
        {
            "TITLE": escape(subject.graph.name),
            "STYLE": _static("page.css"),
            "UPLOT_STYLE": _static("uPlot.min.css"),
            "PICTURE": svg_text(of_lanes(subject.graph), with_values=True),
            "CONTENTS": embedded(contents(subject)),
            "UPLOT": _static("uPlot.iife.min.js"),
            "SCRIPT": _static("page.js"),
        }
    )


def filled(parts: dict[str, str]) -> str:
    """The template with its parts, each put in once: what stands in a part is not looked at again."""
    return re.sub(r"@([A-Z_]+)@", lambda found: parts[found[1]], _static("page.html"))


def embedded(value: Any) -> str:
    """JSON that can stand inside a script element: nothing in it ends the element or begins a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _static(name: str) -> str:
    return (files("dagc.page") / "static" / name).read_text(encoding="utf-8")
