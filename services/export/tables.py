"""Spreadsheets and CSV that stay text and numbers: nothing in them is run when they are opened."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
import xlsxwriter
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from xlsxwriter.utility import xl_rowcol_to_cell

from geo.schema import Layer
from services.clock import utc_of
from services.errors import ServiceError
from services.export.columns import SPOT_NAMES, STATUS_NAMES, NumberFormat, column_of
from services.export.facts import SourceLines, facts_rows, paper_mark, total_rows
from services.export.printing import (
    HIGHEST_POINTS,
    ROW_POINTS,
    PageWords,
    column_width,
    fit_widths,
    format_of,
    lines_needed,
    set_up_page,
)
from services.export.zip_dates import NO_DATE
from services.i18n import Text, text, translate
from services.rules.layer_names import LAYER_NAMES
from services.rules.need import item_columns_of
from services.rules.rounding import round_alone, round_parts, round_table
from services.workbooks.cell_texts import LIVE_CHARACTERS, printable

MOST_ROWS: Final = 1_048_575
"""Rows a sheet of XLSX holds below its header (ECMA-376)."""
_CHANGED: Final = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+|\d{1,4}([-/])\d{1,2}(\1\d{1,4})?")
"""What a spreadsheet would shorten, round or take for a day."""
_SOURCES: Final = {"supply_members": 1, "supply_in": 1, "supply_out": -1}
"""What the supply is made of: added or taken off."""
_PRINTED: Final = (
    "name", "parent_code", "status", "residents", "members", "need", "supply", "met", "gap", "surplus", "share_met",
    "ratio", "chance",
)  # fmt: skip
"""Columns of a coverage table that stand first and are printed."""
_LEFT_OUT: Final = ("chance", "cold_z", "cold_p", "cold")
"""Columns that some levels do not know: left out where nothing stands in them."""
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_TITLE: Final = 31
"""Characters that the title of a sheet may have."""
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


def coverage_xlsx(table: pd.DataFrame, facts: SourceLines, level: Layer = Layer.GRIDS) -> bytes:
    """Return a coverage table (indexed by ``code``) as XLSX in the current language, with a sheet of facts.

    Persons are rounded as everywhere (``shown_coverage``), nulls are empty cells, status and cold spots are words. What
    a page has room for stands first and is printed; the facts tell what all rows come to.

    Raises
    ------
    TooManyRowsError
        If the table has more rows than a sheet.
    """
    shown = shown_coverage(table)
    said = shown.assign(status=_say(shown["status"], STATUS_NAMES), cold=_say(shown["cold"], SPOT_NAMES))
    said = said.drop(columns=[name for name in _LEFT_OUT if said[name].isna().all()])
    first = [name for name in _PRINTED if name in said]
    return write_xlsx(
        {translate(LAYER_NAMES[level]): said[[*first, *said.columns.drop(first)]]},
        [*facts_rows(facts), *total_rows(table, level)],
        made_at=facts.made_at,
        fictitious=facts.fictitious,
        printed=1 + len(first),
    )


def shown_coverage(table: pd.DataFrame) -> pd.DataFrame:
    """Return a coverage table with its persons as they are shown, parts of need and supply adding up to the whole.

    Wider zones than grids have no columns of supply and ratio: there a surplus would hide the gap beside it.
    """
    rounded = round_table(table)
    shown = table.assign(**rounded.drop(columns="decimals"))
    is_wide = len(table) > 0 and table["ratio"].isna().all() and table["share_met"].notna().any()
    shown = shown.drop(columns=["supply", *_SOURCES, "ratio"]) if is_wide else shown
    items = dict.fromkeys(item_columns_of(table), 1)
    parts = {"need": items} if is_wide else {"need": items, "supply": _SOURCES}
    for total, columns in parts.items():
        signs = np.array(list(columns.values()))
        exact = table[list(columns)].to_numpy(dtype=np.float64) * signs
        shown[list(columns)] = round_parts(exact, rounded[total], rounded["decimals"]) * signs + 0.0
    for name in ("supply_roster", "callable", "asked"):
        shown[name] = [round_alone(float(people)) for people in table[name]]
    if not is_wide:  # where rosters hold all of a window, all members are those on duty, in the last digit too
        shown["supply_roster"] = np.where(
            table["covered"] >= 1, shown["supply_members"], np.minimum(shown["supply_roster"], shown["supply_members"])
        )
    return shown


def write_xlsx(
    sheets: Mapping[str, pd.DataFrame],
    facts: Sequence[tuple[str, str]],
    *,
    made_at: datetime | None = None,
    fictitious: bool = False,
    printed: int | None = None,
) -> bytes:
    """Return frames (indexed by ``code``) as the sheets of one workbook, the facts as its last sheet.

    Every sheet is set up for paper (``services.export.printing``).

    Parameters
    ----------
    sheets
        Frames by the title of their sheet; their columns are headed as ``COLUMNS`` says, others by their own names.
    facts
        Label and value of what is said about them.
    made_at
        Local time of what they hold, which is the date of the file; without it the file has none (``NO_DATE``), so that
        the same frames give the same bytes.
    fictitious
        Whether they are made-up data, which printed pages say.
    printed
        How many columns are printed, the code among them; without it all that are for paper.

    Raises
    ------
    TooManyRowsError
        If a frame has more rows than a sheet.
    """
    file = io.BytesIO()
    words = _page_words(dict(facts), paper_mark(fictitious=fictitious))
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"created": NO_DATE if made_at is None else utc_of(made_at)})
        for title, frame in sheets.items():
            plain = frame.reset_index()
            headers = {name: translate(column_of(name).header) for name in plain.columns}
            sheet = _write_sheet(book, title, plain, headers, printed or _printed_columns(plain))
            set_up_page(sheet, words)
        set_up_page(_write_facts(book, facts), words, head_rows=0)
    return file.getvalue()


def _page_words(facts: Mapping[str, str], mark: str) -> PageWords:
    """Return what of the facts stands on every printed page."""

    def joined(*labels: str) -> str:
        return " · ".join(facts[label] for label in labels if label in facts)

    return PageWords(
        mark,
        maker=joined(translate("Made by"), translate("Made at")),
        area=joined(translate("Covers")),
        about=joined(translate("Window"), translate("Mode")),
    )


def sheet_title(name: str, titles: Iterable[str]) -> str:
    """Return a title that a sheet may have and none of some other sheets has.

    Examples
    --------
    >>> sheet_title("云港/北", []), sheet_title("云港", ["云港"])
    ('云港 北', '云港 (2)')
    """
    wanted = _NOT_IN_TITLES.sub(" ", name).strip(" '") or "-"
    known = {title.lower() for title in titles}
    choices = (wanted[:_LONGEST_TITLE], *(f"{wanted[: _LONGEST_TITLE - 6]} ({k})" for k in range(2, 1000)))
    return next(title for title in choices if title.lower() not in known)


def write_plain_xlsx(title: str, frame: pd.DataFrame) -> bytes:
    """Return a frame (its index left out) as a workbook of one sheet whose headers are the names of its columns.

    Raises
    ------
    TooManyRowsError
        If the frame has more rows than a sheet.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"created": NO_DATE})
        headers = {name: str(name) for name in frame.columns}
        sheet = _write_sheet(book, title, frame, headers, _printed_columns(frame))
        set_up_page(sheet, PageWords(paper_mark(fictitious=False)))
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


def _write_sheet(
    book: xlsxwriter.Workbook, title: str, frame: pd.DataFrame, headers: Mapping[str, str], printed: int
) -> Any:
    if len(frame) > MOST_ROWS:
        raise TooManyRowsError(len(frame))
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, min(2, len(frame.columns)))
    lines = [1] * (len(frame) + 1)
    for k, (name, width) in enumerate(zip(frame.columns, _widths(frame, headers, printed), strict=True)):
        column, values = column_of(name), frame[name]
        sheet.write_string(0, k, headers[name], head)
        look = {
            "num_format": format_of(values, column.format).value,
            "valign": "top",
            "text_wrap": column.on_paper,
        }
        plain, quoted = book.add_format(look), book.add_format({**look, "quote_prefix": True})
        sheet.set_column(k, k, width, plain)
        _write_column(sheet, k, values, (plain, quoted))
        if column.on_paper:
            lines = [max(pair) for pair in zip(lines, _lines([headers[name], *values], width), strict=True)]
    _set_heights(sheet, lines)
    if printed < len(frame.columns):
        sheet.print_area(0, 0, len(frame), printed - 1)
    if len(frame):
        sheet.ignore_errors({"number_stored_as_text": f"A2:{xl_rowcol_to_cell(len(frame), len(frame.columns) - 1)}"})
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    return sheet


def _widths(frame: pd.DataFrame, headers: Mapping[str, str], printed: int) -> list[float]:
    """Return the widths of columns in characters: those that are printed fit on a page."""
    formats = [format_of(frame[name], column_of(name).format) for name in frame.columns]
    natural = [
        column_width(headers[name], frame[name], shape) for name, shape in zip(frame.columns, formats, strict=True)
    ]
    can_wrap = [shape is NumberFormat.TEXT for shape in formats]
    return fit_widths(natural[:printed], can_wrap[:printed]) + natural[printed:]


def _printed_columns(frame: pd.DataFrame) -> int:
    """Return how many columns stand before the first that is not for paper."""
    return sum(column_of(name).on_paper for name in frame.columns)


def _set_heights(sheet: Any, lines: Sequence[int]) -> None:
    for row, count in enumerate(lines):
        if count > 1:
            sheet.set_row(row, min(count * ROW_POINTS, HIGHEST_POINTS))


def _lines(cells: Sequence[Any], width: float) -> list[int]:
    return [lines_needed(cell, width) if isinstance(cell, str) else 1 for cell in cells]


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
            sheet.write_string(row, k, printable(cell), quoted if cell.startswith(LIVE_CHARACTERS) else plain)
        else:
            sheet.write_number(row, k, cell, plain)


def _write_facts(book: xlsxwriter.Workbook, facts: Sequence[tuple[str, str]]) -> Any:
    sheet = book.add_worksheet(translate("About the data"))
    label = book.add_format({"bold": True, "valign": "top"})
    value = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 64)
    for row, (name, said) in enumerate(facts):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, printable(said), value)
    return sheet
