"""Shapes as databases write them into cells: EWKT, WKB in hexadecimal digits, GeoJSON, in systems of their own."""

import numpy as np
import pytest
import shapely
from town import codes_found, square, stage, stage_text, stored, workbook

from geo.schema import Datum, Layer
from services.imports import ImportFileError, Options, make_upload
from services.imports.check.projections import find_way
from services.imports.check.shape_texts import read_shape_texts
from services.imports.findings import message_of

POINT = shapely.Point(113.2185, 23.405)
HEX = shapely.to_wkb(POINT, hex=True)
IN_METRES = shapely.Point(420_139.25, 2_589_401.5)
"""In CGCS2000 with the central meridian 114° (EPSG:4547)."""


def with_srid(shape: shapely.Geometry, srid: int) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, srid), hex=True, include_srid=True))


FORMS = [
    "POINT(113.2185 23.405)",
    "point ( 113.2185 23.405 )",
    "POINT Z (113.2185 23.405 4)",
    "POINTZ(113.2185 23.405 4)",
    "POINT M (113.2185 23.405 4)",
    "POINT ZM (113.2185 23.405 4 5)",
    "POINT（113.2185　23.405）",
    "SRID=4326;POINT(113.2185 23.405)",
    "srid=4490; Point(113.2185 23.405);",
    "ＳＲＩＤ＝４３２６；POINT（113.2185 23.405）",
    "SRID=4326;POINTZ(113.2185 23.405 4)",
    "SRID=0;POINT(113.2185 23.405)",
    "SRID=-1;POINT(113.2185 23.405)",
    HEX,
    HEX.lower(),
    f"\\x{HEX.lower()}",
    f"0x{HEX}",
    f"SRID=4326;{HEX}",
    shapely.to_wkb(POINT, hex=True, byte_order=0),
    shapely.to_wkb(shapely.Point(113.2185, 23.405, 4), hex=True),
    with_srid(POINT, 4326),
    with_srid(POINT, 4490).lower(),
    f"E6100000{HEX}",
    f"00000000{HEX}",
    '{"type":"Point","coordinates":[113.2185,23.405]}',
    '{"type": "Feature", "properties": {"a": "甲"}, "geometry": {"type": "Point", "coordinates": [113.2185, 23.405]}}',
    '{"type":"Point","crs":{"type":"name","properties":{"name":"EPSG:4326"}},"coordinates":[113.2185,23.405]}',
]


def units(cells: list[str], header: str = "geom", options: Options | None = None):
    """Return units staged from a workbook, one for each cell."""
    rows = [["单位编号", "单位名称", header], *([f"U{n}", f"单位{n}", cell] for n, cell in enumerate(cells, 1))]
    return stage(make_upload("u.xlsx", workbook(rows)), Layer.UNITS, options or Options(datum=Datum.WGS84), stored())


def positions(staged) -> list[tuple[float, float]]:
    return [(round(shape.x, 6), round(shape.y, 6)) for shape in staged.frame.geometry]


def test_every_form_is_the_same_place_in_a_workbook():
    staged = units(FORMS)
    assert codes_found(staged) == []
    assert positions(staged) == [(113.2185, 23.405)] * len(FORMS)
    assert not any(shape.has_z for shape in staged.frame.geometry)


def test_every_form_is_the_same_place_in_a_text():
    lines = [f'U{n},单位{n},"{cell.replace(chr(34), chr(34) * 2)}"' for n, cell in enumerate(FORMS, 1)]
    staged = stage_text("\n".join(["单位编号,单位名称,WKT", *lines]), Layer.UNITS, Options(datum=Datum.WGS84))
    assert staged.rows_accepted == len(FORMS)
    assert set(positions(staged)) == {(113.2185, 23.405)}


def test_outlines_come_from_databases_too():
    outline = square(0)
    cells = [f"SRID=4490;{outline.wkt}", with_srid(outline, 4490), shapely.to_geojson(outline)]
    rows = [["网格编号", "网格名称", "the_geom"], *([f"G{n}", f"网格{n}", cell] for n, cell in enumerate(cells))]
    staged = stage(make_upload("g.xlsx", workbook(rows)), Layer.GRIDS, Options(), stored())
    assert staged.rows_accepted == 3
    assert all(shape.symmetric_difference(outline).area < 1e-12 for shape in staged.frame.geometry)
    assert staged.datum.datum == "cgcs2000"
    assert staged.datum.how == "declared"


@pytest.mark.parametrize("header", ["坐标", "location", "位置坐标"])
def test_a_column_of_positions_may_hold_shapes(header: str):
    assert positions(units([with_srid(POINT, 4326)], header)) == [(113.2185, 23.405)]


@pytest.mark.parametrize("header", ["geom", "wkb_geometry", "ST_AsEWKT", "geojson", "geog"])
def test_the_columns_of_databases_are_known_by_their_names(header: str):
    assert positions(units([with_srid(POINT, 4326)], header)) == [(113.2185, 23.405)]


def test_each_row_is_in_the_system_that_it_names():
    metres = np.array([[IN_METRES.x, IN_METRES.y]])
    lon, lat = find_way(metres, "EPSG:4547").to_degrees(metres)[0]
    staged = units([f"SRID=4547;{IN_METRES.wkt}", "SRID=4490;POINT(113.2 23.4)"], options=Options())
    assert codes_found(staged) == []
    assert positions(staged) == [(round(lon, 6), round(lat, 6)), (113.2, 23.4)]


def test_rows_that_name_no_system_are_in_that_of_the_others():
    assert len(units([f"SRID=4547;{IN_METRES.wkt}", IN_METRES.wkt], options=Options()).frame) == 2


def test_an_unknown_system_is_told_by_row_and_column():
    staged = units(["SRID=4326;POINT(113.2 23.4)", "SRID=123456;POINT(113.2 23.4)", with_srid(POINT, 999_999)])
    found = [f.problem for f in staged.findings]
    assert [(p.row, p.column, p.code) for p in found] == [(3, "geom", "srid_unknown"), (4, "geom", "srid_unknown")]
    assert "不认识坐标系 123456" in message_of(found[0])
    assert positions(staged) == [(113.2, 23.4)]


def test_the_system_that_the_user_names_counts_for_all_rows():
    staged = units(["SRID=123456;POINT(113.2 23.4)"], options=Options(crs="EPSG:4490"))
    assert positions(staged) == [(113.2, 23.4)]


def test_a_row_of_another_datum_than_most_is_refused():
    staged = units(["SRID=4490;POINT(113.2 23.4)", "SRID=4490;POINT(113.3 23.4)", "SRID=4610;POINT(113.2 23.4)"])
    assert codes_found(staged) == [(4, "srid_differs")]


def test_degrees_that_are_said_to_be_metres_are_told():
    with pytest.raises(ImportFileError, match="in metres"):
        units(["SRID=4547;POINT(113.2 23.4)"])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("SRID=4326;POINT(113.2)", "bad_wkt"),
        ("SRID=4326;", "bad_wkt"),
        ("SRID=x;POINT(113.2 23.4)", "bad_wkt"),
        (HEX[:-2], "bad_wkt"),
        ("12345678901234567890", "bad_wkt"),
        ('{"rings":[]}', "bad_wkt"),
        ("{", "bad_wkt"),
        ("SRID=4326;CIRCULARSTRING(113.2 23.4,113.3 23.5,113.4 23.4)", "curved_shape"),
        (f"POLYGON(({'113.2 23.4,' * 3000}"[:32_767], "shape_cut"),
        (f"POLYGON(({'113.2 23.4,' * 3000}"[:255], "shape_cut"),
        (HEX * 9, ""),
    ],
)
def test_what_is_no_shape_costs_its_row_and_is_told(cell: str, code: str):
    staged = units(["POINT(113.2 23.4)", cell])
    assert [f for f in codes_found(staged) if f[1] != "datum_assumed"] == ([(3, code)] if code else [])


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_its_system(form: str):
    texts = read_shape_texts([form, None])
    assert texts.srids.tolist()[0] in {0, 4326, 4490}
    assert texts.shapes[1] is None


def test_the_columns_in_which_a_shape_goes_on_count_as_used():
    wkt = square(0).wkt
    rows = [["网格编号", "网格名称", "wkt", "wkt2", "wkt3", "说明"], ["G1", "甲", wkt[:20], wkt[20:40], wkt[40:], "x"]]
    staged = stage(make_upload("g.xlsx", workbook(rows)), Layer.GRIDS, Options(datum=Datum.WGS84), stored())
    assert staged.frame.geometry["G1"].equals(square(0))
    assert staged.mapping.unused == ("说明",)
