"""JSON of every shape: features are read however they are packed, and other JSON is named."""

import json
from typing import Any

import pytest

from geo.schema import Layer
from services.imports import ImportFileError
from services.imports.read.geojson import read_geojson
from services.imports.read.json_documents import features_of, read_documents


def point(name: str, **members: Any) -> dict[str, Any]:
    shape = {"type": "Point", "coordinates": [113.2, 23.4]}
    return {"type": "Feature", "properties": {"名称": name}, "geometry": shape, **members}


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


LINES = "\n".join(json.dumps(point(name), ensure_ascii=False) for name in "甲乙")


@pytest.mark.parametrize(
    "content",
    [
        LINES,
        LINES + "\n",
        LINES.replace("\n", "\r\n\r\n"),
        "".join(f"\x1e{line}\n" for line in LINES.split("\n")),
        collection(point("甲")) + collection(point("乙")),
        collection(point("甲")) + ",\n\n" + collection(point("乙")),
        json.dumps(json.loads(collection(point("甲"))), indent=1) + "\n" + json.dumps(point("乙"), indent=2),
        json.dumps([point("甲"), point("乙")]),
    ],
    ids=["lines", "last line ended", "blank lines", "sequence", "joined", "comma", "indented", "list"],
)
def test_features_are_read_however_they_are_packed(content: str):
    table = read_geojson(content.encode())
    assert table.frame["名称"].tolist() == ["甲", "乙"]
    assert table.rows.tolist() == [1, 2]
    assert not table.problems


def test_a_broken_line_costs_only_itself():
    first, second = LINES.split("\n")
    table = read_geojson("\n".join([first, second[:40], second]).encode())
    assert [(p.row, p.code) for p in table.problems] == [(2, "line_broken")]
    assert table.frame["名称"].tolist() == ["甲", None, "乙"]


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_collection_that_is_cut_off_is_told(cut: int):
    whole = '{"type": "FeatureCollection",\n"features": [\n' + LINES.replace("\n", ",\n") + "\n]}"
    with pytest.raises(ImportFileError, match="ends in the middle"):
        read_geojson(whole[:-cut].encode())


def test_of_two_types_the_one_that_fits_counts():
    inner = json.dumps(point("甲"))[:-1] + ', "type": "GeometryCollection"}'
    content = '{"type": "FeatureCollection", "features": [' + inner + '], "type": "Feature"}'
    assert read_geojson(content.encode()).frame["名称"].tolist() == ["甲"]


def test_of_two_values_of_one_key_an_empty_one_does_not_count():
    content = '{"type": "Feature", "properties": {"名称": "甲", "名称": null}, "geometry": null}'
    assert read_geojson(content.encode()).frame["名称"].tolist() == ["甲"]


@pytest.mark.parametrize("kind", [["FeatureCollection"], {"a": 1}, 7, True, None, [], ""])
def test_a_type_that_is_no_text_is_one_sentence(kind: Any):
    with pytest.raises(ImportFileError, match="GeoJSON"):
        features_of({"type": kind, "features": []})


@pytest.mark.parametrize("document", [[], [1], 1, "x", None, True, [[]], {}, {"features": [point("甲")]}])
def test_a_root_that_is_none_is_one_sentence(document: Any):
    with pytest.raises(ImportFileError, match="GeoJSON"):
        features_of(document)


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ({"geometryType": "esriGeometryPoint", "features": [{"attributes": {}, "geometry": {"x": 1, "y": 2}}]}, "Esri"),
        ({"features": [{"attributes": {"名称": "甲"}}]}, "Esri"),
        ({"rings": [[[1, 2], [2, 2], [2, 3]]], "spatialReference": {"wkid": 4490}}, "Esri"),
        ({"type": "Topology", "objects": {}, "arcs": []}, "TopoJSON"),
        ({"version": 0.6, "osm3s": {}, "elements": [{"type": "node"}]}, "Overpass"),
        ({"error": {"code": 400}}, "message of a service"),
        ([{"名称": "甲"}, {"名称": "乙"}], "table as JSON"),
        ({"count": 1, "rows": [{"名称": "甲"}]}, "table as JSON"),
    ],
)
def test_json_of_another_kind_is_named(document: Any, what: str):
    with pytest.raises(ImportFileError, match=what):
        features_of(document)


def test_the_id_of_a_feature_is_its_code_where_there_is_no_other():
    content = collection(point("甲", id="449908001001"), point("乙", id=449908001002)).encode()
    assert read_geojson(content, Layer.COMMUNITIES).frame["id"].tolist() == ["449908001001", "449908001002"]


@pytest.mark.parametrize("ids", [("0", "1"), (1, 2)])
def test_ids_that_only_count_are_no_codes(ids: tuple[Any, Any]):
    content = collection(point("甲", id=ids[0]), point("乙", id=ids[1])).encode()
    assert list(read_geojson(content, Layer.COMMUNITIES).frame.columns) == ["名称"]


def test_a_code_among_the_properties_comes_before_the_id():
    feature = point("甲", id="x7")
    feature["properties"]["社区编号"] = "449908001001"
    assert "id" not in read_geojson(collection(feature).encode(), Layer.COMMUNITIES).frame.columns


def test_parts_in_different_systems_are_not_mixed():
    parts = [
        {"type": "FeatureCollection", "features": [point(name)], "crs": {"properties": {"name": crs}}}
        for name, crs in (("甲", "EPSG:4490"), ("乙", "EPSG:4547"))
    ]
    with pytest.raises(ImportFileError, match="different coordinate systems"):
        read_geojson("\n".join(map(json.dumps, parts)).encode())


def test_documents_of_one_text_are_one():
    assert read_documents('{"a": 1}') == [{"a": 1}]
