"""Spreadsheets and CSV that stay text and numbers: nothing in them is run when they are opened."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import pandas as pd
import xlsxwriter
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from xlsxwriter.utility import xl_rowcol_to_cell

from geo.schema import Layer
from services.errors import ServiceError
from services.export.columns import SPOT_NAMES, STATUS_NAMES, Format, column_of
from services.export.facts import Facts, facts_rows
from services.i18n import Text, text, translate
from services.rules.layer_names import LAYER_NAMES

MOST_ROWS: Final = 1_048_575
"""Rows a sheet of XLSX holds below its header (ECMA-376)."""
LIVE_CHARACTERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP ASVS 5.0, 1.2.10), full-width forms too."""
_CHANGED: Final = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+|\d{1,4}([-/])\d{1,2}(\1\d{1,4})?")
"""What a spreadsheet would shorten, round or take for a day."""
_NOT_IN_XML: Final = {n: None for n in range(32) if n not in {9, 10, 13}}
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}


class TooManyRowsError(ServiceError, ValueError):
    """A table has more rows than a sheet."""

    def __init__(self, count: int) -> None:
        said = text("A sheet holds {most} rows, this has {count}: write .csv or .parquet", most=MOST_ROWS, count=count)
        super().__init__(said)


def coverage_xlsx(table: pd.DataFrame, facts: Facts, level: Layer = Layer.GRIDS) -> bytes:
    """Return a coverage table (indexed by ``code``) as XLSX in the current language, with a sheet of facts.

    Numbers are numbers, nulls are empty cells, status and cold spots are words.

    Raises
    ------
    TooManyRowsError
        If the table has more rows than a sheet.
    """
    said = table.assign(status=_say(table["status"], STATUS_NAMES), cold=_say(table["cold"], SPOT_NAMES))
    return write_xlsx({translate(LAYER_NAMES[level]): said}, facts_rows(facts))


def write_xlsx(sheets: Mapping[str, pd.DataFrame], facts: Sequence[tuple[str, str]]) -> bytes:
    """Return frames (indexed by ``code``) as the sheets of one workbook, the facts as its last sheet.

    Raises
    ------
    TooManyRowsError
        If a frame has more rows than a sheet.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        for title, frame in sheets.items():
            _write_sheet(book, title, frame.reset_index())
        _write_facts(book, facts)
    return file.getvalue()


def write_csv(frame: pd.DataFrame, *, quoting: Literal[0, 2] = csv.QUOTE_MINIMAL) -> bytes:
    """Return a frame (indexed by ``code``) as CSV: UTF-8 with BOM, RFC 4180, the column names of docs/conventions.md.

    A text that a spreadsheet could take for a formula gets a single quote in front; numbers stay numbers. With
    ``csv.QUOTE_NONNUMERIC`` every text stands in quotes, so that no tab in it parts two cells.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["=1+1"], "gap": [-2.5]}, index=pd.Index(["007"], name="code"))
    >>> write_csv(frame).decode("utf-8-sig").splitlines()[1]
    "007,'=1+1,-2.5"
    """
    plain = frame.reset_index()
    guarded = plain.assign(**{name: _guard(plain[name]) for name in plain.columns if _is_text(plain[name])})
    return guarded.to_csv(index=False, lineterminator="\r\n", float_format="%.10g", quoting=quoting).encode("utf-8-sig")


def keep_digits(frame: pd.DataFrame) -> pd.DataFrame:
    r"""Return a frame (indexed by ``code``) whose codes a spreadsheet leaves as they are when it opens them as CSV.

    Texts that it would take for a number or a day, and change, get a tab behind: it shows nothing, and imports drop it.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["3-5"]}, index=pd.Index(["4499080010010015"], name="code"))
    >>> keep_digits(frame).reset_index().loc[0].tolist()
    ['4499080010010015\t', '3-5\t']
    """
    texts = {name: frame[name].map(_with_tab) for name in frame.columns if _is_text(frame[name])}
    return frame.assign(**texts).set_axis(frame.index.map(_with_tab))


def _with_tab(cell: Any) -> Any:
    return f"{cell}\t" if isinstance(cell, str) and _CHANGED.fullmatch(cell) else cell


def guard_text(cell: str) -> str:
    """Return a text as a CSV cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guard_text("@SUM(A1)"), guard_text("雅瑶社区")
    ("'@SUM(A1)", '雅瑶社区')
    """
    return f"'{cell}" if cell.startswith(LIVE_CHARACTERS) else cell


def _guard(column: "pd.Series[Any]") -> "pd.Series[Any]":
    return column.map(lambda cell: guard_text(cell) if isinstance(cell, str) else cell).astype(object)


def _is_text(column: "pd.Series[Any]") -> bool:
    return not is_numeric_dtype(column) and not is_bool_dtype(column)


def _say(column: "pd.Series[Any]", names: Mapping[str, Text]) -> "pd.Series[Any]":
    return column.map({value: translate(name) for value, name in names.items()}).astype(object)


def _write_sheet(book: xlsxwriter.Workbook, title: str, frame: pd.DataFrame) -> None:
    if len(frame) > MOST_ROWS:
        raise TooManyRowsError(len(frame))
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, min(2, len(frame.columns)))
    sheet.set_row(0, 32)
    for k, name in enumerate(frame.columns):
        column = column_of(name)
        sheet.write_string(0, k, translate(column.header), head)
        plain = book.add_format({"num_format": column.format.value})
        quoted = book.add_format({"num_format": Format.TEXT.value, "quote_prefix": True})
        sheet.set_column(k, k, column.width, plain)
        _write_column(sheet, k, frame[name], (plain, quoted))
    if len(frame):
        sheet.ignore_errors({"number_stored_as_text": f"A2:{xl_rowcol_to_cell(len(frame), len(frame.columns) - 1)}"})
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _write_column(sheet: Any, k: int, values: "pd.Series[Any]", formats: tuple[Any, Any]) -> None:
    plain, quoted = formats
    known = values.notna().to_numpy()
    cells = list(values.astype(object))
    if is_bool_dtype(values):
        cells = [translate("yes") if cell is True else translate("no") for cell in cells]
    for row, cell in enumerate(cells, start=1):
        if not known[row - 1] or cell == "":
            continue
        if isinstance(cell, str):
            sheet.write_string(row, k, _printable(cell), quoted if cell.startswith(LIVE_CHARACTERS) else plain)
        else:
            sheet.write_number(row, k, cell, plain)


def _write_facts(book: xlsxwriter.Workbook, facts: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(translate("Notes"))
    label = book.add_format({"bold": True, "valign": "top"})
    value = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 64)
    for row, (name, said) in enumerate(facts):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, _printable(said), value)


def _printable(cell: str) -> str:
    """Return a text without the control characters XML does not have, cut to what a cell holds."""
    return cell.translate(_NOT_IN_XML)[:32_767]
