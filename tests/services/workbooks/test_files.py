"""Which files are opened as workbooks of offices, and what is said of the others."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from services.imports.errors import ImportFileError
from services.imports.read.foreign_formats import COMPOUND_MAGIC
from services.workbooks.files import MAX_MEGABYTES, losses, open_workbook

from .conftest import as_file

BOOK = as_file(Workbook())


def with_part(name: str, content: bytes) -> bytes:
    file = io.BytesIO(BOOK)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xlsx", b"PK\x03\x04" + bytes(MAX_MEGABYTES << 20), "at most 20 MB"),
        ("a.xlsx", b"x" * (80 << 20), "has 80 MB"),
        ("a.xlsm", BOOK, "macros"),
        ("a.xlsx", with_part("xl/vbaProject.bin", b"x"), "macros"),
        ("a.xlsx", COMPOUND_MAGIC + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xls", COMPOUND_MAGIC + b"\0" * 600, "Excel 97"),
        ("a.xlsx", with_part("xl/media/bomb.bin", bytes(210 << 20)), "far too much"),
        ("a.xlsx", BOOK[:2000], "not complete"),
        ("a.xlsx", b"%PDF-1.7", "PDF"),
        ("a.xlsx", "社区,外出".encode(), "not a workbook"),
        ("a.xlsx", zipped(**{"word/document.xml": b"<a/>"}), "Word"),
        ("a.xlsx", zipped(**{"a.csv": b"1"}), "not a workbook"),
        ("a.xlsx", zipped(**{"xl/workbook.xml": b"<workbook"}), "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_filled_is_refused_in_words(name, data, sentence):
    with pytest.raises(ImportFileError, match=sentence):
        open_workbook(name, data)


@pytest.mark.parametrize(
    ("part", "content", "loss"),
    [
        ("xl/drawings/drawing1.xml", b"<xdr:wsDr><xdr:sp macro=''/></xdr:wsDr>", "shapes and text boxes"),
        ("xl/ctrlProps/ctrlProp1.xml", b"<formControlPr/>", "buttons, controls and inserted files"),
        ("xl/worksheets/sheet9.xml", b"<x14:dataValidation type='list'>", "drop-down lists taken from another sheet"),
        ("xl/worksheets/sheet9.xml", b"<x14:sparklineGroup >", "small charts inside cells"),
    ],
)
def test_what_would_be_lost_is_named(part, content, loss):
    assert [str(each) for each in losses(with_part(part, content))] == [loss]
    assert losses(BOOK) == []
