"""Native tables on slides, split where they are long, with their heading repeated."""

from collections.abc import Sequence
from typing import Any, Final

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Inches

from services.briefing.model import Table
from services.export.briefing.slide_parts import SMALLEST_BODY, Box, Ink, rgb, write
from services.export.briefing.theme import INK, LINE, NAVY, PALE, PAPER, column_widths, count_lines

_PLAIN_TABLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's table style without lines and fills; what is seen is set on each cell."""
_MARGIN: Final = 0.09
_PADDING: Final = 0.13
_LARGEST: Final = 18.0
_ALIKE: Final = 0.9
"""A first slide with less room than this part of the others is filled before they are made even."""


def split_rows(table: Table, width: float, rooms: tuple[float, float]) -> list[tuple[int, int]]:
    """Return first row and end of each part of a table, one a slide, the last ones about as long as each other.

    ``rooms`` are the heights (inches) of the first slide and of the others. Without rows there are no parts.
    """
    heights = _row_heights(table, width, SMALLEST_BODY)
    head = _head_height(table, width, SMALLEST_BODY)
    first, other = (room - head for room in rooms)
    parts = _fill(heights, first, other)
    if len(parts) > 1:
        kept = parts[:1] if first < other * _ALIKE else []
        start = kept[0][1] if kept else 0
        even = sum(heights[start:]) / (len(parts) - len(kept)) + max(heights) / 2
        room = min(even, other if kept else first)
        better = [*kept, *((a + start, b + start) for a, b in _fill(heights[start:], room, min(even, other)))]
        parts = better if len(better) == len(parts) else parts
    return parts


def table_height(table: Table, width: float, size: float = SMALLEST_BODY) -> float:
    """Return how high a table is, in inches, with letters of ``size`` points."""
    return _head_height(table, width, size) + sum(_row_heights(table, width, size))


def best_size(table: Table, width: float, height: float) -> float:
    """Return the largest size of letters with which a table fits."""
    return next((size for size in (_LARGEST, 16.0) if table_height(table, width, size) <= height), SMALLEST_BODY)


def add_table(slide: Slide, box: Box, table: Table, words: str, size: float) -> float:
    """Add a table (texts cleaned before); return where it ends, in inches."""
    shape = slide.shapes.add_table(len(table.rows) + 1, len(table.columns), *box.emu())
    shape.name = words
    made: Any = shape.table
    made._tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN_TABLE  # noqa: SLF001 - python-pptx has no setting
    made.horz_banding = False
    for column, width in zip(made.columns, _widths(table, box.width, size), strict=True):
        column.width = Inches(width)
    heights = [_head_height(table, box.width, size), *_row_heights(table, box.width, size)]
    for row, height in zip(made.rows, heights, strict=True):
        row.height = Inches(height)
    is_number = [column.is_number for column in table.columns]
    _fill_row(made, 0, [column.name for column in table.columns], is_number, Ink(size, PAPER, bold=True), NAVY)
    for k, cells in enumerate(table.rows, start=1):
        _fill_row(made, k, cells, is_number, Ink(size, INK), PALE if k % 2 == 0 else PAPER)
    shape.height = Inches(sum(heights))
    return box.top + sum(heights)


def _fill_row(
    made: Any,
    row: int,
    cells: Sequence[str],
    is_number: Sequence[bool],
    ink: Ink,
    fill: str,
) -> None:
    for k, said in enumerate(cells):
        cell = made.cell(row, k)
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(fill)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.margin_left = cell.margin_right = Inches(_MARGIN)
        cell.margin_top = cell.margin_bottom = Inches(_PADDING / 2)
        align = PP_ALIGN.RIGHT if is_number[k] else PP_ALIGN.LEFT
        write(cell.text_frame, said, Ink(ink.size, ink.colour, ink.bold, align))
        _underline(cell)


def _underline(cell: Any) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx cannot draw borders
    line = properties.makeelement(qn("a:lnB"), {"w": "6350"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": LINE.removeprefix("#").upper()}))
    line.append(fill)
    properties.insert(0, line)


def _fill(heights: Sequence[float], first: float, other: float) -> list[tuple[int, int]]:
    parts, start, used, room = [], 0, 0.0, first
    for k, height in enumerate(heights):
        if k > start and used + height > room:
            parts.append((start, k))
            start, used, room = k, 0.0, other
        used += height
    return [*parts, (start, len(heights))] if heights else parts


def _widths(table: Table, width: float, size: float) -> list[float]:
    return [em * size / 72 for em in column_widths(table, width * 72 / size)]


def _head_height(table: Table, width: float, size: float) -> float:
    return _height([column.name for column in table.columns], _widths(table, width, size), size)


def _row_heights(table: Table, width: float, size: float) -> list[float]:
    widths = _widths(table, width, size)
    return [_height(row, widths, size) for row in table.rows]


def _height(cells: Sequence[str], widths: Sequence[float], size: float) -> float:
    lines = max(count_lines(cell, (width - 2 * _MARGIN) * 72 / size) for cell, width in zip(cells, widths, strict=True))
    return lines * size / 72 * 1.3 + _PADDING
