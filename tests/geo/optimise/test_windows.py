"""Plans over several windows against every plan there is, person by person, and the smallest cases."""

import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.optimise import (
    OUTSIDE,
    Crew,
    CrewLimits,
    MoveReason,
    Pins,
    ShortageReason,
    Weights,
    WindowsProblem,
    make_grids,
    make_problem,
    make_teams,
    propose,
    propose_windows,
)
from geo.optimise.crews import assign_people
from tests.geo.optimise.posing import (
    PLAIN,
    merged,
    minutes_of,
    pairs,
    plan_cost,
    plan_is_allowed,
    problems,
    random_problem,
)

EXACT = (Weights(least=0.0), PLAIN, Weights(quarters=(1.0,), person=0.3, least=0.0))
EVERY = tuple(frozenset(chosen) for count in range(4) for chosen in itertools.combinations(range(3), count))


@st.composite
def windows_problems(draw) -> WindowsProblem:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return random_windows(draw(st.integers(2, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 2)), rng)


def random_windows(count: int, n: int, m: int, rng: np.random.Generator) -> WindowsProblem:
    first = random_problem(n, m, rng, pins=False)
    size = np.where(first.teams.is_divisible, np.minimum(first.teams.size, 2), first.teams.size)
    leaving = np.minimum(first.teams.leaving, size)
    teams = replace(first.teams, size=size, free=size, leaving=leaving)
    others = [random_problem(n, m, rng, pins=False) for _ in range(count - 1)]
    posed = [replace(first, teams=teams), *(replace(first, teams=teams, grids=other.grids) for other in others)]
    reach, home = first.reach, teams.home
    away = np.flatnonzero(home[reach.origin] != reach.destination)
    if away.size and rng.random() < 0.5:
        at = rng.choice(away, 1)
        persons = np.array([float(rng.integers(1, 4))])
        posed[0] = replace(posed[0], stood=Pins(reach.origin[at], reach.destination[at], persons))
    return WindowsProblem(
        tuple(posed),
        tuple(rng.choice([2.0, 4.0, 6.0], count).tolist()),
        (False, *(rng.random(count - 1) < 0.7).tolist()),
        random_limits(count, teams, rng),
    )


def random_limits(count: int, teams, rng: np.random.Generator) -> CrewLimits:
    known = [each for each in EVERY if each and max(each) < count]
    rows = []
    for team, size in enumerate(teams.size.tolist()):
        groups = (1.0, size - 1) if teams.is_divisible[team] and size > 1 and rng.random() < 0.5 else (size,)
        for people in groups:
            chosen = [known[k] for k in rng.choice(len(known), 2)]
            largest = {each for each in chosen if not any(each < other for other in chosen)}
            rows.append((team, people, tuple(largest)))
    return CrewLimits(*zip(*rows, strict=True))


def units_of(problem: WindowsProblem) -> list[tuple[int, tuple[frozenset[int], ...], float]]:
    """Everybody who decides on their own: persons, or whole teams as one."""
    teams, crew_limits, units = problem.problems[0].teams, problem.crew_limits, []
    for team, people, choices in zip(crew_limits.team, crew_limits.people, crew_limits.choices, strict=True):
        alone = teams.is_divisible[team]
        units += [(team, choices, 1.0 if alone else people)] * (int(people) if alone else int(people > 0))
    return units


def paths_of(problem: WindowsProblem, team: int, choices) -> list[tuple[int, ...]]:
    """Where somebody can be, window after window; -1 for nowhere."""
    n, count = problem.problems[0].grids.need.size, len(problem.problems)
    reach = minutes_of(problem.problems[0])
    home = problem.problems[0].teams.home[team]
    near = [-1, *(grid for grid in range(n) if (team, grid) in reach or grid == home)]
    return [
        path
        for path in itertools.product(near, repeat=count)
        if any({nth for nth, grid in enumerate(path) if grid >= 0} <= choice for choice in choices)
    ]


def every_plan(problem: WindowsProblem):
    """Yield who is where; persons of one group are alike."""
    groups = Counter(units_of(problem))
    ways = [
        [
            [(team, persons, path) for path in chosen]
            for chosen in itertools.combinations_with_replacement(paths_of(problem, team, choices), count)
        ]
        for (team, choices, persons), count in groups.items()
    ]
    for chosen in itertools.product(*ways):
        yield [one for group in chosen for one in group]


def moves_in(plan, nth: int) -> tuple[tuple[int, int, float], ...]:
    there: Counter[tuple[int, int]] = Counter()
    for team, persons, path in plan:
        if path[nth] >= 0:
            there[team, path[nth]] += persons
    return tuple((*ends, float(persons)) for ends, persons in sorted(there.items()))


def walking_cost(problem: WindowsProblem, plan, weights: Weights) -> float:
    scales = np.array(problem.hours) / np.mean(problem.hours)
    reach, total = minutes_of(problem.problems[0]), 0.0
    walking: Counter[tuple[int, int, int]] = Counter()
    for team, persons, path in plan:
        for nth, grid in enumerate(path):
            stays = nth and problem.follows[nth] and path[nth - 1] == grid
            if grid >= 0 and not stays:
                walking[nth, team, grid] += persons
    stood = problem.problems[0].stood
    there = dict(zip(zip(stood.team.tolist(), stood.grid.tolist(), strict=True), stood.persons.tolist(), strict=True))
    teams = problem.problems[0].teams
    for (nth, team, grid), persons in walking.items():
        known = there.get((team, grid), 0.0) if nth == 0 else 0.0
        resting = min(known, persons) if teams.is_divisible[team] or known >= persons else 0.0
        total += scales[nth] * weights.minute * reach.get((team, grid), 0.0) * (persons - resting)
    return total


def least_cost(problem: WindowsProblem, weights: Weights) -> float:
    scales, known = np.array(problem.hours) / np.mean(problem.hours), {}

    def cost_in(nth: int, moves) -> float:
        if (nth, moves) not in known:
            one = problem.problems[nth]
            allowed = plan_is_allowed(one, moves)
            cost = plan_cost(one, moves, replace(weights, minute=0.0)) * scales[nth]
            known[nth, moves] = cost if allowed else np.inf
        return known[nth, moves]

    return min(
        sum(cost_in(nth, moves_in(plan, nth)) for nth in range(len(problem.problems)))
        + walking_cost(problem, plan, weights)
        for plan in every_plan(problem)
    )


@given(windows_problems(), st.sampled_from(EXACT))
@settings(max_examples=120, deadline=None)
def test_a_plan_over_windows_is_the_best_of_all_plans(problem, weights):
    found = propose_windows(problem, weights)
    assert found.is_proven
    assert found.cost.value == pytest.approx(least_cost(problem, weights), abs=0.1, rel=2e-4)


@given(windows_problems(), st.sampled_from([Weights(), *EXACT]), st.sampled_from([0.0, 20.0]))
@settings(max_examples=80, deadline=None)
def test_a_plan_over_windows_keeps_every_rule(problem, weights, seconds):
    found = propose_windows(problem, weights, seconds=seconds)
    teams = problem.problems[0].teams
    served = Counter()
    for nth, (one, answer) in enumerate(zip(problem.problems, found.windows, strict=True)):
        moves = [(move.team, move.receiver, move.persons) for move in answer.moves]
        assert plan_is_allowed(one, moves)
        for team, _, persons in moves:
            served[team, nth] += persons
    assert set(found.crews) == set(problem.crew_limits.team)
    for team, crews in found.crews.items():
        unit = 1.0 if teams.is_divisible[team] else teams.size[team]
        assert all(any(crew.windows <= choice for choice in crew.choices) for crew in crews)
        for nth in range(len(problem.problems)):
            assert served[team, nth] == sum(crew.people for crew in crews if nth in crew.windows) * unit


@given(windows_problems(), st.sampled_from(EXACT))
@settings(max_examples=150, deadline=None)
def test_reasons_over_windows_hold_when_they_are_taken_at_their_word(problem, weights):
    """Every further move that rest and the other windows leave room for is tried, in each window by itself."""
    found = propose_windows(problem, weights)
    for nth, (one, answer) in enumerate(zip(problem.problems, found.windows, strict=True)):
        moves = [(move.team, move.receiver, move.persons) for move in answer.moves]
        for grid in answer.open:
            near, skilled = reaching(one, grid.grid)
            spare = {team: spare_in(problem, found.crews.get(team, ()), team, nth) for team in skilled}
            serving = {team for team, _, _ in moves}
            further = [
                (team, grid.grid, float(persons))
                for team, most in spare.items()
                for persons in ([most] if not one.teams.is_divisible[team] else range(1, int(most) + 1))
                if most > 0
            ]
            allowed = [move for move in further if plan_is_allowed(one, merged(moves, move))]
            expected = (
                (not near, ShortageReason.NO_TEAM_IN_REACH),
                (not skilled, ShortageReason.NO_SKILL),
                (not any(spare[team] or team in serving for team in skilled), ShortageReason.ALL_BUSY),
                (not further, ShortageReason.ALL_PLANNED),
                (not allowed, ShortageReason.LENDERS_AT_FLOOR),
                (True, ShortageReason.TOO_LITTLE),
            )
            assert grid.why is next(reason for holds, reason in expected if holds)
            if grid.why is ShortageReason.TOO_LITTLE:
                now = further_cost(one, moves, (), weights)
                for move in allowed:
                    assert further_cost(one, moves, move, weights) >= now - 0.05 - 2e-4 * now


def reaching(one, grid: int) -> tuple[list[int], list[int]]:
    """The teams in reach of a grid, and those of them who can do what it asks for."""
    near = [team for team in range(one.teams.size.size) if (team, grid) in minutes_of(one)]
    return near, [team for team in near if one.grids.skills[grid] <= one.teams.skills[team]]


def spare_in(problem: WindowsProblem, crews, team: int, nth: int) -> float:
    """Persons of a team who serve elsewhere or nowhere, and may serve in a window besides."""
    teams = problem.problems[0].teams
    unit = 1.0 if teams.is_divisible[team] else teams.size[team]
    return unit * sum(crew.people for crew in crews if crew.may_serve(frozenset({nth})))


def further_cost(one, moves, further, weights: Weights) -> float:
    """What a plan of one window costs with a further move, whose people walk; the others stand where they stand."""
    walked = weights.minute * minutes_of(one).get(further[:2], 0.0) * further[2] if further else 0.0
    there = merged(moves, further) if further else moves
    return plan_cost(one, there, replace(weights, minute=0.0)) + walked


@given(problems(), st.sampled_from([Weights(), PLAIN]))
@settings(max_examples=40, deadline=None)
def test_one_window_of_any_length_is_answered_as_without_windows(problem, weights):
    teams = range(problem.teams.size.size)
    sets = ((frozenset({0}),),) * len(teams)
    one = WindowsProblem((problem,), (6.0,), (False,), CrewLimits(tuple(teams), tuple(problem.teams.size), sets))
    alone, whole = propose(problem, weights), propose_windows(one, weights)
    assert str(whole.windows[0].moves) == str(alone.moves)
    assert whole.windows[0].open == alone.open
    assert whole.cost == alone.cost


def over(problem, count: int = 2, follows=(False, True), *, choices=(frozenset({0, 1}),)) -> WindowsProblem:
    teams = problem.teams.size
    return WindowsProblem(
        (problem,) * count,
        (4.0,) * count,
        follows,
        CrewLimits(tuple(range(teams.size)), tuple(teams.tolist()), (choices,) * teams.size),
    )


def test_a_team_that_stays_where_it_stands_has_no_second_way():
    problem = make_problem(make_grids([9], [0]), make_teams([OUTSIDE], [9]), pairs((0, 0, 20)))
    found = propose_windows(over(problem))
    assert [answer.travel for answer in found.windows] == [180, 0]
    assert [answer.moves[0].why for answer in found.windows] == [MoveReason.ONLY_TEAM, MoveReason.STAYS]
    apart = propose_windows(over(problem, follows=(False, False)))
    assert [answer.travel for answer in apart.windows] == [180, 180]


def test_whoever_must_rest_serves_once_and_the_other_window_says_so():
    problem = make_problem(make_grids([9], [0]), make_teams([OUTSIDE], [9]), pairs((0, 0, 20)))
    found = propose_windows(over(problem, choices=(frozenset({0}), frozenset({1}))))
    assert sorted(len(answer.moves) for answer in found.windows) == [0, 1]
    (idle,) = [answer for answer in found.windows if not answer.moves]
    assert [one.why for one in idle.open] == [ShortageReason.ALL_BUSY]


def test_a_team_that_may_be_split_shares_the_windows_among_its_people():
    teams = make_teams([OUTSIDE], [8], is_divisible=True)
    problem = make_problem(make_grids([5], [0]), teams, pairs((0, 0, 5)))
    found = propose_windows(over(problem, choices=(frozenset({0}), frozenset({1}))))
    assert [sum(move.persons for move in answer.moves) for answer in found.windows] == [4, 4]


def test_a_longer_window_gets_the_team_of_which_there_is_one():
    problem = make_problem(make_grids([9], [0]), make_teams([OUTSIDE], [9]), pairs((0, 0, 20)))
    asked = replace(over(problem, choices=(frozenset({0}), frozenset({1}))), hours=(4.0, 6.0))
    assert [len(answer.moves) for answer in propose_windows(asked).windows] == [0, 1]


def test_a_team_that_stood_there_before_stays_rather_than_another_comes():
    teams = make_teams([OUTSIDE] * 2, [9, 9])
    stood = Pins(np.array([1]), np.array([0]), np.array([9.0]))
    problem = make_problem(make_grids([9], [0]), teams, pairs((0, 0, 8), (1, 0, 20)), stood=stood)
    found = propose(problem)
    assert [(move.team, move.minutes, move.why) for move in found.moves] == [(1, 0.0, MoveReason.STAYS)]
    assert found.travel == 0


def test_of_a_team_that_is_split_only_those_who_stood_there_have_no_way():
    teams = make_teams([OUTSIDE], [9], is_divisible=True)
    stood = Pins(np.array([0]), np.array([0]), np.array([3.0]))
    found = propose(make_problem(make_grids([5], [0]), teams, pairs((0, 0, 10)), stood=stood))
    assert [(move.persons, move.minutes) for move in found.moves] == [(5, 10)]
    assert found.travel == 20


def test_people_are_found_where_the_same_ones_first_would_find_too_few():
    pairs_of_three = tuple(map(frozenset, itertools.combinations(range(3), 2)))
    twelve = Crew(12, frozenset(), pairs_of_three)
    found = assign_people([twelve], {(nth, nth): 8 for nth in range(3)})
    assert found is not None
    assert sum(crew.people for crew in found) == 12
    assert all(sum(crew.people for crew in found if nth in crew.windows) == 8 for nth in range(3))
    assert assign_people([twelve], {(nth, nth): 9 for nth in range(3)}) is None
