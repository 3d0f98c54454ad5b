"""``gridmuster form read|fill``: forms of other offices, understood and filled in place, without a store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError

from services.cli.app import app
from services.cli.files import check_target, write_new
from services.cli.plan_texts import make_table, print_table
from services.cli.shell import refuse, say
from services.clock import local_now
from services.i18n import Text, text, translate
from services.imports.read.upload import Upload, read_upload
from services.rules.headers import normal_header
from services.workbooks.form_filling import fill_form
from services.workbooks.form_reading import FormColumn, FormReading, read_form
from services.workbooks.model import (
    AnswerKind,
    FormAnswer,
    FormAnswers,
    FormContent,
    FormZone,
    TotalKind,
    WorkbookField,
)
from services.workbooks.tasks import run_task
from services.workbooks.template import FilledWorkbook, fill_template, has_marks

form_app = typer.Typer(no_args_is_help=True, help="表样：看懂一张空表，按数据填好，不需要数据库。")
app.add_typer(form_app, name="form")
FormArgument = Annotated[Path, typer.Argument(help="表样：XLSX 工作簿")]
_KIND_NAMES: Final[Mapping[AnswerKind, Text]] = {
    AnswerKind.COUNT: text("a number"),
    AnswerKind.YES: text("Yes or no"),
    AnswerKind.CHOICE: text("Choice"),
    AnswerKind.TEXT: text("a text"),
}
_ROLL_UP_NAMES: Final[Mapping[TotalKind, Text]] = {
    TotalKind.SUM: text("Sum"),
    TotalKind.MAX: text("Largest"),
    TotalKind.NONE: text("Not added up"),
}
_HEADERS: Final = (
    text("Column"),
    text("Code"),
    text("What is asked"),
    text("Unit"),
    text("Kind"),
    text("All zones"),
    text("Filled by"),
)


@dataclass(frozen=True, slots=True)
class FormValues:
    """What a file of values says (JSON)."""

    zones: tuple[FormZone, ...]
    values: FormAnswers
    """Code of a zone to field to answer; a field of a blank form by code, header or letters of its column."""
    fields: tuple[WorkbookField, ...] = ()
    """Declarations of fields; where there are none, they follow from the values."""
    day: date | None = None
    reporter: str = ""


@form_app.command("read")
def read_command(form: FormArgument) -> None:
    """看懂一张空表：哪些是表头，哪些行是社区，每一栏填什么、能否自动带出。"""
    upload = read_upload(form)
    reading = run_task(read_form, upload.name, upload.data)
    first, last = reading.header_rows
    say("Sheet {sheet}, headers in rows {first} to {last}", sheet=reading.sheet, first=first, last=last)
    names = "、".join(row.name for row in reading.rows if row.name) or "–"
    say("Zones: {names}; empty rows: {empty}", names=names, empty=sum(not row.name for row in reading.rows))
    table = make_table(*_HEADERS)
    for column in reading.columns:
        table.add_row(*_cells(column))
    print_table(table)
    _tell(reading.notes)


@form_app.command("fill")
def fill_command(
    form: FormArgument,
    values: Annotated[Path, typer.Option("--values", help="数据文件（JSON）：zones、values、day、reporter")],
    out: Annotated[Path, typer.Option("--out", help="填好的工作簿：.xlsx")],
) -> None:
    """按数据填好一张表：有【】标记的按标记填，空表按表头填；其余原样不动。"""
    check_target(out, [".xlsx"], "")
    content = _read_values(values)
    result = _fill(read_upload(form), content)
    write_new(out, result.data)
    say("Written to {file}", file=str(out))
    for mark in result.unknown_marks:
        say("Not known and taken out: {mark}", mark=mark)
    _tell(result.notes)


def _cells(column: FormColumn) -> tuple[str, ...]:
    field = column.declaration
    source = column.path or translate(text("a formula") if column.has_formula else text("the zones"))
    words = (translate(_KIND_NAMES[field.kind]), translate(_ROLL_UP_NAMES[field.roll_up]))
    return column.letter, field.code, field.name, field.unit, *words, source


def _tell(notes: tuple[Text, ...]) -> None:
    for note in notes:
        say(note)


def _read_values(path: Path) -> FormValues:
    """Return what a file of values says; one that is none ends the command."""
    try:
        return TypeAdapter(FormValues).validate_json(path.read_bytes())
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "–"
        refuse("{file} is no file of values: look at {place}", file=path.name, place=place)


def _fill(upload: Upload, values: FormValues) -> FilledWorkbook:
    if run_task(has_marks, upload.name, upload.data):
        fields = values.fields or tuple(_declared(values.values))
        return run_task(fill_template, upload.name, upload.data, _content(values, fields, values.values))
    reading = run_task(read_form, upload.name, upload.data)
    fields = tuple(column.declaration for column in reading.columns)
    answers = {zone: _by_code(said, reading) for zone, said in values.values.items()}
    return run_task(fill_form, upload.name, upload.data, reading, _content(values, fields, answers))


def _content(values: FormValues, fields: tuple[WorkbookField, ...], answers: FormAnswers) -> FormContent:
    return FormContent(fields, values.zones, answers, values.day or local_now().date(), values.reporter)


def _declared(answers: FormAnswers) -> list[WorkbookField]:
    """Return the fields that values speak of: numbers add up, so do yes and no, texts do not."""
    examples: dict[str, FormAnswer] = {}
    for said in answers.values():
        examples |= {code: answer for code, answer in said.items() if answer is not None}
    return [WorkbookField(code, code, kind=_kind(example)) for code, example in examples.items()]


def _kind(example: FormAnswer) -> AnswerKind:
    if isinstance(example, bool):
        return AnswerKind.YES
    return AnswerKind.TEXT if isinstance(example, str) else AnswerKind.COUNT


def _by_code(said: Mapping[str, FormAnswer], reading: FormReading) -> dict[str, FormAnswer]:
    """Return answers by the codes of a form's fields; one that names none ends the command."""
    codes = {
        normal_header(name): column.declaration.code
        for column in reading.columns
        for name in (column.letter, column.declaration.name, column.path, column.declaration.code)
        if name
    }
    for name in said:
        if normal_header(name) not in codes:
            refuse("The form has no column {name}; see gridmuster form read", name=name)
    return {codes[normal_header(name)]: answer for name, answer in said.items()}
