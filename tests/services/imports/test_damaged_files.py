"""Files that are cut, empty, locked or something else than their names say: each is told as what it is."""

import gzip
import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from town import packed, square

from geo.schema import Layer
from services.cli import app
from services.cli.shell import Exit, run
from services.context import Context
from services.i18n import translate
from services.imports import ImportFileError, Options, make_upload, stage_file
from services.imports.read.parser import open_file, parse_file
from services.imports.sandbox.process import read_table

FORMATS = ("gpkg", "fgb", "parquet", "kml", "geojson", "zip", "xlsx")
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
SIGN_IN = "<!DOCTYPE html>\n<html><head><title>登录</title></head><body><form><input></form></body></html>".encode()
DENIED = b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
CUT, PAGE, NOT_THE_FILE = "ends in the middle", "is a web page and not the file", "only a reference to the file"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return forty grids in every format, and the parts of the Shapefile by their names."""
    folder = tmp_path_factory.mktemp("files")
    columns = {"code": [f"G{number}" for number in range(40)], "name": [f"网格{number}" for number in range(40)]}
    grids = gpd.GeoDataFrame(columns, geometry=[square(number) for number in range(40)], crs=4326)
    for ending in ("gpkg", "fgb", "geojson", "shp"):
        grids.to_file(folder / f"g.{ending}", encoding="utf-8")
    grids.to_file(folder / "g.kml", driver="KML")
    grids.to_parquet(folder / "g.parquet")
    pd.DataFrame(columns).to_excel(folder / "g.xlsx", index=False)
    read = {path.name: path.read_bytes() for path in folder.glob("g.*")}
    read["g.zip"] = packed(parts_of(read))
    return read


def parts_of(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name[-4:] in {".shp", ".shx", ".dbf", ".prj", ".cpg"}}


def reason(name: str, data: bytes) -> str:
    """Return why a file is refused by the process that reads files."""
    with pytest.raises(ImportFileError) as refusal:
        read_table(make_upload(name, data), Layer.GRIDS)
    assert translate(refusal.value.text) != str(refusal.value)
    return str(refusal.value)


def rows_read(name: str, data: bytes) -> int:
    """Return how many rows a file has, read in this process."""
    inner, kind = open_file(make_upload(name, data))
    return len(parse_file(inner, kind, Layer.GRIDS, encoding="auto", layer_name=None, sheet=None).frame)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_whole_file_is_not_taken_for_a_cut_one(ending: str, files: dict[str, bytes]):
    assert rows_read(f"g.{ending}", files[f"g.{ending}"]) == 40


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("share", [0.05, 0.5, 0.98])
def test_a_file_that_was_cut_on_its_way_says_so(ending: str, share: float, files: dict[str, bytes]):
    data = files[f"g.{ending}"]
    with pytest.raises(ImportFileError, match=CUT):
        rows_read(f"g.{ending}", data[: int(len(data) * share)])


@pytest.mark.parametrize("part", [".shp", ".dbf"])
def test_a_cut_part_of_a_shapefile_is_named(part: str, files: dict[str, bytes]):
    parts = parts_of(files)
    parts[f"g{part}"] = parts[f"g{part}"][:-200]
    assert reason("g.zip", packed(parts)).startswith(f"g{part} is not complete")


def test_a_cut_workbook_of_1997_says_so():
    header = bytearray(OLE)
    header[30:32], header[76:80] = b"\x09\x00", b"\x40\x00\x00\x00"
    header[80:512] = b"\xff" * 432
    assert CUT in reason("a.xls", bytes(header))


@pytest.mark.parametrize("ending", [*FORMATS, "shp", "xls", "kmz"])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (SIGN_IN, PAGE),
        (DENIED, "a message of a service about an error"),
        (b'{"code":401,"message":"not signed in"}', "a message of a service about an error"),
        (POINTER, NOT_THE_FILE),
        (b"Please sign in", "it is a text that begins with “Please sign in”"),
        (b"\x00" * 9000, "nothing but zeros"),
        (b"b\x14#e]\x00E-SafeNet\x00\x00\x00LOCK" + bytes(range(256)), "protection software"),
        (b" \r\n \n", "is empty"),
        (gzip.compress(b"code,name", mtime=0), r"archive \(gzip\)"),
        (b"Rar!\x1a\x07\x01\x00", r"archive \(RAR\)"),
        (b"AC1032\x00\x00\x00", "DWG"),
    ],
)
def test_what_stands_in_the_place_of_a_file_is_told_whatever_its_name(ending: str, data: bytes, said: str):
    with pytest.raises(ImportFileError, match=said):
        open_and_parse(f"a.{ending}", data)


def open_and_parse(name: str, data: bytes) -> None:
    inner, kind = open_file(make_upload(name, data))
    parse_file(inner, kind, Layer.GRIDS, encoding="auto", layer_name=None, sheet=None)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv"])
def test_a_page_with_a_table_is_an_export_and_no_sign_in_page(name: str):
    page = "<html><body><table><tr><td>编号</td></tr></table></body></html>".encode()
    assert "under the name of a workbook" in reason(name, page)


@pytest.mark.parametrize(
    ("name", "files_in_it", "said"),
    [
        ("a.zip", {"g.zip": b"PK\x03\x04"}, r"another archive \(g\.zip\)"),
        ("a.zip", {}, "The archive a.zip is empty"),
        ("a.zip", {"folder/": b""}, "The archive a.zip is empty"),
        ("a.zip", {"a.csv": b"x", "b.csv": b"y"}, "several files"),
        ("a.zip", {"readme.md": b"x"}, r"nothing that is read \(readme\.md\)"),
        ("a.zip", {"t.gdb/a00000001.gdbtable": b"x"}, "GDB"),
        ("a.zip", {"a.tab": b"!table", "a.dat": b"x"}, "MapInfo"),
        ("a.zip", {"a.gpkg": SIGN_IN}, "a.gpkg is a web page"),
        ("a.zip", {"a.gpkg": POINTER}, "a.gpkg is only a reference"),
        ("a.zip", {"a.shp": POINTER, "a.dbf": b"x"}, "a.shp is only a reference"),
        ("a.zip", {"a.shp": b"", "a.dbf": b"x"}, "a.shp is empty"),
        ("a.zip", {"a.dbf": b"x", "a.shx": b"x"}, "but no .shp"),
        ("a.qgz", {"a.qgs": b"<qgis/>"}, "project of QGIS"),
        ("a.xlsx", {"word/document.xml": b"x"}, "DOCX"),
        ("a.pptx", {"ppt/presentation.xml": b"x"}, "PPTX"),
        ("a.xlsb", {"xl/workbook.bin": b"x"}, "XLSB"),
        ("a.ods", {"content.xml": b"x"}, "ODS"),
        ("a.xlsx", {"OFD.xml": b"x", "Doc_0/Document.xml": b"x"}, "OFD"),
        ("a.numbers", {"Index/Document.iwa": b"x"}, "Numbers"),
    ],
)
def test_an_archive_says_what_it_holds(name: str, files_in_it: dict[str, bytes], said: str):
    with pytest.raises(ImportFileError, match=said):
        open_and_parse(name, packed(files_in_it))


@pytest.mark.parametrize("litter", ["~$a.csv", "__MACOSX/._a.csv", "x/._a.csv"])
def test_what_systems_leave_in_an_archive_is_passed_over(litter: str):
    assert rows_read("a.zip", packed({"a.csv": "编号,名称\nG1,甲\n".encode(), litter: b"\x00\x05\x16\x07"})) == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("~$a.xlsx", b"\x05admin" + b" " * 100, "only stands beside the file itself"),
        ("._a.shp", b"\x00\x05\x16\x07\x00\x02", "only stands beside the file itself"),
        ("a.url", b"[InternetShortcut]\r\nURL=http://x\r\n", NOT_THE_FILE),
        ("a.xlsx.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + b"\x00" * 60, NOT_THE_FILE),
        ("a.mxd", OLE, "project of ArcGIS"),
        ("a.wps", OLE + "WordDocument".encode("utf-16-le"), "Word"),
        ("a.mdb", b"\x00\x01\x00\x00Standard Jet DB\x00", "Access"),
        ("a.dgn", b"\x08\x09\xfe\x02" + b"\x00" * 60, "DGN"),
        ("a.dwg", b"AC2.10\x00", "DWG"),
        ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00" + b"\x00" * 99, "Excel 4"),
        ("a.xls", b"MIME-Version: 1.0\n\n<html>", "MHT"),
        ("a.tar", b"g.shp" + b"\x00" * 252 + b"ustar\x00", "tar"),
        ("a.zip", b"PK\x07\x08PK\x03\x04", "ZIP in several parts"),
        ("a.zip", b"PK\x05\x06" + b"\x00" * 18, "The archive a.zip is empty"),
        ("a.fgb", b"fgb\x02fgb\x00\x00", "FlatGeobuf of another version"),
        ("a.jpg", b"\x00\x00\x00\x18ftypheic", "HEIC"),
        ("a.kml", "编号,名称\nG1,甲\n".encode(), "begins with “编号,名称”"),
        ("a.geojson", "编号,名称\nG1,甲\n".encode(), "begins with “编号,名称”"),
    ],
)
def test_other_files_that_people_have_are_named(name: str, data: bytes, said: str):
    with pytest.raises(ImportFileError, match=said):
        open_and_parse(name, data)


@pytest.mark.parametrize(("part", "other"), [(".dbf", "t.dbf"), (".shp", "t.shp")])
def test_parts_of_different_names_are_told(part: str, other: str, files: dict[str, bytes]):
    parts = parts_of(files)
    parts[other] = parts.pop(f"g{part}")
    assert "have different names" in reason("g.zip", packed(parts))


@pytest.mark.parametrize(("data", "said"), [(b"", "is empty"), (POINTER, NOT_THE_FILE), (b"x" * 99, "no table of")])
def test_a_table_that_is_none_gives_no_rows_without_values(data: bytes, said: str, files: dict[str, bytes]):
    with pytest.raises(ImportFileError, match=rf"g\.dbf.*{said}"):
        open_and_parse("g.zip", packed(parts_of(files) | {"g.dbf": data}))


@pytest.mark.parametrize(("table", "kind"), [("tiles", "MBTiles"), ("geometry_columns", "SpatiaLite"), ("t", "SQLite")])
def test_a_database_that_is_no_geopackage_is_named(table: str, kind: str, tmp_path: Path):
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as opened:
        opened.execute(f"CREATE TABLE {table} (a)")
    opened.close()
    assert f"a.gpkg is {kind}" in reason("a.gpkg", path.read_bytes())


REFUSED = [
    ("g.gpkg", SIGN_IN, "请在浏览器里登录该网站后重新下载"),
    ("g.xlsx", POINTER, "只是指向文件的链接"),
    ("g.zip", packed({"in.zip": b"PK\x03\x04"}), "还套着压缩包"),
    ("g.fgb", b"fgb\x03fgb\x01\xff\x00\x00\x00", "没有下载完或没有复制完"),
    ("g.parquet", b"PAR1" + b"x" * 99, "没有下载完或没有复制完"),
    ("g.kml", b"<kml><Document>", "没有下载完或没有复制完"),
    ("g.mdb", b"\x00\x01\x00\x00Standard Jet DB\x00", "Access"),
]


@pytest.mark.parametrize(("name", "data", "said"), REFUSED)
def test_the_command_says_the_same_and_leaves_no_store(
    name: str,
    data: bytes,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(data)
    assert run(app, ["import", "grids", name, "--dry-run"]) == Exit.FAILED
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(("name", "data", "said"), REFUSED)
def test_the_preview_says_the_same(name: str, data: bytes, said: str, context: Context):
    with pytest.raises(ImportFileError) as refusal:
        stage_file(context, make_upload(name, data), Layer.GRIDS, Options())
    assert said in translate(refusal.value.text)
