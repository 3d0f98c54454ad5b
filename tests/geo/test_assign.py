from dataclasses import replace
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

import geo.assign
from geo.assign import as_frame, assign_points, locate, prepare_zones
from geo.cell_table import ASK, make_table
from geo.crs import project
from geo.errors import CrsMismatchError, InvalidZonesError, NotProjectedError
from geo.schema import Method

CRS = 4547
SQUARES = gpd.GeoSeries({"b": box(0, 0, 10, 10), "a": box(10, 0, 20, 10), "c": box(18, 0, 30, 10)}, crs=CRS)
"""b and a share an edge, a and c overlap; the lowest code stands in the middle."""

CASES = {
    "inside": ((5, 5), "b", Method.INSIDE, 0, 1, False),
    "on an outer edge": ((0, 5), "b", Method.INSIDE, 0, 1, False),
    "on an outer corner": ((30, 10), "c", Method.INSIDE, 0, 1, False),
    "on a shared edge": ((10, 5), "a", Method.INSIDE, 0, 0.5, True),
    "on a shared corner": ((10, 0), "a", Method.INSIDE, 0, 0.5, True),
    "in an overlap": ((19, 5), "a", Method.INSIDE, 0, 0.5, True),
    "outside": ((35, 5), "c", Method.NEAREST, 5, 0.75, False),
    "outside, off a corner": ((33, 14), "c", Method.NEAREST, 5, 0.75, False),
    "outside, equally far": ((10, -4), "a", Method.NEAREST, 4, 0.4, True),
    "at the limit": ((40, 5), "c", Method.NEAREST, 10, 0.5, False),
    "beyond the limit": ((40.001, 5), None, Method.UNLOCATED, np.nan, 0, False),
    "nowhere": ((np.nan, np.nan), None, Method.UNLOCATED, np.nan, 0, False),
    "half known": ((5, np.nan), None, Method.UNLOCATED, np.nan, 0, False),
    "infinite": ((np.inf, 5), None, Method.UNLOCATED, np.nan, 0, False),
}


def row(zone, method, distance_m, confidence, ambiguous, index):
    return pd.DataFrame(
        {
            "zone": pd.array([zone], dtype="str"),
            "method": pd.array([method.value], dtype="str"),
            "distance_m": [float(distance_m)],
            "confidence": [float(confidence)],
            "ambiguous": [ambiguous],
        },
        index=[index],
    )


@pytest.mark.parametrize(
    ("xy", "zone", "method", "distance_m", "confidence", "ambiguous"), CASES.values(), ids=CASES.keys()
)
def test_the_zone_of_a_point(xy, zone, method, distance_m, confidence, ambiguous):
    points = gpd.GeoSeries([Point(xy)], index=["M1"], crs=CRS)
    got = assign_points(points, SQUARES, max_distance_m=10)
    pd.testing.assert_frame_equal(got, row(zone, method, distance_m, confidence, ambiguous, "M1"))


@pytest.mark.parametrize("geometry", [None, Point(), box(0, 0, 1, 1)], ids=["null", "empty", "not a point"])
def test_what_is_no_point_is_unlocated(geometry):
    points = gpd.GeoSeries([Point(5, 5), geometry], crs=CRS)
    assert assign_points(points, SQUARES)["method"].tolist() == [Method.INSIDE, Method.UNLOCATED]


def test_a_hole_belongs_to_nobody_but_its_edge_and_what_is_near():
    zones = gpd.GeoSeries({"a": box(0, 0, 100, 100).difference(box(20, 20, 80, 80))})
    got = assign_points(gpd.GeoSeries.from_xy([20, 25, 50], [50, 50, 50]), zones, max_distance_m=10)
    assert got["method"].tolist() == [Method.INSIDE, Method.NEAREST, Method.UNLOCATED]
    assert got["distance_m"][1] == 5


def test_every_part_of_a_multipolygon_counts():
    zones = gpd.GeoSeries({"a": MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]), "b": box(2, 2, 3, 3)})
    assert assign_points(gpd.GeoSeries.from_xy([5.5, 4.5], [5.5, 5]), zones)["zone"].tolist() == ["a", "a"]


def test_rows_of_one_code_are_one_zone_and_cannot_tie():
    zones = gpd.GeoSeries([box(0, 0, 6, 6), box(4, 0, 10, 6), box(5, 0, 6, 6)], index=["b", "b", "c"])
    got = assign_points(gpd.GeoSeries.from_xy([4.5, 5.5], [1, 1]), zones)
    assert got["zone"].tolist() == ["b", "b"]
    assert got["ambiguous"].tolist() == [False, True]
    assert got["confidence"].tolist() == [1, 0.5]


def test_the_lowest_code_is_the_first_as_text():
    zones = gpd.GeoSeries([box(0, 0, 1, 1)] * 2, index=[9, 10])
    assert assign_points(gpd.GeoSeries([Point(0.5, 0.5)]), zones)["zone"].tolist() == ["10"]


@pytest.mark.parametrize(("farther_by", "zone", "ambiguous"), [(0, "a", True), (1e-7, "a", True), (1e-5, "b", False)])
def test_distances_are_equal_to_a_millionth_of_a_metre(farther_by, zone, ambiguous):
    zones = gpd.GeoSeries({"b": box(-9, -1, -0.3, 1), "a": box(0.1 + 0.2 + farther_by, -1, 9, 1)})
    got = assign_points(gpd.GeoSeries([Point(0, 0)]), zones)
    assert (got["zone"][0], got["ambiguous"][0]) == (zone, ambiguous)


def test_without_a_limit_above_zero_nothing_outside_is_located():
    got = assign_points(gpd.GeoSeries.from_xy([5, 30.000001], [5, 5], crs=CRS), SQUARES, max_distance_m=0)
    assert got["method"].tolist() == [Method.INSIDE, Method.UNLOCATED]
    assert got["confidence"].tolist() == [1, 0]


def test_the_index_of_the_points_is_kept_as_it_is():
    points = gpd.GeoDataFrame({"name": ["x", "y"]}, geometry=[Point(5, 5), Point(15, 5)], index=["p", "p"], crs=CRS)
    assert assign_points(points, SQUARES.to_frame("geom").set_geometry("geom")).index.tolist() == ["p", "p"]


@pytest.mark.parametrize("zones", [SQUARES[:0], gpd.GeoSeries({"a": None, "b": MultiPolygon()}, crs=CRS)])
def test_zones_without_ground_hold_nobody(zones):
    got = assign_points(gpd.GeoSeries([Point(5, 5)], crs=CRS), zones)
    assert got["method"].tolist() == [Method.UNLOCATED]
    assert got["zone"].isna().all()


def test_no_points_give_no_rows():
    assert assign_points(gpd.GeoSeries([], crs=CRS), SQUARES).empty


@pytest.mark.parametrize("zone", [shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), Point(0, 0)])
def test_zones_that_are_not_valid_polygons_are_refused_by_code(zone):
    with pytest.raises(InvalidZonesError, match="G7"):
        prepare_zones(gpd.GeoSeries({"G1": box(0, 0, 1, 1), "G7": zone}))


def test_both_must_be_in_one_projected_crs():
    points = gpd.GeoSeries([Point(113, 23)], crs=4326)
    with pytest.raises(NotProjectedError):
        assign_points(points, SQUARES)
    with pytest.raises(CrsMismatchError):
        assign_points(points.to_crs(4548), SQUARES)


ORIGIN = np.array([418_000.0, 2_588_000.0])
small = st.integers(0, 12)
offsets = st.sampled_from([0.0, 0.5, 1e-9, 1 / 3])


@st.composite
def some_zones(draw):
    """Boxes on a coarse mesh, so that they share edges, corners and ground; some with holes, some in two parts."""
    found = []
    for _ in range(draw(st.integers(1, 7))):
        x, y, width, height = draw(small), draw(small), draw(st.integers(1, 6)), draw(st.integers(1, 6))
        zone = box(x, y, x + width, y + height)
        if min(width, height) > 2 and draw(st.booleans()):
            zone = zone.difference(box(x + 1, y + 1, x + width - 1, y + height - 1))
        if draw(st.booleans()):
            zone = zone.union(box(x + 20, y, x + 21, y + 2))
        turn = draw(st.sampled_from([0, 0, 30]))
        found.append(shapely.affinity.rotate(zone, turn, origin=(6, 6)))
    return found


@st.composite
def some_cases(draw):
    """Zones, and points on their corners and edges, near them, and anywhere."""
    zones = shapely.transform(np.array(draw(some_zones())), lambda xy: xy + ORIGIN)
    nodes = shapely.get_coordinates(zones)
    anywhere = [ORIGIN + draw(st.tuples(st.floats(-8, 30), st.floats(-8, 30))) for _ in range(draw(st.integers(0, 5)))]
    on_nodes = [nodes[draw(st.integers(0, len(nodes) - 1))] for _ in range(3)]
    on_edges = [
        shapely.get_coordinates(zone.boundary.interpolate(draw(st.floats(0, 1)), normalized=True))[0]
        for zone in zones[:3]
    ]
    shifted = [place + np.array([draw(offsets), draw(offsets)]) for place in on_nodes + on_edges]
    return zones, np.array(anywhere + on_nodes + on_edges + shifted)


def brute_force(xy, zones, codes, max_distance_m):
    """The rules of DESIGN §5 word by word, comparing one point with every zone."""
    point = Point(xy)
    holding = sorted(code for code, zone in zip(codes, zones, strict=True) if zone.intersects(point))
    if holding:
        return holding[0], Method.INSIDE, 0.0, len(holding) > 1
    distance = [point.distance(zone.boundary) for zone in zones]
    nearest = min(distance)
    if nearest > max_distance_m:
        return None, Method.UNLOCATED, None, False
    near = sorted(code for code, d in zip(codes, distance, strict=True) if d <= nearest + 1e-6)
    return near[0], Method.NEAREST, nearest, len(near) > 1


@settings(max_examples=300)
@given(some_cases(), st.randoms(use_true_random=False))
def test_equal_to_brute_force_in_any_order_of_rows(case, random):
    zones, xy = case
    codes = [f"G{random.randrange(1000):03}-{i}" for i in range(len(zones))]
    order = random.sample(range(len(zones)), len(zones))
    series = gpd.GeoSeries([zones[i] for i in order], index=[codes[i] for i in order])
    got = assign_points(gpd.GeoSeries(shapely.points(xy)), series, max_distance_m=5)
    for place, found in zip(xy, got.itertuples(), strict=True):
        zone, method, distance_m, ambiguous = brute_force(place, zones, codes, 5)
        assert (None if pd.isna(found.zone) else found.zone) == zone
        assert (found.method, found.ambiguous) == (method, ambiguous)
        assert (None if np.isnan(found.distance_m) else found.distance_m) == pytest.approx(distance_m, abs=1e-9)


@given(some_cases())
def test_nobody_is_lost_and_confidence_says_how_sure(case):
    zones, xy = case
    series = gpd.GeoSeries(zones, index=[str(i) for i in range(len(zones))])
    got = assign_points(gpd.GeoSeries(shapely.points(xy)), series, max_distance_m=5)
    assert len(got) == len(xy)
    assert (got["zone"].isna() == (got["method"] == Method.UNLOCATED)).all()
    assert (got["distance_m"].isna() == got["zone"].isna()).all()
    assert got["confidence"].between(0, 1).all()
    inside = got["method"] == Method.INSIDE
    assert (got.loc[inside & ~got["ambiguous"], "confidence"] == 1).all()
    assert (got.loc[got["ambiguous"], "confidence"] <= 0.5).all()
    assert (got.loc[(got["method"] == Method.NEAREST) & ~got["ambiguous"], "confidence"] >= 0.5).all()


@settings(max_examples=300)
@given(some_cases(), st.sampled_from([1, 7, 60, 900, 20_000]))
def test_a_table_of_cells_changes_no_answer(case, cells):
    zones, xy = case
    bare = prepare_zones(gpd.GeoSeries(zones, index=[str(i // 2) for i in range(len(zones))]))
    table = make_table(bare.polygons, cells, partial(holders, bare))
    rows, columns = table.zone.shape
    at = np.array([[k % columns, k % rows] for k in range(40)])
    borders, middles = (at + offset for offset in (0.0, 0.5))
    places = np.concatenate([xy, (np.concatenate([borders, middles]) * table.size) + (table.west, table.south)])
    same_answers(locate(places, replace(bare, cells=table), max_distance_m=5), locate(places, bare, max_distance_m=5))


def holders(zones, xy):
    found = locate(xy, zones, max_distance_m=0)
    return found.rank, found.tied


def same_answers(one, other):
    for name in ("rank", "distance_m", "tied"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_of_many_points_most_are_looked_up_and_all_are_told_as_one_by_one():
    """The zones overlap and leave gaps; a tenth of the points lie on their edges or nowhere."""
    rng = np.random.default_rng(11)
    centres = rng.random((60, 2)) * 4_000
    zones = gpd.GeoSeries(
        shapely.buffer(shapely.points(centres), rng.uniform(80, 400, 60)), index=list(map(str, range(60)))
    )
    points = rng.random((120_000, 2)) * 5_000 - 500
    edges = shapely.get_coordinates(zones.to_numpy())
    points[::20] = edges[rng.integers(0, len(edges), len(points[::20]))]
    points[5::20] = [np.nan, 3]
    quick, bare = prepare_zones(zones, points=len(points)), prepare_zones(zones)
    assert bare.cells is None
    assert (quick.cells.look_up(points) == ASK).mean() < 0.3
    same_answers(locate(points, quick), locate(points, bare))


@settings(max_examples=100)
@given(some_zones(), st.integers(0, 2**32 - 1))
def test_points_outside_are_told_together_as_each_is_by_itself(zones, seed):
    """On whole numbers many are equally far from several zones."""
    xy = np.random.default_rng(seed).integers(-30, 50, (150, 2)).astype(float)
    prepared = prepare_zones(gpd.GeoSeries(zones, index=[str(i // 2) for i in range(len(zones))]))
    alone = [locate(place[None], prepared, max_distance_m=40) for place in xy]
    together = locate(xy, prepared, max_distance_m=40)
    for name in ("rank", "distance_m", "tied"):
        np.testing.assert_array_equal(getattr(together, name), np.concatenate([getattr(one, name) for one in alone]))


def test_zones_with_lines_among_them_get_no_table():
    odd = shapely.GeometryCollection([box(0, 0, 1, 1), shapely.LineString([(0, 0), (9, 9)])])
    assert make_table(np.array([odd]), 100, None) is None
    assert prepare_zones(gpd.GeoSeries([]), points=10**6).cells is None


def test_chunks_change_nothing(monkeypatch):
    rng = np.random.default_rng(3)
    xy = rng.uniform(-5, 40, (1000, 2))
    xy[::17] = np.nan
    prepared = prepare_zones(SQUARES)
    whole = as_frame(locate(xy, prepared, max_distance_m=8), prepared, pd.RangeIndex(1000), 8)
    monkeypatch.setattr(geo.assign, "CHUNK", 64)
    parts = as_frame(locate(xy, prepared, max_distance_m=8), prepared, pd.RangeIndex(1000), 8)
    pd.testing.assert_frame_equal(whole, parts)
    assert set(whole["method"]) == {"inside", "nearest", "unlocated"}


def test_shanghai_points_fall_into_the_district_they_name(shared_data):
    districts = gpd.read_file(shared_data / "shanghai" / "区县界_area.shp")
    districts.index = districts["NAME"].replace({"闸北区": "静安区", "崇明县": "崇明区"})
    kinds = ("小学", "中学", "大学", "shanghai_hospital")
    table = pd.concat(pd.read_csv(shared_data / "shanghai" / f"{kind}.csv") for kind in kinds)
    zones = project(districts.geometry)
    points = gpd.GeoSeries.from_xy(table["lon"], table["lat"], crs=4326).to_crs(zones.crs)
    got = assign_points(points, zones)
    assert len(got) == len(table)
    assert np.mean(got["zone"].to_numpy() == table["adname"].to_numpy()) >= 0.996
