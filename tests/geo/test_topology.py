import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from geo.crs import project
from geo.datum import convert_geometries
from geo.errors import NotProjectedError
from geo.schema import Datum
from geo.topology import check_topology
from geo.validate import GeometryKinds, check_geometries


def zones(**polygons):
    return gpd.GeoSeries(polygons, crs=4547)


def pairs(topology):
    return list(zip(topology.overlaps["left"], topology.overlaps["right"], strict=True))


@pytest.fixture
def huadu(shared_data):
    frame = gpd.read_file(shared_data / "huadu" / "huadu_gcj02.geojson")
    return gpd.GeoSeries(check_geometries(frame.geometry, {GeometryKinds.AREA}).geometry, index=frame["name"], crs=4326)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.WGS84])
@pytest.mark.parametrize("crs", [4526, 4546, 4547, 4548, 32649, 32650])
def test_huadu_has_17_overlaps_and_49_gaps_in_every_projection(huadu, datum, crs):
    lonlat = gpd.GeoSeries(convert_geometries(huadu, Datum.GCJ02, datum), index=huadu.index, crs=4326)
    topology = check_topology(lonlat.to_crs(crs))
    assert len(topology.overlaps) == 17
    assert len(topology.gaps) == 49


def test_huadu_has_the_published_areas(huadu):
    topology = check_topology(project(huadu))
    assert 150.45e4 < topology.overlap_area_m2 < 150.75e4
    largest, smallest = topology.overlaps.iloc[0], topology.overlaps.iloc[-1]
    assert {largest["left"], largest["right"]} == {"花东镇", "花山镇"}
    assert largest["area_m2"] == pytest.approx(27.45e4, rel=1e-3)
    assert smallest["area_m2"] == pytest.approx(3.6, abs=0.05)
    assert topology.gaps.crs == topology.overlaps.crs
    assert topology.gaps.area.to_numpy() == pytest.approx(topology.gaps["area_m2"].to_numpy())


def test_an_overlap_counts_when_it_is_larger_than_the_tolerance():
    given_ = zones(a=box(0, 0, 10, 10), b=box(9.9, 0, 20, 10), c=box(19.8, 0, 30, 10))
    assert pairs(check_topology(given_)) == [("b", "c")]
    assert pairs(check_topology(given_, tolerance_m2=0.5)) == [("b", "c"), ("a", "b")]


def test_zones_that_merely_touch_do_not_overlap():
    given_ = zones(a=box(0, 0, 10, 10), b=box(10, 0, 20, 10), c=box(10, 10, 20, 20))
    topology = check_topology(given_, tolerance_m2=0)
    assert topology.overlaps.empty
    assert topology.gaps.empty
    assert (topology.overlap_area_m2, topology.gap_area_m2) == (0, 0)


def test_only_the_ground_of_an_overlap_is_kept_of_what_two_zones_share():
    comb = shapely.union_all([box(0, 0, 10, 2), box(0, 0, 2, 10), box(8, 0, 10, 10)])
    topology = check_topology(zones(a=comb, b=box(2, 1, 8, 10)))
    assert topology.overlaps["area_m2"].tolist() == [6]
    assert topology.overlaps.geometry[0].geom_type == "MultiPolygon"
    assert topology.overlaps.geometry[0].equals(box(2, 1, 8, 2))


def ring(outer, inner):
    return box(*outer).difference(box(*inner))


def test_a_hole_that_no_zone_fills_is_a_gap():
    topology = check_topology(zones(a=ring((0, 0, 30, 30), (10, 10, 20, 20))))
    assert topology.gaps["area_m2"].tolist() == pytest.approx([100])
    assert topology.gaps.geometry[0].equals_exact(box(10, 10, 20, 20), 1e-6, normalize=True)


def test_a_zone_within_a_hole_is_not_part_of_the_gap():
    topology = check_topology(zones(a=ring((0, 0, 30, 30), (10, 10, 20, 20)), b=box(14, 14, 16, 16)))
    assert topology.gaps["area_m2"].tolist() == pytest.approx([96], abs=0.1)
    filled = check_topology(zones(a=ring((0, 0, 30, 30), (10, 10, 20, 20)), b=box(10, 10, 20, 20)))
    assert filled.gaps.empty


def test_a_gap_whose_mouth_is_a_hairline_is_a_gap_and_an_open_bay_is_not():
    pocket = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    hairline, bay = box(14.995, 20, 15.005, 31), box(14, 20, 16, 31)
    assert len(check_topology(zones(a=pocket.difference(hairline))).gaps) == 1
    assert check_topology(zones(a=pocket.difference(bay))).gaps.empty


def test_a_gap_below_the_tolerance_does_not_count():
    given_ = zones(a=ring((0, 0, 30, 30), (10, 10, 10.9, 10.9)))
    assert check_topology(given_).gaps.empty
    assert len(check_topology(given_, tolerance_m2=0.5).gaps) == 1


def test_nulls_and_empties_are_left_out():
    given_ = zones(a=box(0, 0, 10, 10), b=None, c=shapely.MultiPolygon(), d=box(5, 0, 15, 10))
    assert pairs(check_topology(given_)) == [("a", "d")]
    nothing = check_topology(zones(a=None))
    assert (len(nothing.overlaps), len(nothing.gaps)) == (0, 0)


def test_degrees_are_refused():
    with pytest.raises(NotProjectedError):
        check_topology(gpd.GeoSeries([box(113, 23, 114, 24)], crs=4326))


boxes = st.lists(
    st.tuples(*[st.integers(0, 30)] * 2, *[st.integers(1, 12)] * 2).map(
        lambda b: box(b[0], b[1], b[0] + b[2], b[1] + b[3])
    ),
    min_size=1,
    max_size=8,
)


@given(boxes, st.randoms(use_true_random=False))
def test_overlaps_equal_brute_force_in_any_order_of_rows(polygons, random):
    codes = [f"{i}" for i in range(len(polygons))]
    expected = {
        (codes[i], codes[j]): polygons[i].intersection(polygons[j]).area
        for i in range(len(polygons))
        for j in range(i + 1, len(polygons))
        if polygons[i].intersection(polygons[j]).area > 1
    }
    order = random.sample(range(len(polygons)), len(polygons))
    shuffled = gpd.GeoSeries([polygons[i] for i in order], index=[codes[i] for i in order])
    topology = check_topology(shuffled)
    got = dict(zip(pairs(topology), topology.overlaps["area_m2"], strict=True))
    assert got == pytest.approx(expected)


@given(boxes)
def test_zones_and_gaps_together_fill_what_the_zones_enclose(polygons):
    topology = check_topology(gpd.GeoSeries(polygons), tolerance_m2=0.1)
    union = shapely.union_all(polygons)
    filled = shapely.union_all(
        [shapely.Polygon(part.exterior) for part in shapely.get_parts(shapely.buffer(union, 0.01, join_style="mitre"))]
    )
    assert union.area + topology.gap_area_m2 == pytest.approx(filled.area, abs=0.02 * (filled.length + 50))
    assert np.all(topology.gaps["area_m2"] > 0.1)
