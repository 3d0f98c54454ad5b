"""Files that went wrong once, as they were: each ends as it should."""

from pathlib import Path

import pytest
from town import codes_found, stage, stored, zones

from geo.schema import Datum, Layer
from services.file_assignment import FileAssignmentRequest, assign_files
from services.imports import ImportFileError, Options, StagedImport, read_upload

pytestmark = pytest.mark.shared


@pytest.fixture
def cases(shared_data: Path) -> Path:
    return shared_data / "cases"


def staged(path: Path, layer: Layer, **options: str) -> StagedImport:
    return stage(read_upload(path), layer, Options(datum=Datum.WGS84, **options), stored())


@pytest.mark.parametrize(
    ("name", "layer", "names"),
    [
        ("f02_utf8_cpg_4chars.zip", Layer.GRIDS, ["试一网格", "试二网格"]),
        ("d20d_utf8_nocpg.zip", Layer.GRIDS, ["试一网格", "试二网格"]),
        ("e07_kml_arcgis_table.kml", Layer.GRIDS, ["试0网格"]),
        ("d23_wal.gpkg", Layer.GRIDS, ["试一网格", "试二网格"]),
        ("d15_track.gpx", Layer.ROADS, ["巡查路线"]),
        ("d08_same_name_parts.geojson", Layer.SUBDISTRICTS, ["南岛街道"]),
        ("d07_duplicate_type_key.geojson", Layer.SUBDISTRICTS, ["子街道", "丑街道"]),
        ("a3_joined.json", Layer.UNITS, ["甲", "乙"]),
        ("a3_ndjson.geojsonl", Layer.UNITS, ["甲", "乙"]),
    ],
)
def test_every_row_comes_in_with_its_name(cases: Path, name: str, layer: Layer, names: list[str]):
    found = staged(cases / name, layer)
    assert sorted(found.frame["name"]) == sorted(names)
    assert found.rows_rejected == 0


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("d21h_local_unknown.zip", "local system"),
        ("d04_root_odd_00.geojson", "no GeoJSON"),
        ("d11_esrijson.json", "Esri JSON"),
        ("d11b_topojson.json", "TopoJSON"),
        ("b26b_gk_xy_noprefix.csv", "are metres"),
        ("d21d_gk_noprefix_noprj.zip", "are metres"),
        ("d16.dxf", "DXF"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(cases: Path, name: str, what: str):
    with pytest.raises(ImportFileError, match=what):
        staged(cases / name, Layer.UNITS if "b26" in name else Layer.GRIDS)


@pytest.mark.parametrize(("name", "crs"), [("b26_gk_xy_csv.csv", None), ("b26b_gk_xy_noprefix.csv", "EPSG:4547")])
def test_metres_with_x_to_the_north_come_to_their_place(cases: Path, name: str, crs: str | None):
    found = staged(cases / name, Layer.UNITS, **({"crs": crs} if crs else {}))
    place = found.frame.geometry["G1"]
    assert (round(place.x, 2), round(place.y, 2)) == (113.2, 23.4)
    assert (0, "northing_first") in codes_found(found)


def test_ids_of_features_are_their_codes(cases: Path):
    codes = ["44990800100101", "44990800100102"]
    upload = read_upload(cases / "d05_feature_id.geojson")
    found = stage(upload, Layer.GRIDS, Options(datum=Datum.WGS84), stored(grids=zones(["甲", "乙"], codes=codes)))
    assert found.frame.index.tolist() == codes
    assert found.rows_replacing == 2


def test_an_arc_costs_its_row_alone(cases: Path):
    found = staged(cases / "d18_wkt_curve.csv", Layer.GRIDS)
    assert found.frame.index.tolist() == ["W0"]
    assert (3, "curved_shape") in codes_found(found)


def test_another_datum_and_a_number_that_does_not_match_are_told(cases: Path):
    assert (0, "datum_not_shifted") in codes_found(staged(cases / "d21e_xian80.zip", Layer.GRIDS))
    mended = staged(cases / "d21g_mismatch_prj.zip", Layer.GRIDS)
    assert (0, "zone_number_fitted") in codes_found(mended)
    assert 113 < mended.frame.geometry.iloc[0].centroid.x < 114


def test_expecting_what_is_in_no_zone_is_one_sentence(cases: Path):
    points, zones = read_upload(cases / "f13_expect_none.csv"), read_upload(cases / "f11_zones.geojson")
    with pytest.raises(ImportFileError, match="No point names a zone"):
        assign_files(points, zones, FileAssignmentRequest(expect="应属"))
    with pytest.raises(ImportFileError, match="no GeoJSON"):
        assign_files(points, read_upload(cases / "d04_root_odd_00.geojson"), FileAssignmentRequest())
