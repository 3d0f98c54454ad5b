"""What slides, paper and pictures share: colours, signs, how wide a text is."""

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from services.briefing.model import Table, TableColumn, Tone

INK: Final = "#1b2430"
FAINT: Final = "#56606e"
NAVY: Final = "#17375e"
RED: Final = "#b3261e"
GREEN: Final = "#1f6f43"
PALE: Final = "#f1f4f8"
LINE: Final = "#c9d1db"
PAPER: Final = "#ffffff"
TONE_COLOURS: Final = {Tone.PLAIN: NAVY, Tone.GOOD: GREEN, Tone.BAD: RED}
TONE_SIGNS: Final = {Tone.PLAIN: "", Tone.GOOD: "√ ", Tone.BAD: "！"}
"""Signs of GB 2312, which every Chinese font has."""
SERIES_COLOURS: Final = ("#17375e", "#5b9bd5", "#9fb3c8", "#8064a2")
"""Need is dark, supply blue, as on the cards; warm colours are kept for what is missing."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_WIDE: Final = frozenset("WFA")
_NARROW: Final = frozenset(" .,:;!'|()[]-/fijltr")
_NARROWEST: Final = 2.5
_CELL_MARGINS: Final = 1.6
"""Both in em."""
_SLACK: Final = 1.06
"""Kept back for fonts wider than the one the widths are reckoned for, and for breaks at words."""


def clean(words: str) -> str:
    r"""Return a text without control characters, which no office file may hold; line breaks stay.

    Examples
    --------
    >>> clean("a\x0bb\x00")
    'a b '
    """
    return _CONTROL.sub(" ", words.replace("\r\n", "\n"))


def one_line(words: str) -> str:
    """Return a cleaned text on one line."""
    return " ".join(clean(words).split())


def width_em(words: str) -> float:
    """Return about how wide a text is, in heights of its font: 1 for a Chinese character, about half for others.

    Examples
    --------
    >>> round(width_em("缺143人"), 2)
    3.68
    """
    return sum(_mark_width(mark) for mark in words)


def _mark_width(mark: str) -> float:
    if unicodedata.east_asian_width(mark) in _WIDE:
        return 1.0
    if mark in _NARROW:
        return 0.32
    return 0.7 if mark.isupper() else 0.56


def count_lines(words: str, width: float) -> int:
    """Return how many lines a text takes in a box of ``width`` em."""
    return sum(max(1, math.ceil(width_em(part) * _SLACK / width)) for part in words.split("\n"))


def shorten_to(words: str, em: float) -> str:
    """Return a text of at most ``em``, its end replaced by “…” where it is longer."""
    if width_em(words) <= em:
        return words
    kept, width = "", 1.0
    for mark in words:
        width += width_em(mark)
        if width > em:
            break
        kept += mark
    return kept + "…"


def column_widths(table: Table, em: float, margins: float = _CELL_MARGINS) -> list[float]:
    """Return the width of each column, together ``em``: every column its widest cell, if need be the widest ones less.

    ``margins`` are those left and right of a text together, in em.

    Examples
    --------
    >>> column_widths(Table((TableColumn("a"), TableColumn("b")), (("一二三四五六", "一二三四五六七八"),)), 32)
    [14.0, 18.0]
    """
    natural = [
        max(_NARROWEST, *(width_em(cell) * _SLACK for cell in cells)) + margins
        for cells in zip([one_line(column.name) for column in table.columns], *table.rows, strict=True)
    ]
    capped = [min(width, _cap(natural, em)) for width in natural]
    return [width / sum(capped) * em for width in capped]


def _cap(natural: Sequence[float], em: float) -> float:
    """Return the width at which columns are cut so that together they take ``em`` at most."""
    room = em
    for k, width in enumerate(sorted(natural)):
        cap = room / (len(natural) - k)
        if width > cap:
            return cap
        room -= width
    return max(natural, default=0.0)


def clean_table(table: Table) -> Table:
    """Return a table with every text on one line; a short row is filled up, a long one cut."""
    columns = tuple(TableColumn(one_line(column.name), column.is_number) for column in table.columns)
    return Table(columns, tuple(_fit_row(row, len(columns)) for row in table.rows), table.left_out)


def _fit_row(row: Sequence[str], count: int) -> tuple[str, ...]:
    cells = [one_line(cell) for cell in row[:count]]
    return (*cells, *([""] * (count - len(cells))))
