import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from geo.errors import ShapeMismatchError
from geo.validate import WORLD, Fault, GeometryKinds, check_geometries, check_lonlat, swap_axes

AREA = frozenset({GeometryKinds.AREA})
POINT = frozenset({GeometryKinds.POINT})
SQUARE = box(113, 23, 113.1, 23.1)
BOWTIE = Polygon([(113, 23), (113.1, 23.1), (113.1, 23), (113, 23.1)])

REFUSED_AREAS = {
    "null": (None, Fault.NULL, ""),
    "empty": (MultiPolygon(), Fault.EMPTY, "MultiPolygon"),
    "empty collection": (GeometryCollection(), Fault.EMPTY, "GeometryCollection"),
    "point": (Point(113, 23), Fault.WRONG_TYPE, "Point"),
    "closed line": (SQUARE.exterior, Fault.WRONG_TYPE, "LinearRing"),
    "collection without area": (GeometryCollection([Point(113, 23)]), Fault.WRONG_TYPE, "GeometryCollection"),
    "infinite": (Polygon([(113, 23), (113.1, np.inf), (113, 23.1)]), Fault.NOT_FINITE, "113.1 inf"),
    "a node at 0,0": (Polygon([(0, 0), (113, 23), (113, 23.1)]), Fault.ZERO_ZERO, "0 0"),
    "swapped": (box(23, 113, 23.1, 113.1), Fault.SWAPPED, "23.1 113"),
    "too far east": (box(1132, 23, 1132.1, 23.1), Fault.OUT_OF_RANGE, "1132.1 23"),
    "metres": (box(418000, 2588000, 418100, 2588100), Fault.OUT_OF_RANGE, "418100 2588000"),
    "Paris": (box(2.3, 48.8, 2.4, 48.9), Fault.OUTSIDE_CHINA, "2.4 48.8"),
    "partly abroad": (box(137, 40, 139, 41), Fault.OUTSIDE_CHINA, "139 40"),
    "no area": (
        shapely.from_wkt("POLYGON((113 23,113 23,113 23,113 23))"),
        Fault.UNREPAIRABLE,
        "too few points in geometry component",
    ),
    "line and back": (
        shapely.from_wkt("POLYGON((113 23,114 23,115 23,113 23))"),
        Fault.UNREPAIRABLE,
        "self-intersection",
    ),
}


@pytest.mark.parametrize(("geometry", "fault", "value"), REFUSED_AREAS.values(), ids=REFUSED_AREAS.keys())
def test_a_refused_row_has_one_problem_and_no_geometry(geometry, fault, value):
    checked = check_geometries([SQUARE, geometry], AREA, rows=[2, 3], column="边界")
    assert checked.accepted.tolist() == [True, False]
    assert checked.geometry[0].equals(SQUARE)
    assert checked.geometry[1] is None
    (problem,) = checked.problems
    assert (problem.row, problem.column, problem.code, problem.value) == (3, "边界", fault, value)
    assert checked.repairs == ()


def test_a_nan_coordinate_is_found_in_any_node():
    with np.errstate(invalid="ignore"):
        polygon = shapely.set_coordinates(
            shapely.box(113, 23, 114, 24), [[113, 23], [113, 24], [np.nan, 24], [114, 23], [113, 23]]
        )
    (problem,) = check_geometries([polygon], AREA).problems
    assert (problem.code, problem.value) == (Fault.NOT_FINITE, "nan 24")


def test_nothing_is_accepted_where_a_layer_allows_it():
    checked = check_geometries([None, Point(), Point(113, 23)], {GeometryKinds.POINT, GeometryKinds.NOTHING})
    assert checked.accepted.all()
    assert checked.geometry.tolist() == [None, None, Point(113, 23)]


def test_areas_come_out_as_flat_multipolygons_without_repeated_nodes():
    given_ = Polygon([(113, 23, 5), (113.1, 23, 5), (113.1, 23, 6), (113.1, 23.1, 5), (113, 23, 5)])
    (got,) = check_geometries([given_], AREA).geometry
    assert got.geom_type == "MultiPolygon"
    assert not got.has_z
    assert shapely.get_num_coordinates(got) == 4


def test_parts_are_found_however_deep_they_lie():
    nested = GeometryCollection([Point(113, 23), GeometryCollection([GeometryCollection([MultiPolygon([SQUARE])])])])
    checked = check_geometries([nested], {GeometryKinds.AREA, GeometryKinds.POINT})
    assert checked.geometry[0].equals(SQUARE)
    assert [repair.what for repair in checked.repairs] == ["mixed geometry"]


def test_every_shape_of_the_torture_files_is_accepted_or_explained(shared_data):
    files = sorted((shared_data / "torture" / "geojson_invalid").rglob("*.geojson"))
    assert len(files) == 74
    shapes = [shapely.from_geojson(file.read_text(encoding="utf-8"), on_invalid="ignore") for file in files]
    checked = check_geometries(shapes, {GeometryKinds.AREA, GeometryKinds.LINE, GeometryKinds.POINT}, home=WORLD)
    assert len(checked.problems) + checked.accepted.sum() == 74
    assert shapely.is_valid(checked.geometry[shapely.get_dimensions(checked.geometry) == 2]).all()


def test_points_come_out_of_their_wrapping():
    checked = check_geometries([MultiPoint([(113, 23)]), MultiPoint([(113, 23), (114, 23)])], POINT)
    assert checked.geometry.tolist() == [Point(113, 23), None]
    assert [problem.code for problem in checked.problems] == [Fault.WRONG_TYPE]


def test_lines_are_kept_where_lines_are_wanted():
    road = LineString([(113, 23), (113.1, 23.1)])
    assert check_geometries([road], {GeometryKinds.LINE}).geometry.tolist() == [road]
    assert [p.code for p in check_geometries([road], AREA).problems] == [Fault.WRONG_TYPE]


INVALID = {
    "bowtie": (BOWTIE, "self-intersection", 0.005),
    "hole outside": (
        Polygon(SQUARE.exterior, [box(113.2, 23.2, 113.21, 23.21).exterior.coords]),
        "hole lies outside shell",
        0.0101,
    ),
    "parts overlap": (MultiPolygon([SQUARE, box(113.05, 23.05, 113.15, 23.15)]), "self-intersection", 0.0175),
    "part twice": (MultiPolygon([SQUARE, SQUARE]), "self-intersection", 0.01),
    "collection": (GeometryCollection([SQUARE, Point(113, 23)]), "mixed geometry", 0.01),
    "spike": (
        Polygon([(113, 23), (113.1, 23), (113.1, 23.1), (113.2, 23.2), (113.1, 23.1), (113, 23.1)]),
        "self-intersection",
        0.01,
    ),
}


@pytest.mark.parametrize(("geometry", "what", "area"), INVALID.values(), ids=INVALID.keys())
def test_a_repair_keeps_the_ground_and_is_reported(geometry, what, area):
    checked = check_geometries([SQUARE, geometry], AREA, rows=[2, 3], names=["甲", "乙"])
    assert checked.accepted.all()
    assert checked.problems == ()
    (repair,) = checked.repairs
    assert (repair.row, repair.name, repair.what) == (3, "乙", what)
    assert checked.geometry[1].is_valid
    assert checked.geometry[1].area == pytest.approx(area)


def test_the_change_of_area_is_in_square_metres_of_the_shoelace_formula():
    """The lobes of the bowtie cancel out before and are a quarter of the square each after."""
    (repair,) = check_geometries([BOWTIE], AREA).repairs
    whole = gpd.GeoSeries([SQUARE], crs=4326).to_crs(4547).area[0]
    assert repair.area_change_m2 == pytest.approx(whole / 2, rel=1e-3)


def test_huadu_has_one_repair(shared_data):
    frame = gpd.read_file(shared_data / "huadu" / "huadu_gcj02.geojson")
    checked = check_geometries(frame.geometry, AREA, names=frame["name"])
    assert checked.accepted.all()
    assert [(repair.row, repair.name, repair.what) for repair in checked.repairs] == [
        (2, "花山镇", "self-intersection")
    ]
    areas = gpd.GeoSeries(checked.geometry, crs=4326).to_crs(32649).area
    assert areas.sum() / 1e6 == pytest.approx(976.32, abs=0.005)


def test_no_rows_give_no_rows():
    checked = check_geometries([], AREA)
    assert (len(checked.geometry), checked.problems, checked.repairs) == (0, (), ())
    assert len(check_lonlat(np.empty((0, 2))).geometry) == 0


def test_rows_must_be_as_many_as_geometries():
    with pytest.raises(ShapeMismatchError):
        check_geometries([SQUARE], AREA, rows=[2, 3])


LONLATS = {
    "fine": ((113.2, 23.4), None, None, None),
    "swapped": ((23.4, 113.2), Fault.SWAPPED, "lon", "23.4"),
    "lon out of range": ((1132.5, 23.4), Fault.OUT_OF_RANGE, "lon", "1132.5"),
    "lat out of range": ((113.2, 234.0), Fault.OUT_OF_RANGE, "lat", "234"),
    "lat missing": ((113.2, np.nan), Fault.NOT_FINITE, "lat", "nan"),
    "lon infinite": ((-np.inf, 23.4), Fault.NOT_FINITE, "lon", "-inf"),
    "both missing": ((np.nan, np.nan), Fault.NULL, "lon", ""),
    "zero": ((0, 0), Fault.ZERO_ZERO, "lon", "0"),
    "abroad": ((-43.9, -19.9), Fault.OUTSIDE_CHINA, "lon", "-43.9"),
}


@pytest.mark.parametrize(("lonlat", "fault", "column", "value"), LONLATS.values(), ids=LONLATS.keys())
def test_the_fault_of_two_numbers_names_the_column(lonlat, fault, column, value):
    checked = check_lonlat([lonlat], rows=[7])
    got = [(problem.row, problem.code, problem.column, problem.value) for problem in checked.problems]
    assert got == ([(7, fault, column, value)] if fault else [])
    assert checked.geometry.tolist() == [None if fault else Point(lonlat)]


def test_no_coordinates_are_fine_where_a_layer_allows_it():
    checked = check_lonlat([(np.nan, np.nan), (113, 23)], allowed_kinds={GeometryKinds.POINT, GeometryKinds.NOTHING})
    assert checked.accepted.all()
    assert checked.geometry.tolist() == [None, Point(113, 23)]


def test_the_extent_of_a_known_layer_finds_a_swap_abroad():
    brazil = (-44.1, -20.1, -43.8, -19.7)
    assert check_lonlat([(-19.9, -43.9), (-43.9, -19.9)], home=brazil).accepted.tolist() == [False, True]
    assert check_lonlat([(-19.9, -43.9)], home=brazil).swap_explains == 1


def test_the_whole_world_can_be_allowed():
    assert check_lonlat([(-43.9, -19.9), (2.3, 48.8)], home=WORLD).accepted.all()
    assert [p.code for p in check_lonlat([(23.4, 113.2)], home=WORLD).problems] == [Fault.SWAPPED]


def test_swapping_the_axes_settles_what_it_explains():
    given_ = [swap_axes([SQUARE])[0], SQUARE, None]
    checked = check_geometries(given_, AREA)
    assert checked.swap_explains == 1
    again = check_geometries(swap_axes(given_), AREA)
    assert again.accepted.tolist() == [True, False, False]
    assert again.geometry[0].equals(SQUARE)


anything = st.floats(allow_nan=True, allow_infinity=True, width=64)


@given(st.lists(st.tuples(anything, anything), max_size=8))
def test_no_numbers_raise_and_every_row_is_accepted_or_explained(lonlat):
    checked = check_lonlat(np.array(lonlat).reshape(-1, 2))
    assert len(checked.problems) + checked.accepted.sum() == len(lonlat)
    assert [g is not None for g in checked.geometry] == checked.accepted.tolist()


@example([(113, 22), (112, 23), (112, 24), (113, 22), (112, 23), (112, 22)])
@given(st.lists(st.tuples(st.floats(112, 114), st.floats(22, 24)), min_size=3, max_size=9))
def test_any_ring_is_repaired_or_explained(ring):
    checked = check_geometries([Polygon(ring)], AREA)
    assert len(checked.problems) + checked.accepted.sum() == 1
    for polygon in checked.geometry[checked.accepted]:
        assert polygon.geom_type == "MultiPolygon"
        assert polygon.is_valid
        assert polygon.area > 0
