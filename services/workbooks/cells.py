"""What is written into cells so that a spreadsheet shows what was meant and computes nothing of it."""

from copy import copy
from datetime import date
from typing import Any, Final

from openpyxl.cell.cell import Cell
from openpyxl.styles.numbers import is_date_format

from services.workbooks.cell_texts import LIVE_CHARACTERS, printable
from services.workbooks.model import FormAnswer, Total

AT_LEAST: Final = "≥ "
_TEXT_FORMAT: Final = "@"
_GENERAL: Final = "General"
_DAY_FORMAT: Final = 'yyyy"年"m"月"d"日"'


def write_text(cell: Cell, words: str) -> None:
    """Write a text that stays one, whatever it begins with."""
    cell.value = printable(words)
    cell.data_type = "s"
    if words.startswith(LIVE_CHARACTERS):
        cell.quotePrefix = True


def write_answer(cell: Cell, answer: FormAnswer) -> None:
    """Write what a zone said: numbers as numbers, yes and no in words, nothing as an empty cell."""
    if isinstance(answer, bool | str):
        write_text(cell, answer_words(answer))
    else:
        cell.value = answer


def write_total(cell: Cell, figure: Total) -> None:
    """Write the figure of all zones; one that lacks some stays a number, and its format says so.

    In a cell that is formatted as text it is written in words.
    """
    if figure.value is None or figure.is_whole:
        write_answer(cell, figure.value)
    elif cell.number_format == _TEXT_FORMAT:
        write_text(cell, total_words(figure))
    else:
        cell.value = figure.value
        say_at_least(cell, figure)


def say_at_least(cell: Cell, figure: Total) -> None:
    """Let a cell with a number show that it lacks some of the zones, and of how many it is.

    A spreadsheet shows a number that is too wide for its column as ###: this one shrinks instead.

    Examples
    --------
    >>> from openpyxl import Workbook
    >>> cell = Workbook().active["A1"]
    >>> say_at_least(cell, Total(1204, 12, 14))
    >>> cell.number_format
    '"≥ "#,##0"（12/14）"'
    """
    form = cell.number_format.split(";")[0]
    if form in {_GENERAL, _TEXT_FORMAT}:
        form = "#,##0" if float(figure.value or 0).is_integer() else "#,##0.0#"
    cell.number_format = f'"{AT_LEAST}"{form}"{_share(figure)}"'
    alignment = copy(cell.alignment)
    alignment.shrink_to_fit, alignment.wrap_text = True, False
    cell.alignment = alignment


def write_day(cell: Cell, day: date) -> None:
    """Write a day as one, as the cell shows days; in a cell for text in words."""
    if cell.number_format == _TEXT_FORMAT:
        write_text(cell, day_words(day))
        return
    form = cell.number_format
    cell.value = day
    cell.number_format = form if is_date_format(form) else _DAY_FORMAT


def day_words(day: date) -> str:
    """Return a day as forms have it.

    Examples
    --------
    >>> day_words(date(2026, 11, 29))
    '2026年11月29日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def answer_words(answer: FormAnswer) -> str:
    """Return what a zone said, in words; Chinese, as the form is.

    Examples
    --------
    >>> [answer_words(answer) for answer in (True, 1204, 2.5, None)]
    ['是', '1,204', '2.5', '–']
    """
    if answer is None:
        return "–"
    if isinstance(answer, bool):
        return "是" if answer else "否"
    return answer if isinstance(answer, str) else f"{answer:,}"


def total_words(figure: Total) -> str:
    """Return the figure of all zones in words.

    Examples
    --------
    >>> total_words(Total(1204, 12, 14)), total_words(Total(1204, 14, 14))
    ('≥ 1,204（12/14）', '1,204')
    """
    if figure.value is None or figure.is_whole:
        return answer_words(figure.value)
    return f"{AT_LEAST}{answer_words(figure.value)}{_share(figure)}"


def plain_text(value: Any) -> str | None:
    """Return the text of a cell, be it in several looks; None where it holds something else."""
    return str(value) if isinstance(value, str | list) else None


def _share(figure: Total) -> str:
    return f"（{figure.zones}/{figure.all_zones}）"
