import csv
import math

import coord_convert.transform as coord_convert
import numpy as np
import prcoords
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import CHINA, convert, convert_geometries, is_in_china
from geo.schema import Datum

WGS84, CGCS2000, GCJ02, BD09 = Datum.WGS84, Datum.CGCS2000, Datum.GCJ02, Datum.BD09
MARGIN_DEG = 0.05
inland = st.lists(
    st.tuples(
        st.floats(CHINA[0] + MARGIN_DEG, CHINA[2] - MARGIN_DEG),
        st.floats(CHINA[1] + MARGIN_DEG, CHINA[3] - MARGIN_DEG),
    ),
    min_size=1,
    max_size=20,
).map(np.array)
pairs = st.tuples(st.sampled_from(list(Datum)), st.sampled_from(list(Datum)))


def distance_m(one, other):
    """Metres between ``(n, 2)`` longitudes, latitudes on a sphere, for short distances."""
    lat = np.radians((one[:, 1] + other[:, 1]) / 2)
    east, north = (one - other).T
    return np.hypot(east * np.cos(lat), north) * math.pi / 180 * 6371000


def some_places(count=500):
    rng = np.random.default_rng(7)
    return np.column_stack([rng.uniform(74, 135, count), rng.uniform(4, 53, count)])


@given(inland, pairs)
def test_going_there_and_back_is_right_to_a_millimetre(lonlat, pair):
    source, target = pair
    back = convert(convert(lonlat, source, target), target, source)
    assert distance_m(lonlat, back).max() < 1e-3


@given(st.floats(-1e-6, 1e-6), st.floats(20, 50))
def test_round_trip_holds_where_the_shift_has_a_kink(east_of_105, lat):
    lonlat = np.array([[105 + east_of_105, lat]])
    back = convert(convert(lonlat, WGS84, BD09), BD09, WGS84)
    assert distance_m(lonlat, back).max() < 1e-3


def test_the_map_vendors_own_services_agree(shared_data):
    with (shared_data / "coords" / "coord_truth.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30
    datum = {"WGS84": WGS84, "GCJ02": GCJ02, "BD09": BD09}
    for row in rows:
        given_, wanted = (np.array([[float(row[f"{side}_lng"]), float(row[f"{side}_lat"])]]) for side in ("from", "to"))
        got = convert(given_, datum[row["from_crs"]], datum[row["to_crs"]])
        tolerance_m = float(row["tolerance"].removeprefix("~").removesuffix(" m"))
        assert distance_m(got, wanted)[0] < tolerance_m, row["point"]


def test_forward_equals_prcoords():
    places = some_places()
    gcj02 = [prcoords.wgs_gcj((lat, lon)) for lon, lat in places]
    bd09 = [prcoords.gcj_bd(place) for place in gcj02]
    assert distance_m(convert(places, WGS84, GCJ02), np.array(gcj02)[:, ::-1]).max() < 1e-6
    assert distance_m(convert(places, WGS84, BD09), np.array(bd09)[:, ::-1]).max() < 1e-6


def test_forward_equals_coord_convert():
    places = some_places()
    assert distance_m(convert(places, WGS84, GCJ02), np.array([coord_convert.wgs2gcj(*p) for p in places])).max() < 1e-6
    assert distance_m(convert(places, WGS84, BD09), np.array([coord_convert.wgs2bd(*p) for p in places])).max() < 1e-6


def test_inverse_equals_coord_convert_to_its_own_precision():
    places = some_places()
    theirs = np.array([coord_convert.gcj2wgs(*p) for p in places])
    assert distance_m(convert(places, GCJ02, WGS84), theirs).max() < 0.01


@pytest.mark.parametrize("place", [(139.69, 35.69), (-43.94, -19.92), (0.0, 0.0), (71.9, 40.0)])
@pytest.mark.parametrize("target", [GCJ02, BD09])
def test_nothing_is_shifted_outside_china(place, target):
    assert convert([place], WGS84, target).tolist() == [list(place)]
    assert convert([place], target, WGS84).tolist() == [list(place)]


def test_cgcs2000_equals_wgs84():
    places = some_places(5)
    assert np.array_equal(convert(places, CGCS2000, WGS84), places)
    assert np.array_equal(convert(places, CGCS2000, GCJ02), convert(places, WGS84, GCJ02))


def test_the_input_is_not_changed():
    places = some_places(5)
    before = places.copy()
    convert(places, WGS84, BD09)[:] = 0
    convert(places, WGS84, WGS84)[:] = 0
    assert np.array_equal(places, before)


@pytest.mark.parametrize(("source", "target"), [(WGS84, GCJ02), (GCJ02, WGS84), (BD09, WGS84)])
def test_a_row_that_is_not_finite_is_nan_and_leaves_the_others_alone(source, target):
    got = convert([[113.2, 23.4], [np.nan, 23.4], [113.2, np.inf]], source, target)
    assert np.array_equal(got[0], convert([[113.2, 23.4]], source, target)[0])
    assert np.isnan(got[1:]).all()


def test_equal_input_gives_equal_output_wherever_it_stands():
    places = some_places(101)
    together = convert(np.concatenate([places, places[3:10], places]), BD09, WGS84)
    assert np.array_equal(together[:101], together[-101:])
    assert np.array_equal(convert(places[50:51], BD09, WGS84)[0], together[50])


def test_no_rows_give_no_rows():
    assert convert(np.empty((0, 2)), BD09, WGS84).shape == (0, 2)


def test_geometries_keep_their_structure_nulls_and_empties():
    hole = [(113.24, 23.24), (113.26, 23.24), (113.25, 23.26)]
    square = shapely.Polygon(shapely.box(113.2, 23.2, 113.3, 23.3).exterior.coords, [hole])
    given_ = [square, shapely.MultiPoint([(113, 23), (114, 24)]), None, shapely.MultiPolygon(), shapely.Point(113, 23)]
    got = convert_geometries(given_, WGS84, GCJ02)
    assert got[2] is None
    assert got[3].is_empty
    assert [g and g.geom_type for g in got] == [g and g.geom_type for g in given_]
    assert len(got[0].interiors) == 1
    expected = convert(shapely.get_coordinates(square), WGS84, GCJ02)
    assert np.array_equal(shapely.get_coordinates(got[0]), expected)


def test_the_box_of_china_holds_its_edge_and_no_nan():
    edge = np.array([[CHINA[0], CHINA[1]], [CHINA[2], CHINA[3]], [np.nan, 30.0], [138.0, 30.0]])
    assert is_in_china(edge).tolist() == [True, True, False, False]
