"""A text as a square that a telephone's camera reads (QR code, ISO/IEC 18004), drawn by this server alone."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import segno

QUIET: Final = 4
"""Light modules around the code; cameras need them (ISO/IEC 18004, 6.3.8)."""


@dataclass(frozen=True, slots=True)
class QrDrawing:
    """A code as an SVG shows it, one unit a module."""

    size: int
    """Width and height, the quiet zone included."""
    path: str
    """The dark modules."""


def draw_code(text: str) -> QrDrawing:
    """Return a text as a code that can still be read when a part of it is spoilt (level M or better)."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    runs = (run for y, row in enumerate(rows) for run in _runs(row, y))
    return QrDrawing(len(rows) + 2 * QUIET, "".join(runs))


def _runs(row: bytes, y: int) -> list[str]:
    """Return the dark stretches of a row as closed paths."""
    drawn, x = [], 0
    for is_dark, stretch in groupby(row):
        length = len(list(stretch))
        if is_dark:
            drawn.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
        x += length
    return drawn
