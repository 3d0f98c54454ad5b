"""What people wrote stands in every export as a text: no formula, no link, no markup of its own."""

import csv
import io
import json
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest

from geo.schema import Layer
from services.cli.files import write_new
from services.context import Context
from services.store import Store
from services.workbooks.cell_texts import LIVE_CHARACTERS
from tests.services.planning.conftest import EVENING, NOW

from .children import run_command
from .poison import FORMULAS, SCRIPTS, poison

WINDOW = f"{EVENING.start.isoformat()}/{EVENING.end.isoformat()}"
EXPORTS = {
    **{f"{layer}.csv": ("export", layer, "--out", "o.csv") for layer in Layer},
    "layers.xlsx": ("export", "all", "--out", "o.xlsx"),
    "layers.gpkg": ("export", "all", "--out", "o.gpkg"),
    "grids.geojson": ("export", "grids", "--out", "o.geojson"),
    "grids.parquet": ("export", "grids", "--out", "o.parquet"),
    **{
        f"coverage{suffix}": ("coverage", "--out", f"o{suffix}", "--window", WINDOW)
        for suffix in (".csv", ".xlsx", ".gpkg", ".geojson", ".png")
    },
    **{f"orders{suffix}": ("plan", "orders", "PLAN", "--out", f"o{suffix}") for suffix in (".txt", ".xlsx", ".pdf")},
    **{
        f"briefing{suffix}": ("brief", "--out", f"o{suffix}", "--window", WINDOW, "--plan", "PLAN")
        for suffix in (".pptx", ".pdf")
    },
    "person.json": ("person", "export", "M001", "--out", "o.json"),
}
ACTIVE = ("<f>", "<f ", "<hyperlink", 'TargetMode="External"', "<script", "<a:hlinkClick")


@pytest.fixture(scope="module")
def poisoned(filled, tmp_path_factory):
    """Return the address of a store of payloads and the number of its plan."""
    path = tmp_path_factory.mktemp("poisoned") / "store.gpkg"
    path.write_bytes(filled.read_bytes())
    store = Store.open(f"sqlite:///{path}")
    number = poison(Context(store, clock=lambda: NOW), FORMULAS + SCRIPTS, EVENING)
    store.close()
    return f"sqlite:///{path}", number


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_in_an_export_is_run(name, poisoned, tmp_path):
    url, number = poisoned
    words = [str(number) if word == "PLAN" else str(word) for word in EXPORTS[name]]
    done = run_command(tmp_path, *words, "--store", url)
    assert done.code == 0, done.said
    (made,) = [path for path in tmp_path.iterdir() if path.name.startswith("o.")]
    check = {".csv": _check_csv, ".xlsx": _check_office, ".pptx": _check_office, ".json": _check_json}
    check.get(made.suffix, _check_bytes)(made.read_bytes())


def _check_csv(content):
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        for cell in row:
            assert not cell.startswith(LIVE_CHARACTERS) or re.fullmatch(r"-?[\d.e+-]+", cell), cell


def _check_office(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            if name.endswith(".xlsx"):
                _check_office(inner)
            elif name.endswith((".xml", ".rels")):
                ET.fromstring(inner)  # well-formed: no text became a mark
                found = [mark for mark in ACTIVE if mark.encode() in inner and "chart" not in name]
                assert not found, (name, found)


def _check_json(content):
    json.loads(content)


def _check_bytes(content):
    assert content
    assert not any(mark in content for mark in (b"/JavaScript", b"/Launch", b"/URI (http://outside"))


def test_a_file_is_not_replaced_by_half_of_one(tmp_path):
    write_new(tmp_path / "o.csv", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["o.csv"]
