"""What is frozen gives the same file tomorrow, and on a machine in another time zone."""

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from services.briefing.model import SectionName
from services.export.briefing import section_png, to_atlas_pdf, to_pdf, to_pptx
from services.export.orders import orders_pdf, orders_xlsx
from services.export.tables import write_plain_xlsx, write_xlsx
from services.i18n import use_language
from tests.briefings import make_sample
from tests.services.export.test_orders import LINES

ROOT = Path(__file__).parents[3]
SAMPLE = make_sample()
FRAME = pd.DataFrame({"name": ["一格"]}, index=pd.Index(["1"], name="code"))
WRITERS = {
    "briefing.pdf": lambda: to_pdf(SAMPLE),
    "briefing.pptx": lambda: to_pptx(SAMPLE),
    "briefing.png": lambda: section_png(SAMPLE, SectionName.SITUATION),
    "orders.pdf": lambda: orders_pdf(LINES, SAMPLE.made_at),
    "orders.xlsx": lambda: orders_xlsx(LINES, SAMPLE.made_at),
    "coverage.xlsx": lambda: write_xlsx({"x": FRAME}, [("a", "b")], made_at=SAMPLE.made_at),
    "problems.xlsx": lambda: write_xlsx({"x": FRAME}, [("a", "b")]),
    "plain.xlsx": lambda: write_plain_xlsx("x", FRAME.reset_index()),
}
MADE_AT = "2026-11-27T10:05:00"
"""In UTC, as PDF and office files keep it."""


def digests() -> dict[str, str]:
    """Return what tells each file from every other."""
    use_language("zh")
    return {name: hashlib.sha256(write()).hexdigest() for name, write in WRITERS.items()}


@pytest.fixture(scope="module")
def files():
    use_language("zh")
    return {name: write() for name, write in WRITERS.items()}


def dates_of_pdf(content: bytes) -> set[str]:
    """Return every time that stands in a PDF, with or without marks between its parts."""
    plain = re.findall(rb"D:(\d{14})", content)
    marked = re.findall(rb"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", content)
    return {one.decode() for one in plain} | {b"".join(one).decode() for one in marked}


def dates_of_zip(content: bytes) -> set[str]:
    """Return every time that an office file, and what lies in it, says it was made or changed at."""
    found = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            found.add("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*part.date_time))
            body = archive.read(part)
            if part.filename.endswith(".xlsx"):
                found |= dates_of_zip(body)
            if part.filename == "docProps/core.xml":
                found |= set(re.findall(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z<", body.decode()))
    return found


@pytest.mark.parametrize("name", [name for name in WRITERS if name.endswith(".pdf")])
def test_a_pdf_is_of_the_time_of_its_content(files, name):
    assert dates_of_pdf(files[name]) == {re.sub(r"\D", "", MADE_AT)}


@pytest.mark.parametrize(
    ("name", "made_at"),
    [
        ("briefing.pptx", MADE_AT),
        ("orders.xlsx", MADE_AT),
        ("coverage.xlsx", MADE_AT),
        ("problems.xlsx", None),
        ("plain.xlsx", None),
    ],
)
def test_an_office_file_is_of_the_time_of_its_content(files, name, made_at):
    assert dates_of_zip(files[name]) == {"1980-01-01T00:00:00"} | ({made_at} if made_at else set())


def test_an_atlas_is_of_the_time_of_its_content():
    assert dates_of_pdf(to_atlas_pdf(SAMPLE)) == {re.sub(r"\D", "", MADE_AT)}


def test_another_briefing_is_another_file():
    small = replace(SAMPLE, sections=SAMPLE.sections[-1:])
    later = replace(small, made_at=small.made_at.replace(minute=6))
    assert to_pdf(small) != to_pdf(later)


@pytest.mark.parametrize("machine", ["America/New_York"])
def test_a_process_elsewhere_and_later_writes_the_same_bytes(files, machine):
    code = "from tests.services.export.test_same_bytes import digests\nfor pair in digests().items(): print(*pair)"
    env = os.environ | {"TZ": machine, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"}
    told = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    there = dict(line.split() for line in told.stdout.splitlines())
    assert there == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
