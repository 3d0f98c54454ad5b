import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from geo.errors import CrsMismatchError, NotProjectedError
from geo.zones import neighbours, parents_by_location, require_same_metres


def zones(**polygons):
    return gpd.GeoSeries(polygons, crs=4547)


PARENTS = zones(n=box(0, 10, 20, 20), m=box(0, 0, 20, 10))

CHILDREN = {
    "inside": (box(1, 11, 4, 14), "n", 1),
    "most of it": (box(0, 2, 10, 12), "m", 0.8),
    "half and half": (box(0, 5, 10, 15), "m", 0.5),
    "partly outside": (box(-6, 12, 4, 14), "n", 0.4),
    "outside": (box(30, 0, 40, 10), None, 0),
    "touching from outside": (box(20, 0, 30, 10), None, 0),
    "point inside": (Point(5, 15), "n", 1),
    "point on the border": (Point(5, 10), "m", 1),
    "point outside": (Point(5, 30), None, 0),
    "null": (None, None, 0),
    "empty": (shapely.MultiPolygon(), None, 0),
}


@pytest.mark.parametrize(("child", "code", "share"), CHILDREN.values(), ids=CHILDREN.keys())
def test_a_child_goes_to_the_parent_that_covers_most_of_it(child, code, share):
    got = parents_by_location(zones(c=child), PARENTS)
    assert got.index.tolist() == ["c"]
    assert got["share"].tolist() == pytest.approx([share])
    assert (None if pd.isna(got["parent_code"].iloc[0]) else got["parent_code"].iloc[0]) == code


def test_children_keep_their_order_and_parents_may_stand_in_any():
    children = zones(z=box(1, 11, 4, 14), a=box(0, 5, 10, 15))
    forth, back = parents_by_location(children, PARENTS), parents_by_location(children, PARENTS[::-1])
    assert forth.index.tolist() == ["z", "a"]
    pd.testing.assert_frame_equal(forth, back)


def test_without_children_or_parents_there_is_nothing():
    assert parents_by_location(PARENTS[:0], PARENTS).empty
    assert parents_by_location(PARENTS, PARENTS[:0])["parent_code"].isna().all()


def test_neighbours_touch_overlap_or_are_near():
    given_ = zones(
        d=box(0, 0, 10, 10),
        c=box(10, 10, 20, 20),
        b=box(9, 0, 20, 10),
        a=box(20.5, 0, 30, 10),
        far=box(40, 0, 50, 10),
        e=None,
    )
    got = neighbours(given_, within_m=0.6)
    assert got.to_numpy().tolist() == [["a", "b"], ["a", "c"], ["b", "c"], ["b", "d"], ["c", "d"]]
    assert neighbours(given_, within_m=0).to_numpy().tolist() == [["b", "c"], ["b", "d"], ["c", "d"]]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12), st.integers(0, 4))
def test_neighbours_equal_brute_force(corners, within_m):
    polygons = [box(x, y, x + 1, y + 1) for x, y in corners]
    codes = [f"{i:02}" for i in range(len(polygons))]
    expected = [
        [codes[i], codes[j]]
        for i in range(len(polygons))
        for j in range(i + 1, len(polygons))
        if polygons[i].distance(polygons[j]) <= within_m
    ]
    got = neighbours(gpd.GeoSeries(polygons[::-1], index=codes[::-1]), within_m=within_m)
    assert got.to_numpy().tolist() == expected


def test_two_inputs_must_be_in_one_projected_crs():
    require_same_metres(PARENTS, PARENTS.set_crs(None, allow_override=True))
    with pytest.raises(CrsMismatchError):
        require_same_metres(PARENTS, PARENTS.to_crs(4548))
    with pytest.raises(NotProjectedError):
        require_same_metres(PARENTS, PARENTS.to_crs(4326))
