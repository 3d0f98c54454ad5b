import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import convert, convert_geometries
from geo.errors import NoCoordinatesError, ShapeMismatchError
from geo.guess import CANDIDATES, guess_datum, guess_datum_by_zone
from geo.schema import Datum

SQUARE = shapely.box(113.0, 23.2, 113.2, 23.4)
RENAMED = {"闸北区": "静安区", "崇明县": "崇明区"}


@pytest.fixture
def huadu(shared_data):
    return gpd.read_file(shared_data / "huadu" / "huadu_gcj02.geojson").geometry


@pytest.fixture
def huadu_outline(shared_data):
    districts = guangzhou(shared_data)
    return convert_geometries(districts.geometry[districts["name"] == "花都区"], Datum.GCJ02, Datum.WGS84)


def guangzhou(shared_data):
    return gpd.read_file(shared_data / "huadu" / "guangzhou_districts_gcj02.geojson")


@pytest.fixture
def shanghai(shared_data):
    zones = gpd.read_file(shared_data / "shanghai" / "区县界_area.shp")
    zones.index = zones["NAME"].replace(RENAMED)
    kinds = ("小学", "中学", "大学", "shanghai_hospital")
    points = pd.concat(pd.read_csv(shared_data / "shanghai" / f"{kind}.csv") for kind in kinds)
    return points, zones.geometry


def test_huadu_is_gcj02_by_the_published_figures(huadu, huadu_outline):
    guess = guess_datum(huadu, huadu_outline)
    assert guess.datum == Datum.GCJ02
    assert guess.is_clear
    assert guess.margin == pytest.approx(0.07, abs=0.001)
    wanted = {Datum.GCJ02: 0.988, Datum.WGS84: 0.918, Datum.BD09: 0.892}
    assert guess.scores == pytest.approx(wanted, abs=0.001)


def test_other_districts_in_the_outline_do_not_blur_the_guess(huadu, huadu_outline, shared_data):
    districts = convert_geometries(guangzhou(shared_data).geometry, Datum.GCJ02, Datum.WGS84)
    assert len(districts) == 11
    assert guess_datum(huadu, districts) == guess_datum(huadu, huadu_outline)


def test_shanghai_is_wgs84_by_the_districts_that_points_name(shanghai):
    points, zones = shanghai
    guess = guess_datum_by_zone(points[["lon", "lat"]].to_numpy(), points["adname"], zones)
    assert guess.datum == Datum.WGS84
    assert guess.is_clear
    assert guess.scores[Datum.WGS84] >= 0.996
    assert guess.scores[Datum.GCJ02] == pytest.approx(0.952, abs=0.01)


@given(st.sampled_from(CANDIDATES))
def test_an_outline_is_found_in_whichever_datum_it_is_given(datum):
    guess = guess_datum(convert_geometries([SQUARE, None], Datum.WGS84, datum), [SQUARE])
    assert guess.datum == datum
    assert guess.scores[datum] == pytest.approx(1, abs=1e-6)
    assert guess.margin == pytest.approx(1 - sorted(guess.scores.values())[-2], abs=1e-6)


def test_points_are_scored_by_the_share_that_lies_inside():
    corners = shapely.points(shapely.get_coordinates(SQUARE.buffer(-0.0001))[:-1])
    guess = guess_datum(convert_geometries(corners, Datum.WGS84, Datum.GCJ02), [SQUARE])
    assert guess.datum == Datum.GCJ02
    assert guess.scores[Datum.GCJ02] == 1
    assert guess.scores[Datum.WGS84] in {0.25, 0.5, 0.75}


def test_what_cannot_be_told_apart_has_no_margin():
    guess = guess_datum([SQUARE.centroid], [SQUARE])
    assert (guess.datum, guess.margin, guess.is_clear) == (Datum.WGS84, 0, False)


def test_a_polygon_that_is_not_valid_does_not_stop_the_guess():
    bowtie = shapely.Polygon([(113.0, 23.2), (113.2, 23.4), (113.2, 23.2), (113.0, 23.4)])
    assert guess_datum([bowtie], [bowtie]).datum == Datum.WGS84


def test_zones_of_one_code_count_as_one_and_unknown_names_do_not_count():
    zones = gpd.GeoSeries([shapely.box(113, 23, 113.1, 23.1), shapely.box(113.2, 23, 113.3, 23.1)], index=["a", "a"])
    lonlat = convert([[113.0999, 23.05], [113.2001, 23.05], [110, 20]], Datum.WGS84, Datum.BD09)
    guess = guess_datum_by_zone(lonlat, ["a", "a", "nowhere"], zones)
    assert guess.datum == Datum.BD09
    assert guess.scores[Datum.BD09] == 1


def test_points_may_come_as_geometries():
    zones = gpd.GeoSeries([SQUARE], index=["a"], crs=4326)
    guess = guess_datum_by_zone(gpd.GeoSeries([shapely.Point(113.1, 23.3), None]), ["a", None], zones)
    assert guess.scores[Datum.WGS84] == 1


@pytest.mark.parametrize(("geometries", "reference"), [([None], [SQUARE]), ([], [SQUARE]), ([SQUARE], [])])
def test_nothing_to_compare_is_an_error(geometries, reference):
    with pytest.raises(NoCoordinatesError):
        guess_datum(geometries, reference)


def test_names_and_points_must_be_as_many():
    zones = gpd.GeoSeries([SQUARE], index=["a"])
    with pytest.raises(ShapeMismatchError):
        guess_datum_by_zone([[113.1, 23.3]], ["a", "b"], zones)
    with pytest.raises(NoCoordinatesError):
        guess_datum_by_zone([[113.1, 23.3]], ["b"], zones)
