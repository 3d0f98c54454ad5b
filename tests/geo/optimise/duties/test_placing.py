"""Posts against every other way to place people; roles against every way to fill them; capacity against persons."""

import itertools

import numpy as np
import pytest

from geo.optimise.duties import (
    NO_POST,
    Duties,
    DutyCaps,
    PostData,
    find_capacity,
    judge,
    make_classes,
    make_members,
    make_roster_problem,
    make_slots,
    place_duties,
    pool_posts,
    solve_roster,
)


def random_posts(rng: np.random.Generator, zones: int, slots: int, posts: int = 4) -> PostData:
    first = rng.choice([2.0, 2.5, 3.0], posts)
    zone, skill = rng.integers(0, zones, posts), rng.choice([0, 0, 1], posts)
    return PostData(zone, skill, rng.integers(0, 3, (posts, slots)), first, first / 2)


def placed_roster(seed: int):
    rng = np.random.default_rng(seed)
    posts = random_posts(rng, 2, 3)
    start = np.arange(3) * 1440 + 600
    members = make_members(rng.integers(0, 2, 5), rng.random((5, 3)) < 0.7, skill=rng.choice([0, 1], 5))
    problem = make_roster_problem(
        make_slots(start, start + 120), members, pool_posts(posts, 2), rng.random((2, 2)) < 0.6
    )
    return problem, posts, solve_roster(problem).duties, rng.integers(1, 40, (3, 4)) * 1.0, rng.integers(0, 3, 5)


def ways_to_place(problem, posts, duties, slot):
    """Yield every way to place the people of a slot that leaves each zone and skill its number."""
    here = np.flatnonzero(duties.slot == slot)
    wanted = sorted(zip(duties.zone[here].tolist(), duties.skill[here].tolist(), strict=True))
    for at in itertools.product(range(posts.zone.size), repeat=here.size):
        used = np.bincount(at, minlength=posts.zone.size)
        homes, skills = problem.members.home[duties.member[here]], problem.members.skill[duties.member[here]]
        near = all(problem.near[home, posts.zone[post]] for home, post in zip(homes, at, strict=True))
        able = all(posts.skill[post] in {0, skill} for skill, post in zip(skills, at, strict=True))
        places = sorted((int(posts.zone[post]), int(posts.skill[post])) for post in at)
        if near and able and (used <= posts.seats[:, slot]).all() and wanted == places:
            yield at, weight_of(posts, used)


def weight_of(posts, used) -> float:
    return float((np.minimum(used, 1) * posts.first + np.maximum(used - 1, 0) * posts.other).sum())


@pytest.mark.parametrize("seed", range(60))
def test_everybody_has_a_post_and_no_other_way_to_place_them_is_shorter(seed):
    problem, posts, duties, minutes, origin = placed_roster(seed)
    free = np.full(duties.slot.size, NO_POST)
    placed = place_duties(problem, duties, posts, minutes, origin, free)
    assert (placed.post != NO_POST).all()
    assert placed.minutes.tolist() == minutes[origin[duties.member], placed.post].tolist()
    for slot in np.unique(duties.slot):
        here = np.flatnonzero(duties.slot == slot)
        walked = [
            minutes[origin[duties.member[here]], np.array(at)].sum()
            for at, _ in ways_to_place(problem, posts, duties, slot)
        ]
        weights = [weight for _, weight in ways_to_place(problem, posts, duties, slot)]
        best = max(weights)
        shortest = min(way for way, weight in zip(walked, weights, strict=True) if weight == best)
        assert weight_of(posts, np.bincount(placed.post[here], minlength=4)) == pytest.approx(best)
        assert placed.minutes[here].sum() == shortest
    seats = judge(problem, duties).filled
    assert (seats * problem.seats.weight).sum() == pytest.approx(
        sum(weight_of(posts, np.bincount(placed.post[duties.slot == slot], minlength=4)) for slot in range(3))
    )


def test_whoever_has_a_post_keeps_it_and_others_fill_what_is_left():
    posts = PostData(np.zeros(2, int), np.zeros(2, int), np.array([[1], [1]]), np.full(2, 2.0), np.full(2, 1.0))
    members = make_members([0, 0], np.ones((2, 1)))
    problem = make_roster_problem(make_slots([0], [120]), members, pool_posts(posts, 1), [[True]])
    duties = Duties(np.array([0, 1]), np.zeros(2, int), np.zeros(2, int), np.zeros(2, int))
    minutes = np.array([[1.0, 30.0], [2.0, np.nan]])
    placed = place_duties(problem, duties, posts, minutes, np.arange(2), np.array([1, NO_POST]))
    assert (placed.post.tolist(), placed.minutes.tolist()) == ([1, 0], [30.0, 2.0])
    elsewhere = duties.where(np.array([False, True]))
    gone = Duties(elsewhere.member, elsewhere.slot, np.array([-1]), elsewhere.skill)
    placed = place_duties(problem, gone, posts, minutes, np.arange(2), np.array([NO_POST]))
    assert placed.post.tolist() == [NO_POST]
    assert np.isnan(placed.minutes).all()


def test_seats_of_posts_that_count_alike_are_one_kind():
    posts = PostData(
        np.array([0, 0, 1]),
        np.array([0, 0, 1]),
        np.array([[1], [3], [2]]),
        np.array([2.0, 2.0, 2.0]),
        np.array([1.0, 1.0, 1.0]),
    )
    seats = pool_posts(posts, 2)
    kinds = sorted(
        zip(seats.skill.tolist(), seats.weight[:, 0, 0].tolist(), seats.count[:, :, 0].tolist(), strict=True)
    )
    assert kinds == [(0, 1.0, [2, 0]), (0, 2.0, [2, 0]), (1, 1.0, [0, 1]), (1, 2.0, [0, 1])]


def week_slots():
    start = np.arange(84) * 120
    hour = start // 60 % 24
    day = (start // 1440 >= 5).astype(int)
    parts = np.array([(hour >= 8) & (hour < 22) & (day == which) for which in (0, 1)])
    return make_slots(start, start + 120, parts=parts)


@pytest.mark.parametrize("seed", range(5))
def test_members_who_can_always_come_fill_as_many_seats_one_by_one_as_by_classes(seed):
    rng = np.random.default_rng(seed)
    slots, home = week_slots(), rng.integers(0, 3, 30)
    shares = rng.choice([0.0, 1.0], (30, 2))
    posts = PostData(
        np.arange(3), np.zeros(3, int), rng.integers(0, 2, (3, 84)), np.array([2.0, 2.0, 3.0]), np.full(3, 1.0)
    )
    seats, near = pool_posts(posts, 3), rng.random((3, 3)) < 0.5
    caps = DutyCaps(week=3, night=0)
    classes = make_roster_problem(slots, make_classes(slots, home, shares), seats, near, caps=caps)
    found = find_capacity(classes)
    free = (shares[:, :, None] * slots.parts).sum(axis=1)
    free[:, ~slots.parts.any(axis=0)] = 1
    persons = make_roster_problem(slots, make_members(home, free), seats, near, caps=caps)
    rostered = solve_roster(persons)
    assert found.is_proven
    assert (found.filled * seats.weight).sum() == pytest.approx(rostered.score.weight)
    assert found.counts.sum() == found.filled.sum() == rostered.duties.slot.size


def test_classes_count_no_more_than_the_stated_share_of_their_people():
    slots = week_slots()
    classes = make_classes(slots, [0] * 5 + [1], [[0.5, 0.1]] * 5 + [[1.0, 0.0]])
    assert (classes.heads.tolist(), classes.home.tolist()) == ([5, 1], [0, 1])
    assert classes.part_most.tolist() == [[3, 1], [5, 0]]
    workday, weekend = slots.parts.argmax(axis=1)
    assert (classes.free[:, workday].tolist(), classes.free[:, weekend].tolist()) == ([2, 1], [0, 0])
