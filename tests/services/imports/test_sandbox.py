"""A file from outside is read by a process that can do nothing else, and ends in a table or one sentence."""

import sys
from pathlib import Path

import pytest

from geo.schema import Layer
from services.i18n import translate
from services.imports.errors import CancelledError, ImportFileError
from services.imports.options import ProgressMonitor
from services.imports.read.upload import FileFormat, Upload
from services.imports.sandbox.confinement import ResourceLimits
from services.imports.sandbox.landlock import landlock_version
from services.imports.sandbox.process import Reader
from services.imports.sandbox.wire import Request
from tests.conftest import missing

PROBE = (sys.executable, "-P", str(Path(__file__).with_name("probing.py")))
LIMITS = ResourceLimits(20, 1 << 30, 1 << 20)
REFUSED = {"refused 1", "refused 13"}


@pytest.fixture(scope="module")
def reader():
    return Reader(PROBE, LIMITS)


def attempt(reader, what, monitor=None):
    request = Request(Upload("x.csv", b"a,b\n1,2\n", {}), Layer.GRIDS, what, None, None)
    return reader.read(request, monitor or ProgressMonitor()).frame["outcome"][0]


def needs_landlock():
    if not landlock_version():
        missing("Landlock")


def test_it_cannot_open_what_is_not_the_upload(reader, tmp_path):
    needs_landlock()
    store = tmp_path / "store.gpkg"
    store.write_bytes(b"secret")
    assert attempt(reader, f"open:{store}") in REFUSED
    assert attempt(reader, f"write:{store}") in REFUSED
    assert attempt(reader, "open:/etc/passwd") in REFUSED
    assert attempt(reader, f"list:{tmp_path}") in REFUSED
    assert store.read_bytes() == b"secret"
    assert attempt(reader, "write:own") == "written"


@pytest.mark.parametrize("what", ["socket", "fork"])
def test_it_has_no_network_and_starts_nothing(reader, what):
    assert attempt(reader, what) in REFUSED


def test_it_knows_neither_store_nor_key_nor_password(monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_STORE", "sqlite:///secret.gpkg")
    monkeypatch.setenv("GRIDMUSTER_KEY", "secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    names = attempt(Reader(PROBE, LIMITS), "environ").split()
    assert "PYTHONPATH" in names
    assert not [name for name in names if name.startswith(("GRIDMUSTER", "PG"))]


@pytest.mark.parametrize(
    ("kind", "driver"),
    [
        (FileFormat.GEOPACKAGE, "GPKG"),
        (FileFormat.SHAPEFILE, "ESRI Shapefile"),
        (FileFormat.FLATGEOBUF, "FlatGeobuf"),
        (FileFormat.KML, "LIBKML"),
        (FileFormat.TEXT, ""),
        (FileFormat.SHEET, ""),
        (FileFormat.GEOPARQUET, ""),
        (FileFormat.GEOJSON, ""),
    ],
)
def test_it_has_the_one_driver_of_the_format(reader, kind, driver):
    assert attempt(reader, f"drivers:{kind.value}") == driver


@pytest.mark.parametrize(
    ("what", "sentence"),
    [("hog", "占用的内存太多"), ("die", "读取程序因这个文件中断"), ("raise:secret", "文件里有读不了的内容")],
)
def test_what_it_dies_of_is_said_in_one_sentence(reader, what, sentence):
    with pytest.raises(ImportFileError) as refusal:
        attempt(reader, what)
    assert sentence in translate(refusal.value.text)
    assert "secret" not in translate(refusal.value.text)
    assert attempt(reader, "pid")


def test_an_endless_file_is_stopped():
    with pytest.raises(ImportFileError) as refusal:
        attempt(Reader(PROBE, ResourceLimits(1, 1 << 30, 1 << 20)), "spin")
    assert "用时太久" in translate(refusal.value.text)


def test_who_cancels_does_not_wait_for_it(reader):
    asked = iter([False, False, True])
    with pytest.raises(CancelledError):
        attempt(reader, "spin", ProgressMonitor(is_cancelled=lambda: next(asked, True)))


def test_each_file_has_a_process_of_its_own(reader):
    assert attempt(reader, "pid") != attempt(reader, "pid")


def test_where_no_process_can_be_started_a_sentence_says_so(tmp_path):
    with pytest.raises(ImportFileError) as refusal:
        attempt(Reader((str(tmp_path / "nothing"),), LIMITS), "pid")
    assert "无法启动读取文件的程序" in translate(refusal.value.text)
