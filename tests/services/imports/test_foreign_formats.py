"""What is not read is named with what to do; what looks alike and is read is not taken for it."""

import pytest
from town import packed

from geo.schema import Layer
from services.imports import ImportFileError, make_upload
from services.imports.read.foreign_formats import explain_foreign
from services.imports.sandbox.process import read_table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
FOREIGN = [
    ("a.dxf", b"0\r\nSECTION\r\n2\r\nHEADER\r\n", "DXF"),
    ("a.txt", b"999\nmade by x\n  0\nSECTION\n  2\nENTITIES\n", "DXF"),
    ("a.dxf", b"AutoCAD Binary DXF\r\n\x1a\x00", "DXF"),
    ("a.dwg", b"AC1032\x00\x00\x00", "DWG"),
    ("a.xlsx", b"%PDF-1.7\n", "PDF"),
    ("a.xls", OLE + "WordDocument".encode("utf-16-le"), "Word"),
    ("a.png", b"\x89PNG\r\n\x1a\n", "PNG"),
    ("a.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
    ("a.tif", b"II*\x00\x08\x00\x00\x00", "TIFF"),
    ("a.bmp", b"BM\x36\x00\x0c\x00\x00\x00\x00\x00", "BMP"),
    ("a.tab", b"!table\n!version 300\n!charset WindowsSimpChinese\n", "MapInfo"),
    ("a.mif", b'Version 300\nCharset "WindowsSimpChinese"\nDelimiter ","\n', "MapInfo"),
    ("a.gml", b'<?xml version="1.0"?>\n<!-- x -->\n<ogr:FeatureCollection xmlns:ogr="x">', "GML"),
    ("a.xml", b'<osm version="0.6"><node id="1"/></osm>', "OSM"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
    ("a.rar", b"Rar!\x1a\x07\x01\x00", "RAR"),
    ("a.shp.gz", b"\x1f\x8b\x08\x00", "gzip"),
    ("a.shx", b"\x00\x00\x27\x0a" + b"\x00" * 96, "part of a Shapefile"),
    ("a.dbf", b"\x03\x7e\x01\x01" + b"\x00" * 60, "part of a Shapefile"),
]


@pytest.mark.parametrize(("name", "data", "kind"), FOREIGN)
def test_a_format_that_is_not_read_is_named(name: str, data: bytes, kind: str):
    with pytest.raises(ImportFileError, match=kind):
        read_table(make_upload(name, data), Layer.GRIDS)


def test_it_is_named_in_an_archive_too():
    with pytest.raises(ImportFileError, match="DXF"):
        read_table(make_upload("a.zip", packed({"图/a.dxf": b"0\nSECTION\n2\nHEADER\n"})), Layer.GRIDS)


@pytest.mark.parametrize(
    "data",
    [b"AC1001,x\n", b"BM1,BM2\n", "编号,名称\n0,SECTION\n".encode(), b"version,name\n300,x\n", b"0,1\n2,3\n", OLE],
)
def test_a_table_that_begins_alike_is_a_table(data: bytes):
    assert explain_foreign("a.csv", data) is None


def test_a_tag_in_a_cell_makes_no_web_page():
    table = read_table(make_upload("a.csv", "编号,说明\nG1,<table border=1>\n".encode()), Layer.GRIDS)
    assert table.frame["编号"].tolist() == ["G1"]


@pytest.mark.parametrize("cell", ["\"><svg onload=alert('x')>", "见 <osm 图>", "<b>一</b> <svg>"])
def test_a_table_with_an_element_in_a_cell_stays_a_table(cell):
    assert explain_foreign("grids.csv", f"编号,名称\nG1,{cell}\n".encode()) is None
