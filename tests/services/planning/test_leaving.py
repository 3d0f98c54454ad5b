"""A team arrives in full; its home grid loses what it had counted of its people: on the map, in plans and orders."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.payloads.drag import make_ground
from geo.schema import Layer
from services.catalog.actions import Action
from services.coverage import load_inputs
from services.planning import (
    Move,
    PlanSettings,
    change_plan,
    commit_plan,
    create_plan,
    drop,
    figures_of,
    load_snapshot,
    preview,
    propose_plan,
    read_plan,
    send,
    sent_during,
    tables_with_plan,
)
from services.planning.propose import state_problem
from services.rules.planning import Rule
from services.rules.windows import Mode, Window
from tests.acting import act

from .conftest import TEAMS, frame, team

WORKDAY = Window(datetime(2026, 11, 26, 8), datetime(2026, 11, 26, 12))
SHARE = 0.1
"""What a member counts as in the day of a weekday where nobody states otherwise."""


@pytest.fixture
def plan(office, event):
    return create_plan(office, WORKDAY, Mode.EMERGENCY, event_id=event(), name="上午")


@pytest.fixture
def snapshot(office):
    return load_snapshot(office, load_inputs(office), WORKDAY, Mode.EMERGENCY)


@pytest.fixture
def add_team(office):
    """Return a function that writes a team and who is stored as standing in it."""

    def add(code, size, members, home="G1"):
        with act(office, Action.IMPORT) as work:
            work.tx.upsert(Layer.TEAMS, frame({code: team(code, home, size)}))
            work.tx.teams.add_members(code, [(member, "member") for member in members])

    return add


def test_a_team_arrives_in_full_and_home_loses_what_it_counted(snapshot, plan):
    seen = preview(snapshot, plan, Move("T1", "G2", 12))
    assert seen.receiver.supply_after - seen.receiver.supply_before == pytest.approx(12)
    assert seen.giver.supply_before - seen.giver.supply_after == pytest.approx(12 * SHARE)


def test_a_part_of_a_team_costs_its_part(office, event, plan):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.TEAMS, frame({"T1": TEAMS["T1"] | {"kind": "志愿服务队"}}))
    snapshot = load_snapshot(office, load_inputs(office), WORKDAY, Mode.EMERGENCY)
    seen = preview(snapshot, plan, Move("T1", "G2", 4))
    assert seen.giver.supply_before - seen.giver.supply_after == pytest.approx(4 * SHARE)


def test_preview_tables_figures_and_orders_agree(office, event, snapshot, plan):
    seen = drop(office, snapshot, plan.id, Move("T1", "G2", 12, overruled=(Rule.BELOW_FLOOR,), reason="邻格同意"),
                event_id=event())  # fmt: skip
    promised = tables_with_plan(snapshot, seen.plan)[Layer.GRIDS]
    assert promised.loc["G1", "supply"] == pytest.approx(seen.preview.giver.supply_after)
    figures = figures_of(snapshot, seen.plan)
    assert figures.after.unmet == pytest.approx(promised["gap"].sum())
    assert figures.by_hour["after"].mean() == pytest.approx(figures.after.unmet)
    commit_plan(office, plan.id)
    now = load_snapshot(office, load_inputs(office), WORKDAY, Mode.EMERGENCY)
    np.testing.assert_allclose(now.grids["supply"], promised["supply"])
    assert sent_during(office, WORKDAY).leaving == {"G1": 12}


def test_typed_in_people_cost_the_home_nothing(office, plan, add_team):
    add_team("F00000000000a", 7, ["M000", "M001", "M002"])
    add_team("F00000000000b", 5, [])
    add_team("F00000000000c", 4, ["M000", "M082"])  # the second belongs to G3
    snapshot = load_snapshot(office, load_inputs(office), WORKDAY, Mode.EMERGENCY)
    lost = [
        snapshot.home_loss(code, snapshot.teams[code].size) for code in sorted(snapshot.teams) if code.startswith("F")
    ]
    np.testing.assert_allclose(lost, [3 * SHARE, 0, 1 * SHARE])


def test_a_team_that_costs_nothing_leaves_a_grid_that_is_short_itself(office, plan, add_team):
    add_team("F00000000000b", 5, [], home="G3")
    snapshot = load_snapshot(office, load_inputs(office), WORKDAY, Mode.EMERGENCY)
    assert snapshot.grids.loc["G3", "gap"] > 0
    assert preview(snapshot, plan, Move("F00000000000b", "G2", 5)).is_allowed
    assert Rule.BELOW_FLOOR in {b.rule for b in preview(snapshot, plan, Move("T3", "G2", 8)).breaches}


def test_the_floor_holds_after_what_is_lost(office, event, plan, snapshot):
    need, supply = snapshot.figures("G1")
    share = (supply - 12 * SHARE) / need
    for floor, is_allowed in ((share - 0.01, True), (share + 0.01, False)):
        asked = change_plan(
            office, plan.id, event_id=event(), settings=PlanSettings(floor_share=floor, keeps_mean_share=False)
        )
        assert preview(snapshot, asked, Move("T1", "G2", 12)).is_allowed is is_allowed


def test_a_proposal_counts_as_the_preview_does(office, event, plan, snapshot):
    free = change_plan(office, plan.id, event_id=event(), settings=PlanSettings(floor_share=0.0, mixed_priority=1.0))
    proposal = propose_plan(snapshot, free, seconds=5)
    assert proposal.moves
    for move in proposal.moves:
        send(office, plan.id, move, event_id=event())
    figures = figures_of(snapshot, read_plan(office, plan.id))
    assert proposal.missing == pytest.approx(figures.after.unmet, abs=0.02)
    leaving = state_problem(snapshot, free).teams.leaving
    np.testing.assert_allclose(leaving, [12 * SHARE, 6 * SHARE, 6 * SHARE, 0])


def test_the_browser_is_told_what_home_loses(snapshot):
    lost = {row["code"]: row["lost"] for row in make_ground(snapshot)["teams"]}
    assert lost == pytest.approx({"T1": 1.2, "T2": 0.6, "T3": 0.6, "T4": 0.0})


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sets(st.sampled_from(["T1", "T2", "T3"]), min_size=1), st.integers(0, 23), st.integers(1, 30))
def test_who_leaves_never_makes_supply_negative_and_who_arrives_is_the_whole_team(
    office, snapshot, plan, codes, at, long
):
    start = datetime(2026, 11, 26, at)
    window = Window(start, start + long * (WORKDAY.length / 4))
    there = load_snapshot(office, snapshot.coverage_inputs, window, Mode.EMERGENCY)
    moves = tuple(Move(code, "G2", TEAMS[code]["size"]) for code in sorted(codes))
    sketch = read_plan(office, plan.id)
    grids = tables_with_plan(there, type(sketch)(**{f: getattr(sketch, f) for f in sketch.__dataclass_fields__}
                                                 | {"moves": moves, "window": window}))[Layer.GRIDS]  # fmt: skip
    assert (grids["supply"] >= -1e-9).all()
    assert grids.loc["G2", "supply_in"] == pytest.approx(sum(move.people for move in moves))
    assert (grids["supply_out"] <= grids["supply_members"] + 1e-9).all()
