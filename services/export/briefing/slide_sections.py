"""The slides of one section: what says most first, the table after it, the title on each."""

from dataclasses import dataclass
from typing import Any, Final

from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide

from services.briefing import source_line
from services.briefing.model import Briefing, Chart, Section, Table
from services.export.briefing.charts import known_values
from services.export.briefing.content import left_out_text
from services.export.briefing.maps import describe_map, map_png
from services.export.briefing.slide_charts import add_chart
from services.export.briefing.slide_parts import (
    EDGE,
    FOOT_TOP,
    SMALLEST_BODY,
    WIDTH,
    Box,
    Ink,
    add_card,
    add_comment,
    add_foot,
    add_paragraph,
    add_picture,
    add_text,
    put_title,
    put_title_again,
    top_again,
)
from services.export.briefing.slide_tables import add_table, best_size, split_rows, table_height
from services.export.briefing.theme import FAINT, NAVY, RED, clean, clean_table, count_lines, one_line, shorten_to
from services.i18n import translate

TITLE_ONLY: Final = 5
"""The layout of python-pptx's template that has a title and nothing else."""
_WIDE: Final = WIDTH - 2 * EDGE
_BOTTOM: Final = FOOT_TOP - 0.14
_GAP: Final = 0.15
_IN_ROW: Final = 5
_CARD_HEIGHT: Final = 1.32
_TALL_CARD: Final = 1.8
_PANEL: Final = 4.25
"""Width of the column of figures beside a map."""
_MAP_DOTS_PER_INCH: Final = 220
_LEAST_BODY: Final = 2.6
"""A chart or table with less room than this gets a slide of its own."""
_MORE: Final = 0.34
"""Room for the line that says how many rows are left out."""


@dataclass(frozen=True, slots=True)
class _Space:
    """The free part of a slide: from top to bottom, in inches, as wide as the slide."""

    slide: Slide
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def below(self, top: float) -> "_Space":
        return _Space(self.slide, top, self.bottom)


def add_section(deck: Any, briefing: Briefing, section: Section) -> None:
    """Add the slides of a section to a presentation, texts in the current language."""
    space = _open_first(deck, briefing, section)
    table = None if section.table is None or not section.table.columns else clean_table(section.table)
    has_chart = section.chart is not None and bool(known_values(section.chart))
    free: _Space | None = space
    if section.map is not None and len(section.map.zones):
        table = _add_map(space, section, table, may_hold_table=not has_chart)
        free = None
    else:
        free = _add_cards(space, section, is_alone=not has_chart and table is None)
    if section.chart is not None and has_chart:
        if free is None or free.height < _LEAST_BODY:
            free = _open_again(deck, briefing, section)
        _put_chart(free, section.chart, section.title)
        free = None
    if table is not None:
        _add_tables(deck, briefing, section, table, free)


def _open_first(deck: Any, briefing: Briefing, section: Section) -> _Space:
    """Add the slide with the whole title, the lead and the comment."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    top, bottom = put_title(slide, section.title, NAVY), _BOTTOM
    add_foot(slide, source_line(briefing), briefing.mark)
    lead, width = clean(section.lead).strip(), _WIDE - 0.25
    if lead:
        is_all = not section.figures and section.table is None and section.chart is None and section.map is None
        sizes, most = ((24.0, 20.0, 16.0), 8) if is_all else ((18.0, 16.0), 2)
        size = next((size for size in sizes if count_lines(lead, width * 72 / size) <= most), SMALLEST_BODY)
        top = add_paragraph(slide, Box(EDGE + 0.25, top, width, 0), lead, Ink(size, FAINT)) + _GAP
    if section.comment.strip():
        bottom = add_comment(slide, section.comment, translate("Comment"), bottom)
    return _Space(slide, top, bottom)


def _open_again(deck: Any, briefing: Briefing, section: Section) -> _Space:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    top = put_title_again(slide, section.title, translate(" (continued)"), NAVY)
    add_foot(slide, source_line(briefing), briefing.mark)
    return _Space(slide, top, _BOTTOM)


def _add_map(space: _Space, section: Section, table: Table | None, *, may_hold_table: bool) -> Table | None:
    """Add the map, beside it the figures and a short table; return the table if it did not fit."""
    if section.map is None:
        return table
    left, top = WIDTH - EDGE - _PANEL, space.top
    rows = -(-len(section.figures) // 2)
    room = space.height - rows * (_CARD_HEIGHT + _GAP)
    is_held = may_hold_table and table is not None and bool(table.rows) and not table.left_out
    is_held = is_held and table is not None and table_height(table, _PANEL) <= room
    has_panel = bool(section.figures) or is_held
    width = _WIDE - (_PANEL + 0.2 if has_panel else 0)
    picture = map_png(section.map, width, space.height, _MAP_DOTS_PER_INCH)
    add_picture(space.slide, Box(EDGE, top, width, space.height), picture, describe_map(section.map))
    if section.figures:
        height = min(_CARD_HEIGHT if is_held else _TALL_CARD, space.height / rows - _GAP)
        top = _put_cards(space.slide, section, Box(left, top, _PANEL, height), columns=2)
    if is_held and table is not None:
        add_table(space.slide, Box(left, top, _PANEL, room), table, one_line(section.title), SMALLEST_BODY)
        return None
    return table


def _add_cards(space: _Space, section: Section, *, is_alone: bool) -> _Space:
    """Add the figures in rows over the whole width; return what is left of the slide."""
    count = len(section.figures)
    if not count:
        return space
    columns = next((columns for columns in (count, -(-count // 2)) if columns <= _IN_ROW), _IN_ROW)
    rows = -(-count // columns)
    height = min(space.height / rows - _GAP, _TALL_CARD if is_alone else _CARD_HEIGHT)
    return space.below(_put_cards(space.slide, section, Box(EDGE, space.top, _WIDE, height), columns=columns))


def _put_cards(slide: Slide, section: Section, first_row: Box, *, columns: int) -> float:
    """Put the figures in rows below each other, the first of them in that box; return where they end."""
    width = (first_row.width - _GAP * (columns - 1)) / columns
    for k, figure in enumerate(section.figures):
        row, column = divmod(k, columns)
        left, top = first_row.left + column * (width + _GAP), first_row.top + row * (first_row.height + _GAP)
        add_card(slide, Box(left, top, width, first_row.height), figure)
    return first_row.top + -(-len(section.figures) // columns) * (first_row.height + _GAP)


def _put_chart(space: _Space, chart: Chart, said: str) -> None:
    """Add a chart under the line that says its unit and where things tip."""
    top = space.top
    unit = translate("Unit: {unit}", unit=one_line(chart.unit)) if chart.unit else ""
    mark = f"● {one_line(chart.marked_text)}" if chart.marked is not None and chart.marked_text else ""
    if unit or mark:
        em = _WIDE * 72 / 16 * 0.7
        box = Box(EDGE, top, _WIDE * 0.28, 0.32)
        add_text(space.slide, box, shorten_to(unit, em / 3), Ink(SMALLEST_BODY, FAINT))
        box = Box(EDGE + _WIDE * 0.28, top, _WIDE * 0.72, 0.32)
        add_text(space.slide, box, shorten_to(mark, em), Ink(16, RED, bold=True, align=PP_ALIGN.RIGHT))
        top += 0.34
    add_chart(space.slide, Box(EDGE, top, _WIDE, space.bottom - top), chart, said)


def _add_tables(
    deck: Any,
    briefing: Briefing,
    section: Section,
    table: Table,
    free: _Space | None,
) -> None:
    """Add a table over as many slides as it needs, the first rows on the slide that has room left."""
    if not table.rows:
        space = free or _open_again(deck, briefing, section)
        add_paragraph(space.slide, Box(EDGE, space.top, _WIDE, 0), translate("Nothing to list"), Ink(18, FAINT))
        return
    more = _MORE if table.left_out else 0.0
    other = _BOTTOM - top_again(section.title, translate(" (continued)")) - more
    needed = table_height(table, _WIDE)
    if free is not None and needed > free.height - more and (free.height < _LEAST_BODY or needed <= other):
        free = None
    space = free or _open_again(deck, briefing, section)
    parts = split_rows(table, _WIDE, (space.height - more, other))
    size = best_size(table, _WIDE, space.height - more) if len(parts) == 1 else SMALLEST_BODY
    at = space.top
    for k, (start, end) in enumerate(parts):
        if k:
            space = _open_again(deck, briefing, section)
        part = Table(table.columns, table.rows[start:end])
        box = Box(EDGE, space.top, _WIDE, space.height)
        at = add_table(space.slide, box, part, one_line(section.title), size)
    if table.left_out:
        ink = Ink(SMALLEST_BODY, FAINT)
        add_text(space.slide, Box(EDGE, at + 0.05, _WIDE, 0.28), left_out_text(table.left_out), ink)
