"""Opening workbooks of offices and saving them; what cannot be opened, or would be lost, is said in words."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from openpyxl import Workbook, load_workbook

from services.i18n import Text, text
from services.imports.errors import ImportFileError, library_errors_explained
from services.imports.read.foreign_formats import COMPOUND_MAGIC, explain_foreign, explain_members
from services.imports.read.sheets import ENCRYPTED, LOCKED, check_workbook
from services.imports.read.upload import ZIP_MAGIC, check_archive

MAX_MEGABYTES: Final = 20
"""Largest workbook that is filled; an office's form has far less."""
MAX_UNPACKED_MEGABYTES: Final = 200
_MEGABYTE: Final = 1 << 20
_MACROS: Final = "xl/vbaProject.bin"
_LOSSES: Final = (
    (re.compile(r"xl/drawings/drawing\d+\.xml"), re.compile(rb"<(?:\w+:)?(?:sp|grpSp|cxnSp)[ >]"), "shapes"),
    (re.compile(r"xl/worksheets/sheet\d+\.xml"), re.compile(rb"<x14:conditionalFormatting[ >]"), "colours"),
    (re.compile(r"xl/worksheets/sheet\d+\.xml"), re.compile(rb"<x14:dataValidation[ >]"), "checks"),
    (re.compile(r"xl/worksheets/sheet\d+\.xml"), re.compile(rb"<x14:sparklineGroup[ >]"), "sparklines"),
    (re.compile(r"xl/worksheets/sheet\d+\.xml"), re.compile(rb"<(?:\w+:)?protectedRange[ >]"), "ranges"),
    (re.compile(r"xl/(?:ctrlProps|activeX|embeddings|slicers|timelines)/.*"), re.compile(rb""), "controls"),
)
_LOSS_TEXTS: Final = {
    "shapes": text("shapes and text boxes"),
    "colours": text("data bars and icons of newer kinds"),
    "checks": text("drop-down lists taken from another sheet"),
    "sparklines": text("small charts inside cells"),
    "ranges": text("ranges with passwords of their own"),
    "controls": text("buttons, controls and inserted files"),
}


def check_workbook_file(name: str, data: bytes) -> None:
    """Refuse what is no workbook that can be filled.

    Raises
    ------
    ImportFileError
        If it is too large, has macros, is locked, of another format, damaged, or unpacks to far too much.
    """
    if len(data) > MAX_MEGABYTES * _MEGABYTE:
        raise ImportFileError(_too_large(name, len(data)))
    if PurePosixPath(name).suffix.lower() in {".xlsm", ".xltm", ".xlam"}:
        raise ImportFileError(_with_macros(name))
    if not data.startswith(ZIP_MAGIC):
        raise ImportFileError(_other_format(name, data))
    members = check_archive(name, data)
    if _MACROS in members:
        raise ImportFileError(_with_macros(name))
    if "xl/workbook.xml" not in members:
        raise ImportFileError(explain_members(name, members) or _no_workbook(name))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_MEGABYTES * _MEGABYTE:
            raise ImportFileError(text("The archive {name} unpacks to far too much and is not opened", name=name))
    check_workbook(data)


def open_workbook(name: str, data: bytes) -> Workbook:
    """Return a workbook with its formulas, to be changed and saved.

    Raises
    ------
    ImportFileError
        If it cannot be filled; see ``check_workbook_file``.
    """
    check_workbook_file(name, data)
    with library_errors_explained():
        return load_workbook(io.BytesIO(data), rich_text=True)


def save_workbook(book: Workbook) -> bytes:
    """Return a workbook as a file whose formulas are computed anew by whoever opens it."""
    book.calculation.fullCalcOnLoad = True
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def losses(data: bytes) -> list[Text]:
    """Return what a workbook holds that it will not hold any more once it was filled here."""
    return [_LOSS_TEXTS[kind] for kind in dict.fromkeys(_kinds_of_losses(data))]


def _kinds_of_losses(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.namelist():
            for part, sign, kind in _LOSSES:
                if part.fullmatch(member) and sign.search(archive.read(member)):
                    yield kind


def _too_large(name: str, size: int) -> Text:
    return text(
        "The workbook {name} has {megabytes} MB; a form may have at most {most_megabytes} MB. Delete pictures and"
        " sheets that are not needed",
        name=name,
        megabytes=-(-size // _MEGABYTE),
        most_megabytes=MAX_MEGABYTES,
    )


def _with_macros(name: str) -> Text:
    return text("The workbook {name} holds macros and is not opened; save it as XLSX without macros", name=name)


def _no_workbook(name: str) -> Text:
    return text("{name} is not a workbook (XLSX); save the form as XLSX", name=name)


def _other_format(name: str, data: bytes) -> Text:
    """Return what a file is that is no XLSX: locked, of Excel 97, or something else."""
    if data.startswith(COMPOUND_MAGIC) and ENCRYPTED in data:
        return LOCKED
    if data.startswith(COMPOUND_MAGIC) and PurePosixPath(name).suffix.lower() in {".xls", ".et"}:
        return text("{name} is a workbook of Excel 97 or WPS; open it and save it as XLSX", name=name)
    return explain_foreign(name, data) or _no_workbook(name)
