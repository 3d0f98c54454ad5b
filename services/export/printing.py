"""A sheet of a workbook as it stands on paper, and how wide its columns are."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from services.export.columns import NumberFormat
from services.i18n import translate

A4: Final = 9
"""Number of the size of paper (ECMA-376, ST_PaperSize)."""
ROW_POINTS: Final = 16.5
"""Height of a line: one of Chinese characters of 11 points fits in."""
HIGHEST_POINTS: Final = 409.0
"""Height of a row at most (what spreadsheets take)."""
WIDEST: Final = 36.0
"""Characters that a column of texts gets at most; longer texts go on below."""
PAGE_CHARACTERS: Final = 180.0
"""Characters beside each other on a page across that are still some 8 points high."""
_NARROWED: Final = 16
"""Characters that a column of texts keeps: the code of an estate is not broken."""
_NARROWEST: Final = 6.0
_PADDING: Final = 1.4
_HEADER_LINES: Final = 3
_MARGIN_INCHES: Final = {"left": 0.4, "right": 0.4, "top": 0.75, "bottom": 0.6}
_WIDE: Final = frozenset("WFA")
"""Classes of characters that take the room of two (Unicode, annex 11); of those that may, most do in Chinese fonts."""
_DIGITS: Final = {
    NumberFormat.COUNT: "{:,.0f}",
    NumberFormat.PERSONS: "{:,.1f}",
    NumberFormat.SHARE: "{:.1%}",
    NumberFormat.AREA: "{:.3f}",
    NumberFormat.DEGREES: "{:.6f}",
}


@dataclass(frozen=True, slots=True)
class PageWords:
    """What stands at the edges of every printed page; all but the mark may be empty."""

    mark: str
    """Classification, at the top left."""
    maker: str = ""
    """Who made it and when, at the top right."""
    area: str = ""
    """For which area it is, before the title of the sheet."""
    about: str = ""
    """Of which hours it tells, at the foot."""


def set_up_page(sheet: Any, words: PageWords, head_rows: int = 1) -> None:
    """Set a sheet (XlsxWriter) on A4 across, as wide as the page, with its head, the mark and its number on each page.

    Parameters
    ----------
    sheet
        A worksheet.
    words
        What stands at its edges.
    head_rows
        How many rows at the top stand on every page.
    """
    sheet.set_default_row(ROW_POINTS)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(**_MARGIN_INCHES)
    sheet.hide_gridlines(0)
    if head_rows:
        sheet.repeat_rows(0, head_rows - 1)
    title = f"{_plain(words.area)} · &A" if words.area else "&A"
    sheet.set_header(f"&L{_plain(words.mark)}&C{title}&R{_plain(words.maker)}")
    about = f"&L{_plain(words.about)}" if words.about else ""
    sheet.set_footer(f"{about}&C" + translate("Page {page} of {pages}", page="&P", pages="&N"))


def display_width(words: str) -> int:
    """Return how many narrow characters a text is wide.

    Examples
    --------
    >>> display_width("雅瑶A1")
    6
    """
    return sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in words)


def column_width(header: str, values: "pd.Series[Any]", number_format: NumberFormat) -> float:
    """Return the width of a column in characters: of its longest value or its header in three lines, within bounds."""
    wide = max(_header_width(header), _content_width(values, number_format))
    return min(max(wide, _NARROWEST), WIDEST) + _PADDING


def fit_widths(widths: Sequence[float], can_wrap: Sequence[bool]) -> list[float]:
    """Return widths of columns that fit on a page across and can be read there, as far as texts can be narrowed.

    The widest of those that can wrap are narrowed first, all to the same width.

    Examples
    --------
    >>> fit_widths([37.4, 7.4, 120.0, 37.4], [True, False, False, True])
    [36.4, 7.4, 120.0, 36.4]
    """
    for limit in range(int(WIDEST), _NARROWED - 1, -1):
        fit = [min(w, limit + _PADDING) if wraps else w for w, wraps in zip(widths, can_wrap, strict=True)]
        if sum(fit) <= PAGE_CHARACTERS:
            break
    return fit


def lines_needed(words: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width (characters) that breaks it anywhere.

    Examples
    --------
    >>> lines_needed("每千人在职党员", 6.4)
    3
    """
    room = max(width - _PADDING / 2, 1.0)
    if 2 * len(words) <= room:
        return words.count("\n") + 1
    return sum(max(1, math.ceil(display_width(line) / room)) for line in words.splitlines() or [""])


def format_of(values: "pd.Series[Any]", number_format: NumberFormat) -> NumberFormat:
    """Return the format of a column: what is stated for it, but numbers are never shown as texts."""
    if number_format is not NumberFormat.TEXT or is_bool_dtype(values) or not is_numeric_dtype(values):
        return number_format
    return NumberFormat.COUNT if is_integer_dtype(values) else NumberFormat.GENERAL


def _header_width(header: str) -> float:
    longest_word = max((display_width(word) for word in header.split() if word.isascii()), default=0)
    return float(max(longest_word, -(-display_width(header) // _HEADER_LINES)))


def _content_width(values: "pd.Series[Any]", number_format: NumberFormat) -> float:
    known = values.dropna()
    if known.empty or is_bool_dtype(values):
        return 0.0
    if is_numeric_dtype(values):
        pattern = _DIGITS.get(number_format, "{:.10g}")
        return float(max(len(pattern.format(known.min())), len(pattern.format(known.max()))))
    texts = pd.Series(known.astype(str).unique())
    return float(texts.map(_longest_line).max())


def _longest_line(words: str) -> int:
    return max(map(display_width, words.splitlines() or [""]))


def _plain(words: str) -> str:
    """Return a text as it is read in a header, where ``&`` begins a code."""
    return words.replace("&", "&&")
