"""GeoPackages that were copied while another program had them open, and that say less than they hold."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
from pysqlite3 import dbapi2 as sqlite
from town import packed, square

from geo.schema import Layer
from services.imports import ImportFileError, make_upload, read_upload
from services.imports.sandbox.process import read_table

ADD = "INSERT INTO grids SELECT NULL, geom, 'G3', '丙网格' FROM grids WHERE code = 'G1'"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "网格.gpkg"
    frame = gpd.GeoDataFrame(
        {"code": ["G1", "G2"], "name": ["甲网格", "乙网格"]}, geometry=[square(0), square(1)], crs=4326
    )
    frame.to_file(path, layer="grids")
    with closing(sqlite.connect(path)) as opened:
        for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            opened.execute(f'DROP TRIGGER "{name}"')
        opened.commit()
    return path


@pytest.fixture
def copied(path: Path, tmp_path: Path) -> Iterator[Path]:
    """Give a copy of the file and its ``-wal`` made while another program has it open and has added a row."""
    with closing(sqlite.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute(ADD)
        opened.commit()
        folder = tmp_path / "copy"
        folder.mkdir()
        for ending in ("", "-wal"):
            folder.joinpath(path.name + ending).write_bytes(path.with_name(path.name + ending).read_bytes())
        yield folder / path.name


def codes(upload) -> list[str]:
    return read_table(upload, Layer.GRIDS).frame["code"].tolist()


def test_rows_beside_the_file_are_read_with_it(copied: Path):
    assert codes(read_upload(copied)) == ["G1", "G2", "G3"]


def test_rows_beside_the_file_are_read_out_of_an_archive(copied: Path):
    files = {f"资料/{path.name}": path.read_bytes() for path in copied.parent.iterdir()}
    assert codes(make_upload("资料.zip", packed(files))) == ["G1", "G2", "G3"]


def test_a_file_without_what_was_beside_it_is_refused_with_what_to_do(copied: Path):
    with pytest.raises(ImportFileError, match="still open in another program"):
        codes(make_upload("网格.gpkg", copied.read_bytes()))


def test_a_wal_of_another_file_is_refused(copied: Path):
    wal = copied.with_name(copied.name + "-wal")
    wal.write_bytes(wal.read_bytes()[:32] + b"\x01" * 5000)
    with pytest.raises(ImportFileError, match="does not belong"):
        codes(read_upload(copied))


def test_an_empty_wal_takes_nothing_away(path: Path):
    with closing(sqlite.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute(ADD)
        opened.commit()
    path.with_name(path.name + "-wal").write_bytes(b"")
    assert codes(read_upload(path)) == ["G1", "G2", "G3"]


def test_a_stored_number_of_features_that_is_too_small_takes_no_row_away(path: Path):
    with closing(sqlite.connect(path)) as opened:
        opened.execute(ADD)
        opened.execute("UPDATE gpkg_ogr_contents SET feature_count = 1")
        opened.commit()
    assert codes(read_upload(path)) == ["G1", "G2", "G3"]
