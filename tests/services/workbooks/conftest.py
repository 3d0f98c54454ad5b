"""Workbooks as offices make them, and LibreOffice to compute them."""

import io
import subprocess
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from services.workbooks.model import AnswerKind, FormContent, FormZone, TotalKind, WorkbookField

NAMES = ("雅瑶社区", "合和社区", "红棉社区", "牡丹社区")
FIELDS = (
    WorkbookField("away", "外出人数", "人"),
    WorkbookField("back_today", "今日返回", "人"),
    WorkbookField("patrol", "已巡查", kind=AnswerKind.YES),
    WorkbookField("memo", "备注", kind=AnswerKind.TEXT, roll_up=TotalKind.NONE),
)


def as_file(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def content_of(answers, *, names=NAMES, fields=FIELDS, **known) -> FormContent:
    """Return what zones (44010001, …) say: a mapping of field to answer for each, None where one says nothing."""
    zones = tuple(FormZone(f"4401{k:04}", name) for k, name in enumerate(names, 1))
    said = {zone.code: each for zone, each in zip(zones, answers, strict=True) if each}
    return FormContent(fields, zones, said, date(2026, 11, 29), "云港街道办事处", known)


@pytest.fixture(scope="session")
def recompute(program, tmp_path_factory):
    """Return a function that has LibreOffice compute workbooks and save them as XLSX; it returns them as files."""
    office = program("soffice")
    home = tmp_path_factory.mktemp("office")

    def convert(books: list[bytes]) -> list[bytes]:
        folder = tmp_path_factory.mktemp("books")
        (folder / "out").mkdir()
        paths = [folder / f"{k}.xlsx" for k in range(len(books))]
        for path, data in zip(paths, books, strict=True):
            path.write_bytes(data)
        profile = f"-env:UserInstallation=file://{home}"
        command = [
            office,
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "out"),
            *map(str, paths),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return [(folder / "out" / path.name).read_bytes() for path in paths]

    return convert


@pytest.fixture(scope="session")
def computed(recompute):
    """Return a function that gives workbooks with the values of their formulas."""

    def values(books: list[bytes]) -> list[Workbook]:
        return [load_workbook(io.BytesIO(data), data_only=True) for data in recompute(books)]

    return values
