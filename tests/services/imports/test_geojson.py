"""GeoJSON feature by feature: nothing is lost without a word."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from town import stage, stored

from geo.schema import Layer
from services.imports import ImportFileError, Options, make_report, make_upload, read_upload
from services.imports.read.geojson import read_geojson

RING = [[113.2, 23.4], [113.21, 23.4], [113.21, 23.41], [113.2, 23.4]]


def collection(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (None, "feature_not_object"),
        (7, "feature_not_object"),
        ({"type": "Feature", "properties": 2, "geometry": None}, "properties_not_object"),
        ({"type": "feature", "properties": {}, "geometry": None}, "feature_wrong_type"),
        ({"type": "Feature", "properties": {}}, "geometry_member_missing"),
        (feature("POINT"), "geometry_not_object"),
        (feature({"coordinates": [1, 2]}), "geometry_unknown_type"),
        (feature({"type": "Polygon"}), "coordinates_missing"),
        (feature({"type": "GeometryCollection"}), "geometries_missing"),
        (feature({"type": "Point", "coordinates": "1,2"}), "coordinates_not_list"),
        (feature({"type": "Point", "coordinates": [113]}), "position_incomplete"),
        (feature({"type": "Point", "coordinates": ["113", 23]}), "position_not_numbers"),
        (feature({"type": "Point", "coordinates": [[113, 23], [114, 24]]}), "nested_wrongly"),
        (feature({"type": "LineString", "coordinates": [[113, 23]]}), "line_too_short"),
        (feature(polygon(RING[:2])), "ring_too_short"),
        (feature(polygon([])), "ring_too_short"),
        (feature({"type": "Point", "coordinates": [10**400, 23]}), "position_not_numbers"),
    ],
)
def test_one_bad_feature_never_costs_the_others(bad: Any, code: str):
    table = read_geojson(collection(feature(polygon(RING)), bad, feature(polygon(RING))))
    assert [(p.row, p.code) for p in table.problems] == [(2, code)]
    assert [g is not None for g in table.geometry] == [True, False, True]


def test_an_open_ring_is_closed_and_noted():
    table = read_geojson(collection(feature(polygon(RING[:3]))))
    assert [(n.row, n.code) for n in table.notes] == [(1, "ring_closed")]
    assert table.geometry[0].exterior.is_closed
    assert table.geometry[0].area == pytest.approx(0.00005)


def test_heights_and_more_are_dropped():
    table = read_geojson(collection(feature(polygon([[*position, 5, 6] for position in RING]))))
    assert not table.geometry[0].has_z


@pytest.mark.parametrize("document", [polygon(RING), feature(polygon(RING))])
def test_a_bare_feature_or_geometry_is_one_row(document: dict[str, Any]):
    assert len(read_geojson(json.dumps(document).encode()).frame) == 1


def test_objects_in_properties_become_columns():
    table = read_geojson(collection(feature(None, name="荔湾区", parent={"adcode": 440100}, center=[113, 23])))
    assert table.headers == ("name", "parent.adcode", "center")
    assert table.frame.iloc[0].tolist() == ["荔湾区", 440100, "[113, 23]"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("[]", "no GeoJSON"),
        ("12", "no GeoJSON"),
        ('{"type": "Topology"}', "its type is Topology"),
        ('{"type": "featurecollection", "features": []}', "must be written FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "no list of features"),
        ('{"type": "FeatureCollection", "features": []', "ends in the middle"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_geojson_is_said_in_one_sentence(document: str, said: str):
    with pytest.raises(ImportFileError, match=said):
        read_geojson(document.encode())


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-200, 200) | st.floats() | st.sampled_from(["Point", "Polygon", "甲"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "geometries", "geometry", "properties"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
_GEOMETRY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection"]),
        "coordinates": _JSON,
    }
)


@given(st.lists(_JSON | _GEOMETRY.map(feature), max_size=5))
def test_every_feature_is_a_row_whatever_it_is(features: list[Any]):
    table = read_geojson(collection(*features))
    assert table.rows.tolist() == list(range(1, len(features) + 1))
    assert len({p.row for p in table.problems}) == len(table.problems)


@given(st.lists(_JSON | _GEOMETRY.map(feature), min_size=1, max_size=4))
def test_every_feature_is_accepted_or_has_its_reason(features: list[Any]):
    staged = stage(make_upload("x.geojson", collection(*features)), Layer.GRIDS, Options(), stored())
    report = make_report(staged)
    rejected = {p["row"] for p in report["problems"] if p["action"] == "rejected"}
    assert report["rows_read"] == len(features) == report["rows_accepted"] + report["rows_rejected"]
    assert len(rejected) == report["rows_rejected"]
    assert all(p["message"] for p in report["problems"])


@pytest.mark.shared
def test_every_file_of_the_torture_folder_says_what_became_of_each_feature(shared_data: Path):
    files = sorted(shared_data.glob("torture/geojson_invalid/*/*.geojson"))
    assert len(files) == 74
    whole_file: list[str] = []
    for path in files:
        try:
            report = make_report(stage(read_upload(path), Layer.GRIDS, Options(), stored()))
        except ImportFileError:
            whole_file.append(path.stem)
            continue
        refused = [p["row"] for p in report["problems"] if p["action"] == "rejected"]
        features = json.loads(path.read_text()).get("features", [None])
        assert report["rows_read"] == len(features) == report["rows_accepted"] + len(set(refused)), path.name
    assert [name.partition("_featurecollection_")[2] for name in whole_file] == [
        "features_is_object",
        "no_features_member",
        "nulltype",
        "type_lowercase",
        "unknown_type",
        "empty_features",
    ]
