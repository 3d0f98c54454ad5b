"""What the browser reads is what the store holds: shapes, holes, parts, points, names."""

import gzip
import json

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from dashboard.map.packing import LINE, MAGIC, OUTER_OR_HOLE, POINT, SCALE, pack, short_labels

HOLED = Polygon(
    [(113, 23), (113.1, 23), (113.1, 23.1), (113, 23.1)], [[(113.04, 23.04), (113.06, 23.04), (113.05, 23.06)]]
)


def frame(*shapes, **columns):
    codes = [f"Z{i}" for i in range(len(shapes))]
    names = columns.pop("name", codes)
    return gpd.GeoDataFrame({"name": names, **columns}, index=codes, geometry=list(shapes), crs=4326).rename_geometry(
        "geom"
    )


def unpack(packed):
    """Read the binary as core.js does, in degrees."""
    raw = gzip.decompress(packed.body)
    magic, n, rings, coords, lon0, lat0 = np.frombuffer(raw, "<i4", 6)
    assert magic == MAGIC
    at = 24

    def take(count):
        nonlocal at
        part = np.frombuffer(raw, "<i4", count, at)
        at += 4 * count
        return part

    origin = np.array([lon0, lat0])
    ring_of, kind, coord_of = take(n + 1), take(rings), take(rings + 1)
    anchor = (origin + take(2 * n).reshape(-1, 2).cumsum(axis=0)) / SCALE
    xy = (origin + take(2 * coords).reshape(-1, 2).cumsum(axis=0)) / SCALE
    ring_xy = [xy[coord_of[i] : coord_of[i + 1]] for i in range(rings)]
    features = [[(int(kind[i]), ring_xy[i]) for i in range(ring_of[k], ring_of[k + 1])] for k in range(n)]
    return features, anchor, json.loads(raw[at:])


def test_a_hole_is_a_ring_of_its_feature():
    features, _, _ = unpack(pack(frame(HOLED)))
    assert [kind for kind, _ in features[0]] == [OUTER_OR_HOLE, OUTER_OR_HOLE]
    np.testing.assert_allclose(features[0][1][1][0], (113.04, 23.04), atol=1e-6)


def test_parts_points_and_lines_keep_their_kind_and_order():
    parts = MultiPolygon([box(113, 23, 113.1, 23.1), box(114, 23, 114.1, 23.1)])
    features, _, _ = unpack(pack(frame(parts, Point(113.5, 23.5), LineString([(113, 23), (114, 24)]))))
    assert [[kind for kind, _ in rings] for rings in features] == [[OUTER_OR_HOLE] * 2, [POINT], [LINE]]


def test_a_null_and_an_empty_shape_have_no_ring():
    features, _, texts = unpack(pack(frame(box(113, 23, 114, 24), None, Polygon())))
    assert [len(rings) for rings in features] == [1, 0, 0]
    assert texts["codes"] == ["Z0", "Z1", "Z2"]


def test_a_layer_without_rows_can_be_packed():
    assert unpack(pack(frame()))[0] == []


def test_the_name_stands_inside_the_shape():
    ring = Polygon(
        [(113, 23), (113.1, 23), (113.1, 23.1), (113, 23.1)], [box(113.02, 23.02, 113.08, 23.08).exterior.coords]
    )
    _, anchor, _ = unpack(pack(frame(ring)))
    assert ring.contains(Point(anchor[0]))


def test_the_token_changes_with_a_name_and_with_nothing_else():
    assert pack(frame(HOLED)).token == pack(frame(HOLED)).token
    assert pack(frame(HOLED)).token != pack(frame(HOLED, name=["雅瑶"])).token


@pytest.mark.parametrize(
    ("name", "parent", "label"),
    [
        ("雅瑶社区第3网格", "雅瑶社区", "第3网格"),
        ("云港花园", "雅瑶社区", "云港花园"),
        ("雅瑶社区", "雅瑶社区", "雅瑶社区"),
        ("花山镇社区", "花山镇", "花山镇社区"),
    ],
)
def test_the_name_of_the_parent_is_left_out_of_labels(name, parent, label):
    parents = frame(HOLED, name=[parent])
    assert short_labels(frame(HOLED, name=[name], parent_code=["Z0"]), parents) == [label]


corners = st.tuples(st.floats(-179, 178), st.floats(-84, 83), st.floats(1e-5, 1), st.floats(1e-5, 1))


@settings(max_examples=50, deadline=None)
@given(st.lists(corners, min_size=1, max_size=8))
def test_coordinates_come_back_to_a_millionth_of_a_degree(boxes):
    shapes = [box(x, y, x + w, y + h) for x, y, w, h in boxes]
    features, _, _ = unpack(pack(frame(*shapes)))
    for shape, rings in zip(shapes, features, strict=True):
        np.testing.assert_allclose(rings[0][1], np.array(shape.exterior.coords), atol=0.6e-6)
