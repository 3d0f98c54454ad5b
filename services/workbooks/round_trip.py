"""The workbook for whoever has no account: a sheet for each zone, filled as far as we know, locked but for the rest."""

import hmac
import io
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

from services.i18n import Text, text, translate
from services.workbooks.cell_texts import printable
from services.workbooks.cells import answer_words
from services.workbooks.model import AnswerKind, FormAnswer, FormAnswers, FormZone, WorkbookField

MARK: Final = "gridmuster-form-1"
"""What stands first on the hidden sheet."""
HIDDEN_SHEET: Final = "gridmuster"
CODE_COLUMN: Final = 5
"""Of the codes of fields, from 1, with that of the zone on top; nobody sees it."""
ANSWER_COLUMN: Final = 3
LONGEST_TEXT: Final = 120
"""Characters of a text that is filled in."""
LARGEST_COUNT: Final = 100_000_000
_FIRST_ROW: Final = 5
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_HEADS: Final = (text("What is asked"), text("Unit"), text("To fill"), text("What is expected"))
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class RoundTripForm:
    """A form that goes out and comes back: what of, in which version, for when, and what is asked."""

    kind: str
    title: str
    version: int
    period: str
    fields: tuple[WorkbookField, ...]
    asked_codes: frozenset[str]
    """Codes of the fields that are to be filled; the others are filled by us."""
    due: str = ""
    """Until when, in words."""

    @property
    def asked_fields(self) -> list[WorkbookField]:
        """The fields that are to be filled, in their order."""
        return [each for each in self.fields if each.code in self.asked_codes]


@dataclass(frozen=True, slots=True)
class OutstandingZone:
    """A zone whose form is not filled, and the codes of the fields that lack."""

    zone: FormZone
    field_codes: tuple[str, ...]


def make_round_trip(form: RoundTripForm, zones: Collection[FormZone], answers: FormAnswers, key: bytes) -> bytes:
    """Return the workbook of some zones as XLSX, by their codes.

    Parameters
    ----------
    form
        What is asked.
    zones
        Who gets it.
    answers
        What is there already; it stands in the cells, and is remembered on the hidden sheet.
    key
        Signs what is remembered (HMAC-SHA256), so that it is known again.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        formats = _formats(book)
        lines = [_line({"kind": form.kind, "version": form.version, "period": form.period})]
        titles: set[str] = set()
        for zone in sorted(zones, key=lambda each: each.code):
            title = _sheet_title(zone, titles)
            said = {each.code: answers.get(zone.code, {}).get(each.code) for each in form.fields}
            _write_zone(book.add_worksheet(title), formats, form, zone, said)
            lines.append(_line({"code": zone.code, "name": zone.name, "answers": said}))
        _write_hidden(book.add_worksheet(HIDDEN_SHEET), lines, key)
    return file.getvalue()


def sign(lines: Collection[str], key: bytes) -> str:
    """Return the checksum of the lines of a hidden sheet, in hexadecimal digits."""
    return hmac.new(key, "\n".join((MARK, *lines)).encode(), "sha256").hexdigest()


def outstanding(form: RoundTripForm, zones: Collection[FormZone], answers: FormAnswers) -> list[OutstandingZone]:
    """Return the zones, by code, whose form lacks something that is asked."""
    lacks = [
        OutstandingZone(
            zone, tuple(e.code for e in form.asked_fields if answers.get(zone.code, {}).get(e.code) is None)
        )
        for zone in sorted(zones, key=lambda each: each.code)
    ]
    return [lack for lack in lacks if lack.field_codes]


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sheet_title(zone: FormZone, titles: set[str]) -> str:
    """Return a title that no other sheet has, whatever the case of its letters."""
    bare = _NOT_IN_TITLES.sub(" ", zone.name).strip()[:31] or zone.code
    title = bare if bare.casefold() not in {*titles, HIDDEN_SHEET} else f"{bare[: 30 - len(zone.code)]} {zone.code}"
    titles.add(title.casefold())
    return title


def _formats(book: Any) -> dict[str, Any]:
    ruled = {"border": 1, "valign": "vcenter", "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({**ruled, "bold": True, "bg_color": "#E7E6E6"}),
        "known": book.add_format({**ruled, "font_color": "#595959", "bg_color": "#F2F2F2"}),
        "asked": book.add_format({**ruled, "locked": False, "bg_color": "#FFFFE0"}),
    }


def _write_zone(sheet: Any, formats: dict[str, Any], form: RoundTripForm, zone: FormZone, said: Any) -> None:
    sheet.write_string(0, 0, printable(f"{form.title} · {zone.name}"), formats["title"])
    due = translate("Fill the yellow cells until {due}, and give the file back.", due=form.due)
    sheet.write_string(0, CODE_COLUMN - 1, zone.code)
    sheet.write_string(1, 0, printable(form.period))
    sheet.write_string(2, 0, due if form.due else translate("Fill the yellow cells, and give the file back."))
    for column, head in enumerate(_HEADS):
        sheet.write_string(_FIRST_ROW - 2, column, translate(head), formats["head"])
    for row, each in enumerate(form.fields, _FIRST_ROW - 1):
        asked = each.code in form.asked_codes
        for column, words in ((0, each.name), (1, each.unit), (3, translate(_expectation(each, form, asked=asked)))):
            sheet.write_string(row, column, printable(words), formats["known"])
        _write_answer(sheet, row, said[each.code], formats["asked" if asked else "known"])
        sheet.write_string(row, CODE_COLUMN - 1, each.code)
        if asked:
            sheet.data_validation(row, ANSWER_COLUMN - 1, row, ANSWER_COLUMN - 1, _check(each, form))
    for column, width in enumerate((28, 8, 18, 44)):
        sheet.set_column(column, column, width)
    sheet.set_column(CODE_COLUMN - 1, CODE_COLUMN - 1, None, None, {"hidden": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_answer(sheet: Any, row: int, answer: FormAnswer, form: Any) -> None:
    if answer is None:
        sheet.write_blank(row, ANSWER_COLUMN - 1, None, form)
    elif isinstance(answer, bool | str):
        sheet.write_string(row, ANSWER_COLUMN - 1, printable(answer_words(answer)), form)
    else:
        sheet.write_number(row, ANSWER_COLUMN - 1, answer, form)


def _expectation(declaration: WorkbookField, form: RoundTripForm, *, asked: bool) -> Text:
    """Return what is expected in a cell."""
    if not asked:
        return text("Filled by us; not to be changed")
    match declaration.kind:
        case AnswerKind.YES:
            return text("是 or 否")
        case AnswerKind.CHOICE:
            return text("One of {choices}", choices="、".join(declaration.choices))
        case AnswerKind.TEXT:
            return text("At most {most} characters; no names, no telephone numbers", most=LONGEST_TEXT)
    limit = next((each.name for each in form.fields if each.code == declaration.at_most), "")
    return text("A number, at most “{limit}”", limit=limit) if limit else text("A number, 0 if there is none")


def _check(declaration: WorkbookField, form: RoundTripForm) -> dict[str, Any]:
    """Return the check that the spreadsheet makes of a cell."""
    message = translate(_expectation(declaration, form, asked=True))[:255]
    words = {"error_title": translate("Not as expected"), "error_message": message, "input_message": message}
    match declaration.kind:
        case AnswerKind.YES:
            return {"validate": "list", "source": ["是", "否"], **words}
        case AnswerKind.CHOICE:
            return {"validate": "list", "source": list(declaration.choices), **words}
        case AnswerKind.TEXT:
            return {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT, **words}
    codes = [each.code for each in form.fields]
    most: int | str = LARGEST_COUNT
    if declaration.at_most in codes:
        cell = f"$C${_FIRST_ROW + codes.index(declaration.at_most)}"
        most = f'=IF({cell}="",{LARGEST_COUNT},{cell})'
    return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most, **words}


def _write_hidden(sheet: Any, lines: list[str], key: bytes) -> None:
    for row, words in enumerate((MARK, sign(lines, key), *lines)):
        sheet.write_string(row, 0, words)
    sheet.protect()
    sheet.hide()
