"""The board takes its ways from the stored roads, in tables and one by one, and the browser is told the same."""

import shapely

from dashboard.payloads.drag import make_ground
from geo.schema import Layer
from services.catalog.actions import Action
from services.coverage import TravelSource, load_inputs
from services.planning import find_calls, load_snapshot
from services.rules.windows import Mode
from tests.acting import act

from .conftest import EVENING, METRE, SOUTH, WEST, frame


def road(*points):
    return shapely.MultiLineString([[(WEST + x * METRE, SOUTH + y * METRE) for x, y in points]])


def board_with(office, roads):
    if roads:
        rows = {f"R{k}": {"name": "", "kind": kind} for k, (kind, _) in enumerate(roads)}
        with act(office, Action.IMPORT) as work:
            work.tx.upsert(Layer.ROADS, frame(rows, [line for _, line in roads]))
    return load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)


def test_a_way_round_counts_as_long_as_it_is(office):
    straight = board_with(office, [])
    assert straight.coverage_inputs.travel_times.travel is TravelSource.STRAIGHT
    assert make_ground(straight)["walks"] is None
    snapshot = board_with(office, [("street", road((50, 50), (50, 2050), (150, 2050), (150, 50)))])
    assert snapshot.coverage_inputs.travel_times.travel is TravelSource.ROADS
    assert straight.minutes("T1", "G2") < 2
    assert 50 < snapshot.minutes("T1", "G2") < 60
    assert snapshot.travel_times.origin.size
    assert make_ground(snapshot)["walks"]["limit"] == snapshot.walks_limit


def test_nobody_walks_on_a_motorway(office):
    snapshot = board_with(office, [("motorway", road((50, 50), (50, 2050), (150, 2050), (150, 50)))])
    assert snapshot.coverage_inputs.travel_times.travel is TravelSource.STRAIGHT


def test_a_call_counts_the_way_along_the_road_and_asks_nobody_beyond_its_reach(office):
    snapshot = board_with(office, [("street", road((50, 50), (50, 2050), (150, 2050), (150, 50)))])
    grids = snapshot.grids.assign(surplus=[40.0, 0.0, 0.0, 0.0], gap=[0.0, 3.0, 0.0, 0.0])
    assert find_calls(snapshot, grids, (), 30.0) == ()
    (call,) = find_calls(snapshot, grids, (), 60.0)
    assert call.minutes == snapshot.minutes("T1", "G2")


def test_ways_to_spare_grids_are_the_same_from_either_side(office):
    snapshot = board_with(office, [("street", road((50, 50), (50, 2050), (150, 2050), (150, 50)))])
    few_weak = snapshot.grids.assign(surplus=[40.0, 0.0, 40.0, 40.0], gap=[0.0, 3.0, 0.0, 0.0])
    minutes = {call.giver: call.minutes for call in find_calls(snapshot, few_weak, (), 120.0)}
    assert minutes
    for giver, found in minutes.items():
        assert found == snapshot.coverage_inputs.travel_times.from_grid(giver)[1]
