"""A picture as SVG, one file that any browser shows: boxes in layers, arrows between them, a colour a lane."""

from __future__ import annotations

import colorsys
import zlib
from html import escape

from dagc.debugging.drawing.layout import laid_out
from dagc.debugging.drawing.picture import Picture

LETTER, LINE, GAP, MARGIN = 7.2, 16, 24, 24
LAYER = 84


def svg_text(picture: Picture, *, with_values: bool = False) -> str:
    """The whole file. `with_values` leaves room for a value in every box, and numbers boxes and arrows for a page that fills it."""
    layers = laid_out(picture)
    width = [max(len(box.title), len(box.detail)) * LETTER + 16 for box in picture.boxes]
    wide = max((sum(width[b] + GAP for b in layer) for layer in layers), default=0.0) + 2 * MARGIN
    half = LINE * (1.9 if with_values else 1.4)
    layer_height = LAYER + 2 * (half - LINE * 1.4)
    high = len(layers) * layer_height + 2 * MARGIN
    middle: dict[int, tuple[float, float]] = {}
    for depth, layer in enumerate(layers):
        x = (wide - sum(width[b] + GAP for b in layer) + GAP) / 2
        for box in layer:
            middle[box] = (x + width[box] / 2, MARGIN + depth * layer_height + half)
            x += width[box] + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" '
        f'viewBox="0 0 {wide:.0f} {high:.0f}" font-family="monospace" '
        f'font-size="12" role="{"group" if with_values else "img"}"><title>{escape(picture.name)}</title>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#667"/></marker></defs>',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for a, b, text in picture.arrows:
        (x0, y0), (x1, y1) = middle[a], middle[b]
        bend = (y1 - y0) / 2
        ends = f' data-from="{a}" data-to="{b}"' if with_values else ""
        parts.append(
            f'<path{ends} d="M{x0:.1f},{y0 + half:.1f} C{x0:.1f},{y0 + bend:.1f} {x1:.1f},{y1 - bend:.1f} {x1:.1f},{y1 - half:.1f}" '
            'fill="none" stroke="#667" marker-end="url(#tip)"/>'
        )
        if text:
            parts.append(f'<text x="{(x0 + x1) / 2:.1f}" y="{(y0 + y1) / 2:.1f}" fill="#667">{escape(text)}</text>')
    for a, b in picture.back:
        (x0, y0), (x1, y1) = middle[a], middle[b]
        side = max(x0 + width[a] / 2, x1 + width[b] / 2) + GAP
        parts.append(
            f'<path d="M{x0 + width[a] / 2:.1f},{y0:.1f} C{side:.1f},{y0:.1f} {side:.1f},{y1:.1f} {x1 + width[b] / 2:.1f},{y1:.1f}" '
            'fill="none" stroke="#a60" stroke-dasharray="4 3" marker-end="url(#tip)"/>'
        )
    for place, shown in enumerate(picture.boxes):
        x, y = middle[place]
        top = y - 3 - (half - LINE * 1.4)
        about = (
            f' data-box="{place}" tabindex="0" role="button" aria-label="{escape(shown.title)}"' if with_values else ""
        )
        value = f'<text class="now" x="{x:.1f}" y="{top + 31:.1f}" text-anchor="middle"></text>' if with_values else ""
        parts.append(
            f'<g{about}><title>{escape(shown.group)}</title><rect x="{x - width[place] / 2:.1f}" y="{y - half:.1f}" '
            f'width="{width[place]:.1f}" height="{2 * half:.1f}" rx="{half if shown.is_port else 3}" fill="{_colour(shown.group)}" '
            f'stroke="#445"/><text x="{x:.1f}" y="{top:.1f}" text-anchor="middle" font-weight="bold">{escape(shown.title)}</text>'
            f'<text x="{x:.1f}" y="{top + 15:.1f}" text-anchor="middle" fill="#445">{escape(shown.detail)}</text>{value}</g>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _colour(group: str) -> str:
    """The same light colour for the same lane, whatever else is drawn."""
    if not group:
        return "#f4f4f4"
    red, green, blue = colorsys.hls_to_rgb(zlib.crc32(group.encode()) % 360 / 360, 0.92, 0.6)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
