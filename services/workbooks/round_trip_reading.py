"""The workbook that came back: what agrees is merged, what both sides changed is shown, what is foreign is named."""

import hmac
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.i18n import Text, text
from services.imports.errors import ImportFileError, library_errors_explained
from services.workbooks.cells import answer_words
from services.workbooks.files import check_workbook_file
from services.workbooks.model import AnswerKind, FormAnswer, FormAnswers, FormZone, WorkbookField
from services.workbooks.repetition import cells_of
from services.workbooks.round_trip import (
    ANSWER_COLUMN,
    CODE_COLUMN,
    HIDDEN_SHEET,
    LONGEST_TEXT,
    MARK,
    OutstandingZone,
    RoundTripForm,
    outstanding,
    sign,
)

_YES_WORDS: Final = {"是": True, "有": True, "√": True, "y": True, "yes": True, "true": True}
_NO_WORDS: Final = {"否": False, "无": False, "×": False, "没有": False, "n": False, "no": False, "false": False}
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class RoundTripCells:
    """What stands in a workbook that came back; nothing of it is believed yet."""

    lines: tuple[str, ...]
    """Of the hidden sheet."""
    signature: str
    cells: Mapping[str, Mapping[str, FormAnswer]]
    """Code of a zone to code of a field to what stands in its cell, by the codes that the sheets themselves say."""


@dataclass(frozen=True, slots=True)
class AnswerConflict:
    """A cell that both sides changed, or that was not theirs to change."""

    zone: FormZone
    field_code: str
    sent: FormAnswer
    ours: FormAnswer
    theirs: FormAnswer


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """A cell with something that the field cannot hold."""

    zone: FormZone
    field_code: str
    words: str
    reason: Text


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """What came of a workbook that was taken back."""

    changes: FormAnswers
    """What they filled in and nobody here changed meanwhile: to be written."""
    conflicts: tuple[AnswerConflict, ...]
    faults: tuple[AnswerFault, ...]
    outstanding: tuple[OutstandingZone, ...]
    """Of the zones in the workbook, those that still lack something once the changes are written."""


def read_round_trip(name: str, data: bytes) -> RoundTripCells:
    """Return what stands in a workbook that came back.

    Raises
    ------
    ImportFileError
        If it cannot be opened, or is none that went out from here.
    """
    check_workbook_file(name, data)
    with library_errors_explained():
        book = load_workbook(io.BytesIO(data), data_only=True)
    lines = [str(cell.value) for cell in cells_of(book[HIDDEN_SHEET])] if HIDDEN_SHEET in book.sheetnames else []
    if len(lines) < 3 or lines[0] != MARK:
        raise ImportFileError(_no_form(name))
    sheets = [sheet for sheet in book.worksheets if sheet.title != HIDDEN_SHEET]
    zones = {str(sheet.cell(1, CODE_COLUMN).value): dict(_cells(sheet)) for sheet in sheets}
    return RoundTripCells(tuple(lines[2:]), lines[1], zones)


def _no_form(name: str) -> Text:
    return text(
        "{name} is not a form that was sent out from here, or its hidden sheet was deleted; fill the file that was sent"
        " out, or type the figures",
        name=name,
    )


def _cells(sheet: Worksheet) -> Iterator[tuple[str, FormAnswer]]:
    """Yield the code of each field of a sheet, and what stands in its cell."""
    codes = {cell.row: str(cell.value) for cell in cells_of(sheet) if cell.column == CODE_COLUMN and cell.row > 1}
    for row, code in codes.items():
        value: Any = sheet.cell(row, ANSWER_COLUMN).value
        yield code, value if value is None or isinstance(value, bool | int | float | str) else str(value)


def take_back(cells: RoundTripCells, form: RoundTripForm, answers: FormAnswers, key: bytes) -> ReturnedForm:
    """Return what of a workbook that came back is to be written, and what has to be looked at.

    Parameters
    ----------
    cells
        What stands in it.
    form
        The form as it is now.
    answers
        What is here now.
    key
        That it was signed with.

    Raises
    ------
    ImportFileError
        If it was signed with another key or changed, is of another form or period, or of an older version.
    """
    head, *sheets = _remembered(cells, key)
    _check_form(head, form)
    changes: dict[str, dict[str, FormAnswer]] = {}
    conflicts: list[AnswerConflict] = []
    faults: list[AnswerFault] = []
    zones = [FormZone(sheet["code"], sheet["name"]) for sheet in sheets]
    for zone, sheet in zip(zones, sheets, strict=True):
        theirs = dict(_read_answers(cells.cells.get(zone.code, {}), form, zone, sheet["answers"], faults))
        faults += _too_large(theirs, form, zone)
        for code, answer in theirs.items():
            sent, ours = sheet["answers"].get(code), answers.get(zone.code, {}).get(code)
            if answer in {sent, ours}:
                continue
            if ours == sent and code in form.asked_codes:
                changes.setdefault(zone.code, {})[code] = answer
            else:
                conflicts.append(AnswerConflict(zone, code, sent, ours, answer))
    merged = {zone.code: {**answers.get(zone.code, {}), **changes.get(zone.code, {})} for zone in zones}
    return ReturnedForm(changes, tuple(conflicts), tuple(faults), tuple(outstanding(form, zones, merged)))


def _remembered(cells: RoundTripCells, key: bytes) -> list[dict[str, Any]]:
    """Return what we wrote on the hidden sheet.

    Raises
    ------
    ImportFileError
        If we did not.
    """
    if not hmac.compare_digest(sign(cells.lines, key).encode(), cells.signature.encode()):
        raise ImportFileError(
            text("The form was sent out by another office, or what it remembers was changed; send it out anew")
        )
    return [json.loads(line) for line in cells.lines]


def _check_form(head: Mapping[str, Any], form: RoundTripForm) -> None:
    """Refuse a workbook of another form, period or version.

    Raises
    ------
    ImportFileError
        Then.
    """
    if head["kind"] != form.kind:
        raise ImportFileError(
            text("The file is of another form ({kind}), not of {title}", kind=head["kind"], title=form.title)
        )
    if head["period"] != form.period:
        raise ImportFileError(text("The file is for {period}, not for {now}", period=head["period"], now=form.period))
    if head["version"] != form.version:
        raise ImportFileError(
            text(
                "The file is of version {version} of {title}, which is at version {now} by now; send it out anew",
                version=head["version"],
                title=form.title,
                now=form.version,
            )
        )


def _read_answers(
    cells: Mapping[str, FormAnswer],
    form: RoundTripForm,
    zone: FormZone,
    sent: Mapping[str, FormAnswer],
    faults: list[AnswerFault],
) -> Iterator[tuple[str, FormAnswer]]:
    """Yield what the cells of a zone say as answers; what is none goes to the faults, an empty one says nothing."""
    for each in form.fields:
        value = cells.get(each.code)
        if value is None or (isinstance(value, str) and not value.strip()):
            if sent.get(each.code) is not None and each.code in cells:
                yield each.code, None
            continue
        answer, reason = _answer(value, each)
        if reason is not None:
            faults.append(AnswerFault(zone, each.code, answer_words(value), reason))
        else:
            yield each.code, answer


def _answer(value: FormAnswer, declaration: WorkbookField) -> tuple[FormAnswer, Text | None]:
    """Return a cell as an answer, or why it is none."""
    words = unicodedata.normalize("NFKC", answer_words(value)).strip()
    match declaration.kind:
        case AnswerKind.YES:
            answer = (_YES_WORDS | _NO_WORDS).get(words.casefold())
            return answer, text("是 or 否 is expected") if answer is None else None
        case AnswerKind.CHOICE:
            missing = words not in declaration.choices
            choices = "、".join(declaration.choices)
            return words, text("One of {choices} is expected", choices=choices) if missing else None
        case AnswerKind.TEXT:
            too_long = len(words) > LONGEST_TEXT
            return words, text("At most {most} characters are expected", most=LONGEST_TEXT) if too_long else None
    bare = words.replace(",", "").replace(" ", "")
    bare = bare.removesuffix(declaration.unit) if declaration.unit else bare
    if not _NUMBER.fullmatch(bare):
        return None, text("A number from 0 is expected")
    number = float(bare)
    return int(number) if number.is_integer() else number, None


def _too_large(theirs: dict[str, FormAnswer], form: RoundTripForm, zone: FormZone) -> list[AnswerFault]:
    """Take out answers that are larger than the field they may not exceed, and return them as faults."""
    names = {each.code: each.name for each in form.fields}
    faults = []
    for each in form.fields:
        answer, most = theirs.get(each.code), theirs.get(each.at_most)
        if isinstance(answer, int | float) and isinstance(most, int | float) and answer > most:
            reason = text("It is larger than “{limit}” ({most})", limit=names[each.at_most], most=answer_words(most))
            faults.append(AnswerFault(zone, each.code, answer_words(answer), reason))
    for fault in faults:
        del theirs[fault.field_code]
    return faults
