"""Metres, axes, zones and datums: understood where they can be, and never "inf inf"."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from town import codes_found, packed, square, stage, stage_text, stored, zones

from geo.schema import Datum, Layer
from services.imports import ImportFileError, Options, make_upload
from services.imports.check.projections import find_way, read_crs

LONLAT = np.array([[113.2, 23.4], [113.21, 23.41]])
HOME = (113.0, 23.2, 113.5, 23.6)
LOCAL = 'LOCAL_CS["guangzhou2000",UNIT["Meter",1.0]]'
SITE = 'ENGCRS["工地",EDATUM["x"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'
XIAN = "EPSG:2383"  # 3-degree, central meridian 114°, no number before the easting
BEIJING = "EPSG:2435"


def metres(code: int, *, turned: bool = False) -> np.ndarray:
    way = pyproj.Transformer.from_crs(4326, code, always_xy=True)
    positions = np.column_stack(way.transform(LONLAT[:, 0], LONLAT[:, 1]))
    return positions[:, ::-1] if turned else positions


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("written", "stated"),
    [(4547, "EPSG:4547"), (4526, "EPSG:4526"), (4526, None), (4508, "EPSG:4508"), (4498, "EPSG:4498"), (4498, None)],
)
def test_metres_come_to_degrees_in_either_order(written: int, stated: str | None, *, turned: bool):
    way = find_way(metres(written, turned=turned), stated)
    np.testing.assert_allclose(way.to_degrees(metres(written, turned=turned)), LONLAT, atol=1e-8)
    assert ("northing_first" in {note.code for note in way.notes}) == turned


@pytest.mark.parametrize(("written", "stated"), [(4526, "EPSG:4547"), (4547, "EPSG:4526")])
def test_a_number_before_the_easting_that_the_system_does_not_have_is_fitted_and_told(written: int, stated: str):
    way = find_way(metres(written), stated)
    np.testing.assert_allclose(way.to_degrees(metres(written)), LONLAT, atol=1e-8)
    assert [note.code for note in way.notes] == ["zone_number_fitted"]


@pytest.mark.parametrize("turned", [False, True])
def test_metres_without_a_system_are_asked_for_with_the_one_that_leads_home(*, turned: bool):
    with pytest.raises(ImportFileError, match=r"are metres .*most likely EPSG:4547$"):
        find_way(metres(4547, turned=turned), None, HOME)
    with pytest.raises(ImportFileError, match=r"are metres .*like EPSG:4547"):
        find_way(metres(4547, turned=turned), None)


def test_metres_of_web_maps_and_of_utm_are_known_too():
    for code in (3857, 32649):
        with pytest.raises(ImportFileError, match=f"most likely.*EPSG:{code}"):
            find_way(metres(code), None, HOME)


def test_metres_in_degrees_and_degrees_in_metres_are_one_sentence():
    with pytest.raises(ImportFileError, match="cannot be in"):
        find_way(metres(4547), "EPSG:4490", HOME)
    with pytest.raises(ImportFileError, match="are degrees"):
        find_way(LONLAT, "EPSG:4547")


@pytest.mark.parametrize("stated", [LOCAL, SITE, "EPSG:4978", "EPSG:5773"])
def test_a_system_that_is_not_on_the_earth_is_one_sentence(stated: str):
    with pytest.raises(ImportFileError, match="local system"):
        read_crs(stated)


@pytest.mark.parametrize("stated", ["EPSG:0", "x", "PROJCS[", "{}"])
def test_a_system_that_nobody_knows_is_one_sentence(stated: str):
    with pytest.raises(ImportFileError, match="not understood"):
        read_crs(stated)


@pytest.mark.parametrize("stated", [XIAN, BEIJING, "EPSG:4610", "EPSG:4214"])
def test_another_datum_is_told_and_not_shifted(stated: str):
    crs = pyproj.CRS(stated)
    own = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
    positions = np.column_stack(own.transform(LONLAT[:, 0], LONLAT[:, 1]))
    way = find_way(positions, stated)
    np.testing.assert_allclose(way.to_degrees(positions), LONLAT, atol=1e-8)
    assert way.datum is None
    assert [note.code for note in way.notes] == ["datum_not_shifted"]


@pytest.mark.parametrize(
    ("stated", "datum"),
    [
        ("EPSG:4490", Datum.CGCS2000),
        ("EPSG:4547", Datum.CGCS2000),
        ("EPSG:4326", Datum.WGS84),
        ("OGC:CRS84", Datum.WGS84),
    ],
)
def test_the_two_datums_that_are_the_same_say_nothing(stated: str, datum: Datum):
    way = find_way(metres(4547) if stated == "EPSG:4547" else LONLAT, stated)
    assert (way.datum, way.notes) == (datum, ())


def test_a_position_that_has_no_place_shows_as_it_stands_in_the_file():
    rows = ["U1,甲,418200.7,2588900.5", "U2,乙,1e300,2588900.5"]
    staged = stage_text("\n".join(["单位编号,单位名称,X坐标,Y坐标", *rows]), Layer.UNITS, Options(crs="EPSG:4547"))
    assert (3, "not_finite") in codes_found(staged)
    assert not [f for f in staged.findings if "inf" in str(f.problem.value)]


def test_metres_in_a_table_come_to_their_place():
    rows = ["U1,甲,2588900.5,418200.7", "U2,乙,2588950.5,418300.7"]
    staged = stage_text("\n".join(["单位编号,单位名称,X坐标,Y坐标", *rows]), Layer.UNITS, Options(crs="EPSG:4547"))
    place = staged.frame.geometry["U1"]
    assert (round(place.x, 2), round(place.y, 2)) == (113.2, 23.4)


def outlines(*rows: tuple[str, int, float], size: float = 0.01) -> bytes:
    shapes = [square(column, size=size) for _, column, _ in rows]
    frame = gpd.GeoDataFrame(
        {"网格名称": [name for name, _, _ in rows], "常住人口": [count for _, _, count in rows]},
        geometry=shapes,
        crs=4326,
    )
    return frame.to_json(drop_id=True).encode()


def test_parts_of_one_name_are_one_zone_of_several_parts():
    upload = make_upload("grids.geojson", outlines(("甲", 0, 5), ("甲", 2, 5), ("乙", 4, 7)))
    staged = stage(upload, Layer.GRIDS, Options(), stored(communities=zones(["社"], codes=["C1"])))
    assert staged.frame["name"].tolist() == ["甲", "乙"]
    whole = staged.frame.geometry.iloc[0]
    assert shapely.get_num_geometries(whole) == 2
    assert whole.area == pytest.approx(2e-4)
    assert (staged.rows_read, staged.rows_accepted, staged.rows_rejected) == (3, 3, 0)
    assert (2, "part_of_zone") in codes_found(staged)


@pytest.mark.parametrize("rows", [(("甲", 0, 5), ("甲", 0, 5)), (("甲", 0, 5), ("甲", 2, 6))])
def test_the_same_shape_twice_or_other_figures_are_no_parts(rows: tuple[tuple[str, int, float], ...]):
    staged = stage(make_upload("grids.geojson", outlines(*rows)), Layer.GRIDS, Options(), stored())
    assert (2, "duplicate_name") in codes_found(staged)
    assert (staged.rows_accepted, staged.rows_rejected) == (1, 1)


def test_a_local_system_in_a_shapefile_is_one_sentence(tmp_path):
    frame = gpd.GeoDataFrame({"code": ["G1"], "name": ["甲"]}, geometry=[square(0)], crs=4326)
    frame.to_file(tmp_path / "g.shp", encoding="utf-8")
    files = {path.name: path.read_bytes() for path in tmp_path.glob("g.*")} | {"g.prj": LOCAL.encode()}
    with pytest.raises(ImportFileError, match="local system"):
        stage(make_upload("g.zip", packed(files)), Layer.GRIDS, Options(), stored())


NTV2 = (
    'GEOGCRS["x",BASEGEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]]],'
    'DERIVINGCONVERSION["g",METHOD["NTv2",ID["EPSG",9615]],'
    'PARAMETERFILE["Latitude and longitude difference file","{path}"]],'
    'CS[ellipsoidal,2],AXIS["lat",north],AXIS["lon",east],ANGLEUNIT["degree",0.0174532925199433]]'
)


@pytest.mark.parametrize(
    "stated",
    ["+init={path}:x", "init = {path}:x", "+proj=pipeline +step +init={path}:x", "A[ +init={path}:x", NTV2, "{path}"],
    ids=["init", "plain", "pipeline", "disguised", "grid", "path"],
)
def test_a_system_that_refers_to_a_file_is_refused_and_the_file_is_not_used(tmp_path, stated: str):
    planted = tmp_path / "planted"
    planted.write_text("<x> +proj=longlat +datum=WGS84 <>\n")
    with pytest.raises(ImportFileError, match="not understood"):
        read_crs(stated.format(path=planted))


def test_a_shift_by_a_grid_that_a_system_names_is_left_out(tmp_path):
    crs = read_crs(f"+proj=longlat +ellps=GRS80 +nadgrids={tmp_path}/planted +type=crs")
    assert crs is not None
    assert not crs.is_bound


def test_geojson_that_states_a_system_of_a_file_is_one_sentence(tmp_path):
    (tmp_path / "planted").write_text("<x> +proj=longlat +datum=WGS84 <>\n")
    name = f'{{"type":"name","properties":{{"name":"+init={tmp_path}/planted:x"}}}}'
    zone = (
        '{"type":"Feature","properties":{"编码":"X1","名称":"一格"},"geometry":{"type":"Point","coordinates":[113,23]}}'
    )
    content = f'{{"type":"FeatureCollection","crs":{name},"features":[{zone}]}}'
    with pytest.raises(ImportFileError, match="not understood"):
        stage(make_upload("x.geojson", content.encode()), Layer.UNITS, Options(datum=None), stored())
