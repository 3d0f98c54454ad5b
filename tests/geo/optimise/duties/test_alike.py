"""Members who are alike, solved as classes: the same worth as persons, and every rule kept."""

import time

import numpy as np
import pytest

from geo.optimise.duties import (
    ANY,
    Duties,
    DutyCaps,
    SeatData,
    make_members,
    make_roster_problem,
    make_slots,
    solve_roster,
)
from geo.optimise.duties.alike import gather_classes
from geo.optimise.duties.judge import judge, seat_price
from geo.optimise.duties.model import make_model
from geo.optimise.solver import Deadline, minimise
from tests.geo.optimise.duties.small_rosters import faults


def crowd(seed):
    """Return a problem of four days with many members of few kinds, some of them on duty already."""
    rng = np.random.default_rng(seed)
    starts = np.array([day * 1440 + hour * 60 for day in range(4) for hour in (8, 12, 18, 22)])
    night = starts % 1440 >= 22 * 60
    slots = make_slots(starts, starts + 120, is_night=night, parts=[~night, night], load=np.where(night, 2, 1))
    kinds = int(rng.integers(1, 4))
    which = rng.integers(0, kinds, int(rng.integers(2, 14)))
    free = (rng.random((kinds, starts.size)) < 0.6).astype(int)
    members = make_members(
        rng.integers(0, 2, kinds)[which],
        free[which],
        reluctance=(2.0 * rng.integers(0, 2, (kinds, starts.size)))[which],
        before=(rng.integers(0, 2, kinds) * 0.5)[which],
        part_most=rng.integers(1, 4, (kinds, 2))[which],
    )
    weight = np.ones((2, 2, starts.size)) * [[[2.0]], [[1.0]]]
    seats = SeatData(rng.integers(0, 4, weight.shape), weight, np.full(2, ANY))
    near = [[True, bool(rng.integers(0, 2))], [bool(rng.integers(0, 2)), True]]
    caps = DutyCaps(week=int(rng.integers(1, 4)), night=1, rest=600)
    at = np.argwhere(members.free > 0)
    pinned = at[rng.integers(0, len(at), min(len(at), int(rng.integers(0, 2))))]
    nothing = np.zeros(len(pinned), dtype=np.intp)
    pins = Duties(*pinned.T, nothing, nothing + ANY)
    return make_roster_problem(slots, members, seats, near, caps=caps, pins=pins)


@pytest.mark.parametrize("seed", range(60))
def test_a_crowd_is_worth_what_the_model_of_persons_says_and_keeps_every_rule(seed):
    problem = crowd(seed)
    found = solve_roster(problem, seconds=20)
    assert found.cost.is_proven
    assert not faults(problem, found.duties)
    form = make_model(problem, seat_price(problem))
    exact = minimise(form.model, form.goal, Deadline(time.perf_counter() + 60, lambda: False), 60)
    assert exact.is_proven
    assert found.cost.value == pytest.approx(judge(problem, problem.pins).cost + exact.value, abs=1e-6)


def test_whoever_is_alike_is_one_class_and_whoever_is_on_duty_already_stands_alone():
    slots = make_slots([480, 1080], [600, 1200])
    seats = SeatData(np.ones((1, 1, 2), int), np.ones((1, 1, 2)), np.array([ANY]))
    members = make_members([0] * 5, [[1, 1]] * 4 + [[1, 0]])
    pins = Duties(*(np.array([each], dtype=np.intp) for each in (2, 0, 0, ANY)))
    classes = gather_classes(make_roster_problem(slots, members, seats, [[True]], pins=pins))
    assert sorted(sorted(each.tolist()) for each in classes.holders) == [[0, 1, 3], [2], [4]]
    assert classes.is_smaller
