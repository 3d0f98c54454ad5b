"""Supply where a published roster says who stands where: people count when they said yes, on both stores."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from geo.schema import Layer
from services import coverage, planning, rostering
from services.catalog.actions import Action
from services.coverage import count_weak_by_hour, coverage_tables, find_norm_range, grid_balance, load_inputs, sum_gaps
from services.coverage.roster_supply import LEVELS, find_member_supply
from services.rules.areas import Area
from services.rules.norms import working_calendar
from services.rules.roster.duties import DutyState
from services.rules.roster.roster_supply import RosterSupply, RosterTime, standing_people
from services.rules.windows import Mode, Window, hours_ahead, share_by_day_part
from tests.services.rostering.people import put

DAY = datetime(2026, 11, 30)
ON_DUTY = Window(DAY.replace(hour=8), DAY.replace(hour=10))
HALF = Window(DAY.replace(hour=6), DAY.replace(hour=10))
BEFORE = Window(DAY.replace(hour=6), DAY.replace(hour=8))


@pytest.fixture
def published(office, inputs, roster, board, shift_at):
    """Return what coverage is made from once a gate and a roaming post of Monday have one person each."""
    put(office, roster, inputs, shift_at(0, 8), "M001", "gate")
    put(office, roster, inputs, shift_at(0, 8, "roaming"), "M085", "roaming")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    gate, roaming = sorted(board().duties, key=lambda duty: duty.member_code)

    def load(*confirmed):
        for duty in confirmed:
            rostering.set_duty_state(office, roster, [duty.id], DutyState.CONFIRMED, event_id=f"yes {duty.id}")
        return load_inputs(office)

    load.gate, load.roaming = gate, roaming
    return load


def grids(inputs, window, mode=Mode.EMERGENCY):
    return coverage_tables(inputs, mode, window)[Layer.GRIDS]


def test_nobody_counts_before_saying_yes(published):
    table = grids(published(), ON_DUTY)
    assert table["supply_members"].sum() == table["supply_roster"].sum() == 0
    assert table["asked"].sum() == pytest.approx(2)
    assert (table["covered"] == 1).all()


def test_whoever_said_yes_counts_at_the_post_and_nobody_else_does(published):
    tables = coverage_tables(published(published.gate), Mode.EMERGENCY, ON_DUTY)
    assert tables[Layer.GRIDS]["supply_members"].to_dict() == {"G1": 0, "G2": 1, "G3": 0, "G4": 0}
    assert tables[Layer.ESTATES].loc["E1", ["supply_members", "supply_roster", "covered"]].tolist() == [1, 1, 1]
    wide = tables[Layer.COMMUNITIES].loc["C1"]
    assert [wide[name] for name in ("supply", "supply_roster", "covered")] == [1, 1, 1]
    assert wide["asked"] == pytest.approx(1)


def test_people_at_the_post_of_a_community_are_spread_over_its_grids_by_need(published):
    tables = coverage_tables(published(published.roaming), Mode.EMERGENCY, ON_DUTY)
    table, estate = tables[Layer.GRIDS], tables[Layer.ESTATES].loc["E1"]
    assert table["supply_roster"].sum() == pytest.approx(1)
    assert table["supply_roster"].to_numpy() == pytest.approx((table["need"] / table["need"].sum()).to_numpy())
    assert estate["supply_roster"] == pytest.approx(estate["need"] / table["need"].sum())


def test_hours_without_a_roster_count_by_the_time_members_have(inputs, published):
    now = published(published.gate)
    before, half, after = (grids(of, window) for of, window in ((inputs, BEFORE), (now, HALF), (now, ON_DUTY)))
    assert (half["covered"] == 0.5).all()
    mean = (before["supply_members"] + after["supply_members"]) / 2
    assert half["supply_members"].to_numpy() == pytest.approx(mean.to_numpy())
    assert grids(now, BEFORE)["supply_members"].to_numpy() == pytest.approx(before["supply_members"].to_numpy())


def test_who_could_still_be_called_are_those_who_are_on_no_roster(inputs, published):
    """G1 has 80 members, one at the gate; of G3's 6 one is asked, of all of whom the grid's mean goes off."""
    estimate, table = grids(inputs, ON_DUTY)["supply_members"], grids(published(published.gate), ON_DUTY)
    home = {"G1": 79 / 80, "G2": 1, "G3": 5 / 6, "G4": 1}
    assert table["callable"].to_dict() == pytest.approx({code: estimate[code] * share for code, share in home.items()})


def test_every_way_to_count_says_the_same(published):
    now = published(published.gate, published.roaming)
    windows = [ON_DUTY, HALF, BEFORE]
    tables = [grids(now, window) for window in windows]
    for window, table in zip(windows, tables, strict=True):
        alone = grid_balance(now, Mode.EMERGENCY, window)
        assert alone["supply"].to_numpy() == pytest.approx(table["supply"].to_numpy())
        assert (alone["status"] == table["status"]).all()
    nobody = [coverage.NOBODY_SENT] * 3
    assert sum_gaps(now, Mode.EMERGENCY, windows, nobody) == pytest.approx([t["gap"].sum() for t in tables])
    hours = hours_ahead(DAY.replace(hour=6), 8)
    strip = count_weak_by_hour(now, Mode.EMERGENCY, DAY.replace(hour=6), 8)
    for row, hour in zip(strip.itertuples(), hours, strict=True):
        assert row.weak == (grids(now, hour)["status"] == "weak").sum()
        assert row.estimated == (grids(now.bare, hour)["status"] == "weak").sum()
        assert row.covered == (hour.start.hour >= 8)
    draws = find_norm_range(now, Mode.EMERGENCY, ON_DUTY)
    assert draws.supply[Layer.GRIDS] == pytest.approx(np.tile(tables[0]["supply_members"].to_numpy(), (40, 1)))


def test_of_an_area_the_same_is_told_as_of_everything(office, published):
    now = published(published.gate)
    scope = office.within(Area(Layer.GRIDS, "G2")).scope(Action.VIEW_COVERAGE)
    inside = coverage.inputs_within(now, scope)
    assert list(inside.levels[Layer.GRIDS].facts.index) == ["G2"]
    of_everything = grid_balance(now, Mode.EMERGENCY, HALF).loc[["G2"]]
    pd.testing.assert_frame_equal(grid_balance(inside, Mode.EMERGENCY, HALF), of_everything)


def test_the_chance_that_enough_come_is_sure_of_those_who_said_yes(published):
    table = grids(published(published.gate), ON_DUTY, Mode.ROUTINE)
    needed = table["need"] > 0
    enough = table.loc[needed, "supply_roster"] >= np.ceil(table.loc[needed, "need"] - 1e-9)
    assert table.loc[needed, "chance"].tolist() == enough.astype(float).tolist()


def test_who_serves_elsewhere_does_not_count_at_home_too(inputs):
    """Eight of the 80 members of G1 serve in a roster that holds G3 alone."""
    holds = {layer: np.zeros(len(inputs.levels[layer].facts), dtype=bool) for layer in LEVELS}
    holds[Layer.GRIDS][2] = True
    there, nobody = standing_people([(8, ON_DUTY.start, ON_DUTY.end, 2)]), standing_people([])
    at_home = standing_people([(8, ON_DUTY.start, ON_DUTY.end, 0)])
    rosters = RosterSupply(
        (RosterTime((ON_DUTY,), holds),),
        on_duty={Layer.GRIDS: there, Layer.ESTATES: nobody},
        to_confirm=dict.fromkeys(LEVELS, nobody),
        on_duty_homes={Layer.GRIDS: at_home, Layer.ESTATES: nobody},
        to_confirm_homes=dict.fromkeys(LEVELS, nobody),
    )
    found = find_member_supply(replace(inputs, rosters=rosters), Layer.GRIDS, ON_DUTY)
    share = share_by_day_part(ON_DUTY, working_calendar(inputs.norms))
    estimate = inputs.levels[Layer.GRIDS].persons @ share
    assert found.members == pytest.approx([estimate[0] * 0.9, estimate[1], 8, estimate[3]])
    assert found.roster_share.tolist() == [0, 0, 1, 0]


def test_a_roster_that_was_closed_early_says_nothing_of_the_time_after(office, inputs, roster, now, published):
    published(published.gate)
    now[0] = DAY.replace(hour=9)
    rostering.close_roster(office, roster, event_id="close")
    closed = load_inputs(office)
    table = grids(closed, ON_DUTY)
    estimate = grids(inputs, Window(DAY.replace(hour=9), DAY.replace(hour=10)))["supply_members"]
    assert (table["covered"] == 0.5).all()
    assert table["supply_roster"].to_dict() == {"G1": 0, "G2": 0.5, "G3": 0, "G4": 0}
    assert table["supply_members"].to_numpy() == pytest.approx((table["supply_roster"] + estimate / 2).to_numpy())
    later = Window(DAY.replace(hour=10), DAY.replace(hour=12))
    pd.testing.assert_frame_equal(grids(closed, later), grids(inputs, later))


def test_the_map_counts_whom_the_handover_tells_less_those_who_are_to_confirm(office, published):
    for confirmed in ((), (published.gate,), (published.gate, published.roaming)):
        now = published(*confirmed)
        figures = rostering.read_handover(office, now, DAY.replace(hour=9)).figures
        assert (figures.people, figures.to_confirm) == (2, 2 - len(confirmed))
        assert grids(now, ON_DUTY)["supply_roster"].sum() == pytest.approx(figures.people - figures.to_confirm)


def test_hundreds_of_rosters_hold_each_its_own_zones_and_hours(inputs):
    count = len(inputs.levels[Layer.GRIDS].facts)
    nobody = dict.fromkeys(LEVELS, standing_people([]))
    quarters = [
        Window(ON_DUTY.start + k * HALF.length / 400, ON_DUTY.start + (k + 1) * HALF.length / 400) for k in range(200)
    ]
    times = []
    for number, quarter in enumerate(quarters):
        holds = {layer: np.zeros(len(inputs.levels[layer].facts), dtype=bool) for layer in LEVELS}
        holds[Layer.GRIDS][number % 2 :: 2] = True
        times.append(RosterTime((quarter,), holds))
    rosters = RosterSupply(tuple(times), nobody, nobody, nobody, nobody)
    found = find_member_supply(replace(inputs, rosters=rosters), Layer.GRIDS, ON_DUTY)
    assert found.roster_share == pytest.approx(np.full(count, 0.5))


def test_a_draft_and_a_roster_of_long_ago_change_nothing(office, inputs, roster, shift_at, now, published):
    assert not inputs.rosters
    published(published.gate)
    now[0] = datetime(2027, 1, 12)
    assert not load_inputs(office).rosters


def test_a_roster_that_is_published_is_a_change_under_a_plan_that_was_drafted_before(
    office, inputs, roster, shift_at, board
):
    """The home counted on 8 of its 80 members by their hours, now on nobody; the grid that lacks people on one."""
    plan = planning.create_plan(office, ON_DUTY, Mode.EMERGENCY, event_id="plan")
    before = planning.load_snapshot(office, inputs, ON_DUTY, Mode.EMERGENCY)
    move = planning.Move("T2", "G2", 6, reason="试", overruled=("below_floor",))
    assert planning.drop(office, before, plan.id, move, event_id="d").preview.is_allowed

    def supply_of(code):
        snapshot = planning.load_snapshot(office, load_inputs(office), ON_DUTY, Mode.EMERGENCY)
        changes = planning.find_stale_moves(snapshot, planning.read_plan(office, plan.id))
        return {change.code: (change.supply.before, change.supply.after) for change in changes}.get(code)

    put(office, roster, inputs, shift_at(0, 8), "M001", "gate")
    assert supply_of("G1") is None
    rostering.publish_roster(office, roster, inputs, event_id="p")
    assert supply_of("G1") == (pytest.approx(8), 0)
    (duty,) = board().duties
    rostering.set_duty_state(office, roster, [duty.id], DutyState.CONFIRMED, event_id="yes")
    assert supply_of("G2") == (pytest.approx(grids(inputs, ON_DUTY).loc["G2", "supply"], abs=0.01), 1)
