import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from geo.errors import ShapeMismatchError
from geo.road_network import link_crossings, pairs_along

roads = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 90)), max_size=14)


def floyd(rows, count):
    """All shortest ways the slow way."""
    way = np.full((count, count), np.inf)
    np.fill_diagonal(way, 0)
    for one, other, length in rows:
        way[one, other] = way[other, one] = min(way[one, other], length if one != other else 0)
    for middle in range(count):
        way = np.minimum(way, way[:, [middle]] + way[[middle], :])
    return way


@given(roads, st.lists(st.integers(-1, 6), max_size=6), st.lists(st.integers(-1, 6), max_size=6), st.integers(0, 150))
@settings(max_examples=150)
def test_pairs_are_those_of_floyd_and_warshall(rows, origin, destination, limit_m):
    table = np.array(rows, dtype=float).reshape(-1, 3)
    found = pairs_along(link_crossings(*table.T, 7), origin, destination, limit_m)
    way = floyd(rows, 7)
    expected = [
        (i, j, way[a, b])
        for i, a in enumerate(origin)
        for j, b in enumerate(destination)
        if a >= 0 and b >= 0 and way[a, b] <= limit_m
    ]
    told = list(zip(found.origin.tolist(), found.destination.tolist(), found.cost.tolist(), strict=True))
    assert [pair[:2] for pair in told] == [pair[:2] for pair in expected]
    np.testing.assert_allclose([pair[2] for pair in told], [pair[2] for pair in expected], atol=1e-3)


def test_the_shortest_of_two_roads_counts():
    network = link_crossings([0, 1, 0], [1, 0, 1], [500, 300, np.nan], 2)
    assert pairs_along(network, [0], [1], 1000).cost.tolist() == [300]


def test_a_road_of_no_length_joins_its_ends():
    assert pairs_along(link_crossings([0], [1], [0], 2), [0], [1], 10).cost.tolist() == [0]


def test_lengths_must_agree():
    with pytest.raises(ShapeMismatchError, match="end 1"):
        link_crossings([0, 1], [1], [5, 5], 3)


@pytest.mark.shared
def test_every_estate_of_changchun_is_on_the_road_to_every_other(shared_data):
    folder = shared_data / "changchun"
    crossings, table = pd.read_csv(folder / "路口数据.csv"), pd.read_csv(folder / "道路数据.csv")
    estates = pd.read_csv(folder / "小区数据.csv")
    number = pd.Index(crossings["节点编号"])
    ends = [number.get_indexer(table[column]) for column in ("路线起点", "路线终点")]
    network = link_crossings(*ends, table["路线距离(m)"], len(crossings))
    at = cKDTree(crossings[["路口横坐标", "路口纵坐标"]]).query(estates[["小区横坐标", "小区纵坐标"]])[1]
    far = pairs_along(network, at[:3], at, np.inf)
    assert far.cost.size == 3 * len(estates) == 3 * 1409
    near = pairs_along(network, at[:3], at, 2400)
    kept = far.cost <= 2400
    np.testing.assert_array_equal(near.destination, far.destination[kept])
