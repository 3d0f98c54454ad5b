"""Ways between grids are worked out once, also when homes are added and when the data changed beside them."""

import numpy as np
import pytest
import shapely

from services.coverage.travel_times import travel_times_between

LIMIT = 30.0


@pytest.fixture
def places():
    """Return four places along a road of 1.5 km, and the road."""
    points = np.array([[0.0, 20.0], [500.0, 20.0], [1000.0, 20.0], [1500.0, 20.0]])
    return points, np.array([shapely.LineString([(-200, 0), (1700, 0)])], dtype=object)


@pytest.fixture
def travel_times(places, monkeypatch):
    monkeypatch.setattr("services.coverage.travel_times._RECENT", type(travel_times_between.__globals__["_RECENT"])())
    return travel_times_between(*places)


def rows(pairs):
    return list(zip(pairs.origin.tolist(), pairs.destination.tolist(), np.round(pairs.cost, 6).tolist(), strict=True))


def test_the_same_grids_and_roads_have_the_same_ways(travel_times, places):
    points, lines = places
    assert travel_times_between(points.copy(), lines.copy()) is travel_times
    assert travel_times_between(points * 1.01, lines) is not travel_times
    assert travel_times_between(points, lines[:0]) is not travel_times


def test_a_home_more_is_worked_out_alone(travel_times, places):
    told = []
    travel_times.within([0, 2], LIMIT)
    assert travel_times.knows([2], LIMIT)
    assert not travel_times.knows([1, 2], LIMIT)
    more = travel_times.within([0, 1, 2], LIMIT, report=told.append)
    assert told == [1.0]
    afresh = type(travel_times)(*places).within([0, 1, 2], LIMIT)
    assert rows(more) == rows(afresh)


def test_some_of_the_homes_need_nothing_new(travel_times, places):
    told = []
    travel_times.within([0, 1, 3], LIMIT)
    some = travel_times.within([1, 3], LIMIT, report=told.append)
    assert told == []
    assert rows(some) == rows(type(travel_times)(*places).within([1, 3], LIMIT))
