import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from geo.crs import degrees_of, point_xy, project, project_lonlat, projected_crs, require_metres, unproject
from geo.errors import GeoError, NoCoordinatesError, NotLonlatError, NotProjectedError


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (113.2, 23.4, 4547),
        (121.47, 31.23, 4549),
        (125.3, 43.9, 4551),
        (75.99, 39.47, 4534),
        (134.7, 48.3, 4554),
        (115.49, 30.0, 4547),
        (115.5, 30.0, 4548),
        (72.1, 40.0, 4534),
        (137.5, 50.0, 4554),
        (-43.94, -19.92, 32723),
        (139.69, 35.69, 32654),
        (180.0, 10.0, 32601),
    ],
)
def test_the_zone_of_a_place(lon, lat, epsg):
    assert projected_crs((lon, lat, lon, lat)).to_epsg() == epsg


@given(st.floats(73.6, 136.4))
def test_the_central_meridian_is_never_farther_than_a_degree_and_a_half(lon):
    crs = projected_crs((lon, 30, lon, 30))
    parameters = {p.name: p.value for p in crs.coordinate_operation.params}
    assert abs(parameters["Longitude of natural origin"] - lon) <= 1.5
    assert parameters["False easting"] == 500_000
    assert parameters["Scale factor at natural origin"] == 1


def test_a_series_and_its_bounds_give_the_same():
    series = gpd.GeoSeries([shapely.box(112.9, 23.2, 113.5, 23.7), None], crs=4326)
    assert projected_crs(series) == projected_crs((112.9, 23.2, 113.5, 23.7))
    assert projected_crs(series.to_crs(32649)).to_epsg() == 4547


@pytest.mark.parametrize(
    ("where", "error"),
    [
        (gpd.GeoSeries([None], crs=4326), NoCoordinatesError),
        ((np.nan,) * 4, NoCoordinatesError),
        ((400000.0, 2580000.0, 430000.0, 2600000.0), NotLonlatError),
    ],
)
def test_no_place_is_an_error(where, error):
    with pytest.raises(error) as caught:
        projected_crs(where)
    assert isinstance(caught.value, GeoError)


def test_the_central_meridian_lies_at_500_km_east():
    east, _ = project_lonlat([[114.0, 23.4]], projected_crs((113, 23, 114, 24)))[0]
    assert east == pytest.approx(500_000, abs=1e-6)


def test_northing_on_the_central_meridian_is_the_meridian_arc():
    """From the equator to 45° on GRS 80: 4 984 944.378 m (Torge, Geodesy)."""
    _, north = project_lonlat([[114.0, 45.0]], projected_crs((113, 23, 114, 24)))[0]
    assert north == pytest.approx(4_984_944.378, abs=1e-3)


def test_arrays_and_frames_are_projected_alike():
    points = gpd.GeoSeries.from_xy([113.2, 113.3], [23.4, 23.5])
    metres = project(points)
    assert metres.crs.to_epsg() == 4547
    assert np.array_equal(project_lonlat([[113.2, 23.4], [113.3, 23.5]], metres.crs), metres.get_coordinates())


@pytest.mark.parametrize(("epsg", "degrees"), [(4547, 4490), (4526, 4490), (32649, 4326), (2383, 4326)])
def test_the_zones_of_cgcs2000_are_reached_from_their_own_degrees(epsg, degrees):
    assert degrees_of(CRS.from_epsg(epsg)).to_epsg() == degrees


@pytest.mark.parametrize("epsg", [4547, 32649])
def test_the_short_way_leads_where_the_long_one_does(epsg):
    lonlat = np.array([[112.0, 20.0], [113.2, 23.4], [116.0, 45.0]])
    long_way = Transformer.from_crs(4326, epsg, always_xy=True)
    metres = project(gpd.GeoSeries(gpd.points_from_xy(*lonlat.T)), CRS.from_epsg(epsg))
    assert metres.crs.to_epsg() == epsg
    np.testing.assert_array_equal(point_xy(metres), np.column_stack(long_way.transform(*lonlat.T)))
    back = unproject(metres)
    assert back.crs.to_epsg() == 4326
    np.testing.assert_allclose(point_xy(back), lonlat, atol=1e-9)


def test_what_is_not_finite_is_nan():
    got = project_lonlat([[np.nan, 23.4], [np.inf, 23.4], [113.2, 23.4]], projected_crs((113, 23, 114, 24)))
    assert np.isnan(got[:2]).all()
    assert np.isfinite(got[2]).all()


def test_degrees_are_refused_and_metres_are_not():
    require_metres(gpd.GeoSeries([shapely.Point(0, 0)], crs=4547))
    require_metres(gpd.GeoSeries([shapely.Point(0, 0)]))
    with pytest.raises(NotProjectedError):
        require_metres(gpd.GeoSeries([shapely.Point(0, 0)], crs=4326))


def test_the_coordinates_of_points_are_nan_where_there_are_none():
    got = point_xy([shapely.Point(1, 2), None, shapely.Point(), shapely.box(0, 0, 1, 1)])
    assert np.array_equal(got, [[1, 2], [np.nan] * 2, [np.nan] * 2, [np.nan] * 2], equal_nan=True)
