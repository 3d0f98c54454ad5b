"""What other prices give is what a proposal at each of them gives, and the price of the plan is not searched again."""

from dataclasses import replace

import pytest

from geo.optimise import Goal
from services.coverage import load_inputs
from services.planning import PlanSettings, compare_plan, load_snapshot, plan_with, propose_plan, weigh_prices
from services.planning import price_curve as module
from services.planning.price_curve import MOST_MINUTES, settings_at
from services.rules.windows import Mode

from .conftest import EVENING


@pytest.fixture
def snapshot(office):
    return load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)


@pytest.fixture
def proposal(snapshot, plan):
    return propose_plan(snapshot, plan, seconds=5)


def test_every_point_is_what_a_proposal_at_its_price_does(snapshot, plan, proposal):
    points = weigh_prices(snapshot, plan, proposal, prices=(0.0, 0.1, 1.0))
    assert [point.settings.person_price for point in points] == [0.0, 0.1, 1.0]
    for point in points:
        priced = replace(plan, settings=point.settings)
        other = propose_plan(snapshot, priced, seconds=5)
        missing = compare_plan(snapshot, plan_with(priced, other))[1].unmet
        assert point.people == sum(move.people for move in other.moves)
        assert (point.missing, point.travel) == pytest.approx((missing, other.travel))
        assert point.is_proven


def test_the_dearer_people_are_the_fewer_are_sent_and_the_more_are_missing(snapshot, plan):
    dear = replace(plan, settings=replace(plan.settings, is_rising=False))
    points = weigh_prices(snapshot, dear, propose_plan(snapshot, dear, seconds=5), prices=(0.0, 0.1, 1.0))
    people, missing = ([getattr(point, name) for point in points] for name in ("people", "missing"))
    assert people == sorted(people, reverse=True)
    assert missing == sorted(missing)
    assert people[0] > people[-1]
    assert missing[0] < missing[-1]


def test_the_price_of_the_plan_is_among_them_and_not_searched_again(snapshot, plan, proposal, monkeypatch):
    searched = []

    def search(at, priced, **options):
        searched.append(priced.settings.person_price)
        return propose_plan(at, priced, **options)

    monkeypatch.setattr(module, "propose_plan", search)
    points = weigh_prices(snapshot, plan, proposal, prices=(0.5, 0.05))
    assert searched == [0.05, 0.5]
    assert [point.settings.person_price for point in points] == [0.05, 0.1, 0.5]
    assert points[1].settings == plan.settings


def test_where_time_runs_out_the_moves_of_another_price_stand_in_if_they_are_better(
    snapshot, plan, proposal, monkeypatch
):
    nothing = Goal(proposal.before, 0.0, is_proven=False)
    late = replace(proposal, moves=(), travel=0.0, cost=nothing)
    monkeypatch.setattr(module, "propose_plan", lambda *_arguments, **_options: late)
    cheap, now = weigh_prices(snapshot, plan, proposal, prices=(0.0,))
    assert cheap == replace(now, settings=cheap.settings, is_proven=False)
    assert cheap.cost_at(plan.settings) == pytest.approx(proposal.cost.value)
    assert now.is_proven


def test_stopping_keeps_what_was_found_before(snapshot, plan, proposal):
    shares = []
    points = weigh_prices(
        snapshot, plan, proposal, prices=(0.0, 0.5), report=shares.append, is_cancelled=lambda: 0.5 in shares
    )
    assert [point.settings.person_price for point in points] == [0.0, 0.1]
    assert shares == sorted(shares)
    assert 0.0 <= min(shares) <= max(shares) <= 1.0


def test_all_other_settings_stay_as_they_are():
    settings = PlanSettings(reach_minutes=45, floor_share=0.5, skills={"G2": ("医疗",)}, purpose="排水")
    priced = settings_at(settings, 0.2)
    assert priced == replace(settings, person_price=0.2, minutes_per_person=150.0)


@pytest.mark.parametrize(
    ("person_price", "minutes", "price", "minutes_then"),
    [
        (0.1, 300.0, 0.0, 0.0),
        (0.1, 0.0, 0.5, 0.0),  # ways cost nothing, and stay so
        (0.0, 120.0, 0.5, 120.0),
        (0.0, 0.0, 0.2, 150.0),
        (0.5, 5000.0, 0.05, MOST_MINUTES),
        (0.01, 2.0, 0.5, 1.0),  # 0 would mean that ways cost nothing
        (0.0, 250.0, 0.0, 250.0),
    ],
)
def test_the_price_of_a_way_changes_by_the_same_factor(person_price, minutes, price, minutes_then):
    settings = PlanSettings(person_price=person_price, minutes_per_person=minutes)
    assert settings_at(settings, price).minutes_per_person == minutes_then
