"""The pictures of docs/concepts.md that are of no graph, drawn as graphs are: `python -m tools.concept_pictures` writes them."""

from __future__ import annotations

from pathlib import Path

from dagc.debugging.drawing.picture import Box, Picture
from dagc.debugging.drawing.svg import svg_text

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"


def chain(name: str, *boxes: tuple[str, str]) -> Picture:
    """Boxes one below the other, each a title and what is said of it."""
    made = tuple(Box(title, detail, title) for title, detail in boxes)
    return Picture(name, made, tuple((k, k + 1, "") for k in range(len(made) - 1)), ())


STAGES = chain(
    "stages",
    ("build", "constants, pinned parameters"),
    ("bind", "what parameters alone decide"),
    ("bar", "what inputs alone decide"),
    ("row", "carried values, and what inputs and parameters decide together"),
)
TARGETS = ("interpreter.py", "kernel.stablehlo", "kernel.c", "rtl/NAME.v")
PROOF = Picture(
    "proof",
    (
        Box("your function", "called on numbers", "yours", is_port=True),
        Box("graph", "traced from it", "graph"),
        *(Box(target, "emitted, read back, proved", target) for target in TARGETS),
        Box("kernel.so", "compiled, compiled again, compared", "kernel.so"),
        Box("campaign", "every value of every lane, in all of them, as words", "campaign", is_port=True),
    ),
    (
        (0, 1, ""), *((1, 2 + k, "") for k in range(4)), (4, 6, ""), (2, 7, ""), (3, 7, ""), (5, 7, ""), (6, 7, ""), (0, 7, ""),
    ),
    (),
)  # fmt: skip
UNIVERSE = Picture(
    "universe",
    (
        Box("domains", "of inputs and parameters", "domains", is_port=True),
        Box("corners", "ends, neighbours of ends", "corners"),
        Box("thresholds", "where a comparison turns", "thresholds"),
        Box("special values", "zeros, subnormals, NaN", "special"),
        Box("ordinary values", "at random, from a seed", "random"),
        Box("rows", "in histories, state carried over them", "rows"),
        Box("rejected rows", "outputs are the safe values, status says which port", "rejected"),
        Box("compared", "every word, in every backend", "compared", is_port=True),
    ),
    (
        (0, 1, ""),
        (0, 2, ""),
        (0, 3, ""),
        (0, 4, ""),
        (1, 5, ""),
        (2, 5, ""),
        (3, 5, ""),
        (4, 5, ""),
        (5, 6, ""),
        (6, 7, ""),
        (5, 7, ""),
    ),
    (),
)
PICTURES = {"stages": STAGES, "proof": PROOF, "universe": UNIVERSE}

if __name__ == "__main__":
    for file, picture in PICTURES.items():
        (FOLDER / f"{file}.svg").write_text(svg_text(picture), encoding="utf-8")
