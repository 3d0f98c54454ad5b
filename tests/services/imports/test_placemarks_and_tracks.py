"""KML with tables in its descriptions, and GPX, whose layers are five and mostly empty."""

import pandas as pd
import pytest

from geo.schema import Layer
from services.imports import ImportFileError, make_upload
from services.imports.read.descriptions import with_described_fields
from services.imports.sandbox.process import read_table

RING = "113.17,23.38,0 113.174,23.38,0 113.174,23.384,0 113.17,23.38,0"
KML = (
    '<?xml version="1.0" encoding="UTF-8"?>{comment}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
    "<name>甲网格</name><description><![CDATA[{html}]]></description><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    + RING
    + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
)
GPX = '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'
WAYPOINT = '<wpt lat="23.4" lon="113.2"><name>集合点</name></wpt>'
LINE = '<trkpt lat="23.40" lon="113.20"/><trkpt lat="23.41" lon="113.21"/>'
TRACK = f"<trk><name>巡查路线</name><trkseg>{LINE}</trkseg></trk>"
ROUTE = '<rte><name>路线</name><rtept lat="23.4" lon="113.2"/><rtept lat="23.41" lon="113.2"/></rte>'


@pytest.mark.parametrize("comment", ["", "<!-- <html> -->", "\n\n"])
def test_a_table_in_a_description_becomes_columns(comment: str):
    html = "<html><body><table><tr><td>网格编号</td><td>T0</td></tr><tr><th>常住人口：</th><td>12</td></tr></table>"
    data = KML.format(comment=comment, html=html).encode()
    table = read_table(make_upload("a.kml", data), Layer.GRIDS)
    assert table.frame["网格编号"].tolist() == ["T0"]
    assert table.frame["常住人口"].tolist() == ["12"]
    assert table.geometry[0].area > 0


@pytest.mark.parametrize(
    ("html", "fields"),
    [
        ("<table><tr><td colspan=2>甲<tr><td><table><tr><td>A</td><td>1</td></tr></table></td></table>", {"A": "1"}),
        ("<table><tr><td>A</td><td>&lt;Null&gt;</td></tr></table>", {}),
        ("<table><tr><td>A<td>1<tr><td>B<td>a &amp; b", {"A": "1", "B": "a & b"}),
        ("<table><tr><td>name</td><td>x</td></tr></table>", {}),
        ("只是文字 <b>x</b>", {}),
    ],
)
def test_tables_of_descriptions_as_people_write_them(html: str, fields: dict[str, str]):
    frame = with_described_fields(pd.DataFrame({"name": ["甲"], "description": [html]}))
    assert frame.drop(columns=["name", "description"]).iloc[0].to_dict() == fields


@pytest.mark.parametrize(
    ("body", "layer", "read"),
    [
        (TRACK, Layer.ROADS, "tracks"),
        (WAYPOINT + TRACK, Layer.ROADS, "tracks"),
        (WAYPOINT + TRACK, Layer.UNITS, "waypoints"),
        (ROUTE, Layer.ROADS, "routes"),
        (WAYPOINT, Layer.UNITS, "waypoints"),
    ],
)
def test_of_gpx_the_layer_that_has_something_fit_is_read(body: str, layer: Layer, read: str):
    table = read_table(make_upload("a.gpx", GPX.format(body=body).encode()), layer)
    assert table.source.layer == read
    assert len(table.frame) == 1
    assert table.geometry[0] is not None
    assert read in table.source.choices or not table.source.choices


def test_gpx_with_nothing_in_it_is_one_sentence():
    with pytest.raises(ImportFileError, match="no features"):
        read_table(make_upload("a.gpx", GPX.format(body="").encode()), Layer.ROADS)


def test_gpx_with_entities_is_not_opened():
    data = GPX.replace("<gpx", '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx').format(body=WAYPOINT)
    with pytest.raises(ImportFileError):
        read_table(make_upload("a.gpx", data.encode()), Layer.UNITS)


DECLARED = KML.format(comment="", html="")


@pytest.mark.parametrize(
    ("declared", "written"),
    [("GB2312", "gb18030"), ("gbk", "gb18030"), ("GB18030", "gb18030"), ("Big5", "big5"), ("UTF-8", "gb18030")],
)
def test_markup_in_a_chinese_encoding_is_read(declared: str, written: str):
    name = "甲网格" if written == "gb18030" else "甲網格"
    document = DECLARED.replace("甲网格", name).replace("UTF-8", declared)
    table = read_table(make_upload("a.kml", document.encode(written)), Layer.GRIDS)
    assert table.frame["Name"].tolist() == [name]
    track = GPX.format(body=WAYPOINT).replace("?>", f' encoding="{declared}"?>').replace("集合点", name)
    assert read_table(make_upload("a.gpx", track.encode(written)), Layer.UNITS).frame["name"].tolist() == [name]


def test_markup_that_is_wrong_is_told_with_the_place():
    with pytest.raises(ImportFileError, match=r"no complete XML: line 2, column \d+"):
        read_table(make_upload("a.kml", DECLARED.replace("</Doc", "\n</Dog").encode()), Layer.GRIDS)


@pytest.mark.parametrize("cut", [3, 9, 60])
def test_markup_without_its_end_is_told(cut: int):
    with pytest.raises(ImportFileError, match="ends in the middle"):
        read_table(make_upload("a.kml", DECLARED.encode()[:-cut]), Layer.GRIDS)


def test_entities_in_another_encoding_are_not_opened_either():
    document = DECLARED.replace("UTF-8", "GBK").replace(
        "?>", '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    )
    with pytest.raises(ImportFileError, match="entities"):
        read_table(make_upload("a.kml", document.encode("gbk")), Layer.GRIDS)
