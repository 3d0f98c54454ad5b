"""Rosters against every other there is, against optima by formula, and against rules written out once more."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from geo.errors import ShapeMismatchError
from geo.optimise import StopReason
from geo.optimise.duties import (
    NO_DUTIES,
    NOT_YES,
    Duties,
    DutyCaps,
    RosterProblem,
    SeatData,
    explain_open,
    find_capacity,
    judge,
    make_members,
    make_roster_problem,
    make_slots,
    solve_roster,
)
from geo.optimise.duties import solve as solve_module
from geo.optimise.solver import NOTHING_LEARNT, minimise
from tests.geo.optimise.duties.small_rosters import K0, K1, K2, faults, least_cost, random_roster, score

SECONDS = 600.0
"""More than any needs, so that an answer does not hang on how busy the machine is."""


def one_zone(slots, members, seats=1, *, caps: DutyCaps, **others) -> RosterProblem:
    """A roster of one zone and one kind of seat that counts 1."""
    count = np.broadcast_to(np.asarray(seats), (1, 1, slots.start.size)).copy()
    weight, skill = np.ones(count.shape), np.zeros(1, dtype=int)
    return make_roster_problem(slots, members, SeatData(count, weight, skill), [[True]], caps=caps, **others)


def evenings(days: int, begin_hour: int = 20):
    start = np.arange(days) * 1440 + begin_hour * 60
    return make_slots(start, start + 120)


@pytest.mark.parametrize("first", range(0, 600, 60))
def test_no_roster_is_better_than_the_one_proposed(first):
    for seed in range(first, first + 60):
        problem = random_roster(np.random.default_rng(seed))
        found = solve_roster(problem, seconds=SECONDS)
        assert (seed, found.cost.value) == (seed, pytest.approx(least_cost(problem)))
        assert (seed, faults(problem, found.duties)) == (seed, [])
        assert found.cost.is_proven
        assert judge(problem, found.duties).cost == pytest.approx(found.cost.value)


@pytest.mark.parametrize(
    ("formula", "optimum", "squares", "away"),
    [(K0, 63_560, 44, 0), (K1, 2_633_714, 1_825, 36), (K2, 3_753_944, 3_600, 56)],
    ids=["K0", "K1", "K2"],
)
def test_optima_by_formula_are_reached_and_proven(formula, optimum, squares, away):
    problem = formula.problem()
    found = solve_roster(problem, seconds=SECONDS)
    assert (score(problem, found.cost.value), found.cost.is_proven) == (optimum, True)
    assert (found.score.squares, found.score.away, found.missed_weight) == (squares, away, pytest.approx(0, abs=1e-6))
    assert faults(problem, found.duties) == []


@pytest.mark.parametrize("seed", range(4))
def test_larger_rosters_keep_every_rule(seed):
    rng = np.random.default_rng(seed)
    start = np.sort(rng.integers(0, 10 * 24, 60)) * 60
    slots = make_slots(
        start,
        start + rng.choice([120, 240, 480], start.size),
        is_night=start % 1440 < 480,
        parts=[start % 1440 < 720, start % 1440 >= 1080],
    )
    members = make_members(
        rng.integers(0, 3, 40),
        rng.random((40, start.size)) < 0.4,
        skill=rng.choice([0, 0, 1], 40),
        part_most=rng.integers(1, 4, (40, 2)),
    )
    count = rng.integers(0, 4, (2, 3, start.size))
    seats = SeatData(count, np.full(count.shape, 1.5), np.array([0, 1]))
    caps = DutyCaps(week=3, day=1 + seed % 2, night=1 + seed % 3, rest=600)
    pins = Duties(np.arange(3), np.array([5, 5, 40]), np.array([0, -1, 2]), np.array([0, 0, 1]))
    problem = make_roster_problem(slots, members, seats, np.ones((3, 3)), caps=caps, pins=pins)
    found = solve_roster(problem, seconds=SECONDS)
    assert faults(problem, found.duties) == []
    assert found.duties.slot.size > 50


def test_who_can_come_on_one_evening_gets_it_and_the_others_share_what_is_left():
    free = np.ones((4, 6))
    free[3, :5] = 0
    caps = DutyCaps(week=3, night=0)
    found = solve_roster(one_zone(evenings(6), make_members([0] * 4, free), caps=caps))
    assert sorted(np.bincount(found.duties.member).tolist()) == [1, 1, 2, 2]
    assert found.duties.member[found.duties.slot == 5].tolist() == [3]
    assert found.score.squares == 10
    alone = solve_roster(one_zone(evenings(6), make_members([0] * 3, np.ones((3, 6))), caps=caps))
    assert np.bincount(alone.duties.member).tolist() == [2, 2, 2]


def test_the_load_of_the_weeks_before_makes_turns_go_round():
    members = make_members([0, 0], np.ones((2, 2)), before=[0.0, 1.5])
    found = solve_roster(one_zone(evenings(2), members, caps=DutyCaps()))
    assert found.duties.member.tolist() == [0, 0]


def test_duties_of_the_small_hours_weigh_double_where_loads_are_shared_out():
    start = np.array([2, 20, 44, 68]) * 60
    slots = make_slots(start, start + 120, load=[2, 1, 1, 1])
    found = solve_roster(one_zone(slots, make_members([0, 0], np.ones((2, 4))), caps=DutyCaps(week=4)))
    loads = np.bincount(found.duties.member, weights=slots.load[found.duties.slot])
    assert sorted(loads.tolist()) == [2, 3]


def test_whoever_said_yes_goes_before_whoever_did_not_answer():
    reluctance = np.full((3, 1), NOT_YES)
    reluctance[1] = 0
    found = solve_roster(
        one_zone(evenings(1), make_members([0] * 3, np.ones((3, 1)), reluctance=reluctance), caps=DutyCaps())
    )
    assert found.duties.member.tolist() == [1]


def test_one_absence_changes_one_duty_of_a_published_roster():
    rng = np.random.default_rng(3)
    free = rng.random((12, 14)) < 0.6
    start = np.arange(14) * 720 + 480
    slots = make_slots(start, start + 120)
    problem = one_zone(slots, make_members([0] * 12, free), 2, caps=DutyCaps())
    published = solve_roster(problem, seconds=SECONDS).duties
    gone = free.copy()
    gone[published.member[4], published.slot[4]] = False
    anew = one_zone(slots, make_members([0] * 12, gone), 2, caps=DutyCaps(), published=published)
    found = solve_roster(anew, seconds=SECONDS)
    assert (found.score.changes, found.score.filled.sum()) == (1, published.slot.size)


def test_a_pinned_duty_stays_though_it_breaks_rules_and_has_no_seat():
    slots = evenings(3)
    pins = Duties(np.array([0, 0, 1]), np.array([0, 1, 0]), np.zeros(3, dtype=int), np.zeros(3, dtype=int))
    members = make_members([0, 0], [[0, 0, 1], [1, 1, 1]])
    found = solve_roster(one_zone(slots, members, [1, 0, 1], caps=DutyCaps(week=1), pins=pins))
    assert (found.duties.member.tolist(), found.duties.slot.tolist()) == ([0, 1, 0], [0, 0, 1])
    assert found.score.filled.sum() == 1


def test_days_before_the_roster_count_for_rest_and_week():
    start = np.array([-24 + 22, 6, 20]) * 60
    slots = make_slots(start, start + 120, load=[0, 1, 1])
    pins = Duties(np.array([0]), np.array([0]), np.array([-1]), np.array([0]))
    seats = [0, 1, 1]
    for caps, taken in ((DutyCaps(week=3), [2]), (DutyCaps(week=1), [])):
        found = solve_roster(one_zone(slots, make_members([0], np.ones((1, 3))), seats, caps=caps, pins=pins))
        assert found.duties.slot.tolist() == [0, *taken]


def test_no_seat_stays_open_for_the_price_of_a_heavy_load():
    days = 28
    members = make_members([0], np.ones((1, days)), before=[40.0])
    found = solve_roster(one_zone(evenings(days), members, caps=DutyCaps(week=7)), seconds=SECONDS)
    assert found.score.filled.sum() == days


def test_each_zone_by_itself_fills_less_and_nobody_leaves_home():
    problem = K1.problem()
    alone = solve_roster(problem.apart(), seconds=SECONDS)
    assert alone.score.away == 0
    assert alone.cost.is_proven
    assert score(problem, alone.cost.value) < 2_633_714


def test_where_the_exact_solver_does_not_end_zones_alone_and_neighbourhoods_are_the_answer(monkeypatch):
    problem = K1.problem()
    whole = int(problem.members.free.sum())
    alone = solve_roster(problem.apart(), seconds=SECONDS)

    def only_small(model, goal, clock, seconds, *, gap=0.0):
        if goal.size > whole:
            return NOTHING_LEARNT
        return minimise(model, goal, clock, seconds, gap=gap)

    monkeypatch.setattr(solve_module, "minimise", only_small)
    costs = [np.inf]
    found = solve_roster(
        problem,
        seconds=SECONDS,
        is_cancelled=lambda: costs[-1] < alone.cost.value - 100,
        report=lambda step: costs.append(step.cost),
    )
    assert found.ended is StopReason.CANCELLED
    assert found.cost.bound <= 2_652_000 - 2_633_714 <= found.cost.value < alone.cost.value - 100
    assert all(later <= sooner for sooner, later in itertools.pairwise(costs))
    assert faults(problem, found.duties) == []


def test_stopped_at_once_the_answer_is_what_was_pinned():
    pins = Duties(np.array([7]), np.array([10]), np.array([7]), np.array([0]))
    problem = replace(K1.problem(), pins=pins)
    found = solve_roster(problem, is_cancelled=lambda: True)
    assert (found.ended, found.duties.member.tolist()) == (StopReason.CANCELLED, [7])
    assert found.cost.bound < found.cost.value


def test_without_anybody_free_every_seat_is_open_and_nothing_is_to_do():
    problem = one_zone(evenings(3), make_members([0], np.zeros((1, 3))), caps=DutyCaps())
    found = solve_roster(problem)
    assert (found.ended, found.duties.slot.size, found.score.cost) == (StopReason.NOTHING_TO_DO, 0, 3000)


@pytest.mark.parametrize(("members", "days", "seats"), [(0, 3, 1), (2, 0, 1), (2, 3, 0), (0, 0, 0)])
def test_a_roster_of_nothing_is_answered_with_nothing(members, days, seats):
    problem = one_zone(evenings(days), make_members([0] * members, np.ones((members, days))), seats, caps=DutyCaps())
    found, capacity = solve_roster(problem), find_capacity(problem)
    assert (found.ended, found.duties.slot.size) == (StopReason.NOTHING_TO_DO, 0)
    assert found.score.cost == 1000 * days * seats
    assert capacity.filled.sum() == 0
    assert explain_open(problem, found.duties).missing.sum() == days * seats


def test_parts_that_do_not_fit_are_refused():
    members = make_members([0], np.ones((1, 2)))
    with pytest.raises(ShapeMismatchError):
        one_zone(evenings(3), members, caps=DutyCaps())
    with pytest.raises(ValueError, match="ordered by start"):
        make_slots([120, 0], [240, 120])
    seats = SeatData(np.ones((1, 1, 2), dtype=int), np.zeros((1, 1, 2)), np.zeros(1, dtype=int))
    with pytest.raises(ValueError, match="more than nothing"):
        make_roster_problem(evenings(2), members, seats, [[True]], pins=NO_DUTIES)
