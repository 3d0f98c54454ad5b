"""What a proposal chooses in the smallest cases, and what it says of the grids it leaves open."""

import numpy as np
import pytest

from geo.optimise import (
    OUTSIDE,
    MoveReason,
    Pins,
    ShortageReason,
    StopReason,
    Weights,
    make_grids,
    make_problem,
    make_teams,
    propose,
)
from tests.geo.optimise.posing import PLAIN, pairs

PRICED = Weights(quarters=(1.0, 1.0, 1.0, 1.0))
"""All persons missing count alike; people and ways have their price."""


def sent(proposal) -> list[tuple[int, int, float]]:
    return [(move.team, move.receiver, move.persons) for move in proposal.moves]


@pytest.mark.parametrize(
    ("size", "free", "skills", "reaches", "supply", "why"),
    [
        (5, 5, {"medical"}, False, 20, ShortageReason.NO_TEAM_IN_REACH),
        (5, 5, set(), True, 20, ShortageReason.NO_SKILL),
        (5, 0, {"medical"}, True, 20, ShortageReason.ALL_BUSY),
        (5, 4, {"medical"}, True, 20, ShortageReason.ALL_BUSY),
        (0, 0, {"medical"}, True, 20, ShortageReason.ALL_BUSY),
        (5, 5, {"medical"}, True, 12, ShortageReason.LENDERS_AT_FLOOR),
    ],
)
def test_an_open_grid_says_why(size, free, skills, reaches, supply, why):
    grids = make_grids([10, 8], [supply, 0], skills=[frozenset(), frozenset({"medical"})])
    teams = make_teams([0], [size], skills=[frozenset(skills)], free=[free])
    proposal = propose(make_problem(grids, teams, pairs((0, 1, 9)) if reaches else pairs()))
    assert [(one.grid, one.why) for one in proposal.open] == [(1, why)]
    assert proposal.ended is StopReason.NOTHING_TO_DO
    assert proposal.moves == ()


def test_a_grid_left_for_a_better_one_says_that_everybody_is_planned():
    problem = make_problem(make_grids([9, 5], [0, 0]), make_teams([OUTSIDE], [9]), pairs((0, 0, 5), (0, 1, 5)))
    assert [(one.grid, one.why) for one in propose(problem).open] == [(1, ShortageReason.ALL_PLANNED)]


def test_a_second_team_that_may_not_leave_is_named_as_such():
    grids = make_grids([5, 9, 9], [12, 0, 0])
    proposal = propose(make_problem(grids, make_teams([0, 0], [6, 6]), pairs((0, 1, 5), (1, 2, 5))))
    assert [one.why for one in proposal.open if one.missing == 9] == [ShortageReason.LENDERS_AT_FLOOR]


def test_whoever_would_close_too_little_stays_at_home_and_the_grid_says_so():
    grids = make_grids([1], [0])
    proposal = propose(make_problem(grids, make_teams([OUTSIDE], [36]), pairs((0, 0, 30))), PRICED)
    assert (proposal.moves, [one.why for one in proposal.open]) == ((), [ShortageReason.TOO_LITTLE])


def test_a_team_that_its_home_cannot_lend_to_the_last_hundredth_is_at_the_floor():
    """0.2 + 0.4 is more than 0.6 - 0.207: the reason is worked out as the solver works."""
    grids = make_grids([0.207, 5], [0.6, 0])
    proposal = propose(make_problem(grids, make_teams([0], [4], leaving=[0.4]), pairs((0, 1, 5))), PLAIN)
    assert proposal.moves == ()
    assert [(one.grid, one.why) for one in proposal.open] == [(1, ShortageReason.LENDERS_AT_FLOOR)]


def test_the_rest_of_a_team_of_which_some_are_pinned_still_goes():
    grids, teams = make_grids([12, 6, 5], [12, 0, 0], floor=0), make_teams([0], [12], leaving=[0], is_divisible=True)
    pins = Pins(np.array([0]), np.array([2]), np.array([5.0]))
    proposal = propose(make_problem(grids, teams, pairs((0, 1, 5), (0, 2, 5)), pins))
    assert sent(proposal) == [(0, 2, 5.0), (0, 1, 6.0)]


def test_the_rest_of_a_team_of_which_some_are_out_still_goes():
    teams = make_teams([OUTSIDE], [12], free=[7], is_divisible=True)
    assert sent(propose(make_problem(make_grids([9], [0]), teams, pairs((0, 0, 5))))) == [(0, 0, 7.0)]


def test_a_gap_that_is_rounded_away_is_not_listed():
    proposal = propose(make_problem(make_grids([5.004], [5]), make_teams([OUTSIDE], [4]), pairs((0, 0, 5))))
    assert (proposal.moves, proposal.open) == ((), ())


def test_a_team_that_may_be_split_closes_two_gaps():
    teams, reach = make_teams([OUTSIDE], [12], is_divisible=True), pairs((0, 0, 5), (0, 1, 5))
    split = propose(make_problem(make_grids([6, 6], [0, 0]), teams, reach))
    assert (split.missing, sent(split)) == (0, [(0, 0, 6.0), (0, 1, 6.0)])
    whole = propose(make_problem(make_grids([6, 6], [0, 0]), make_teams([OUTSIDE], [12]), reach))
    assert whole.missing == 6


@pytest.mark.parametrize("floor", [0.0, 0.5, 1.0])
def test_teams_are_called_out_at_home_rather_than_trading_places(floor):
    grids = make_grids([10, 10], [1.2, 1.2], floor=np.array([10, 10]) * floor)
    teams = make_teams([0, 1], [12, 12], leaving=[1.2, 1.2])
    proposal = propose(make_problem(grids, teams, pairs((0, 1, 9), (1, 0, 9))))
    assert (proposal.missing, proposal.travel) == (0, 0)
    assert [(move.team, move.receiver, move.why) for move in proposal.moves] == [
        (0, 0, MoveReason.AT_HOME),
        (1, 1, MoveReason.AT_HOME),
    ]


def test_of_those_sent_the_attendance_comes_at_home_and_away():
    reach = pairs((0, 1, 9))
    away = make_problem(make_grids([0, 10], [0, 0]), make_teams([0], [10], leaving=[0]), reach, attendance=0.8)
    home = make_problem(make_grids([10], [2]), make_teams([0], [10], leaving=[2]), pairs(), attendance=0.8)
    assert [propose(away).missing, propose(home).missing] == pytest.approx([2, 2])


def test_a_planned_number_grows_where_not_everybody_comes():
    teams = make_teams([OUTSIDE], [12], is_divisible=True)
    problem = make_problem(make_grids([4], [0]), teams, pairs((0, 0, 5)), attendance=0.5)
    assert sent(propose(problem)) == [(0, 0, 8.0)]


def test_nobody_is_called_out_at_home_who_is_counted_there_anyway():
    problem = make_problem(make_grids([10], [6]), make_teams([0], [6]), pairs())
    assert propose(problem).moves == ()


def test_a_grid_without_anybody_is_helped_before_one_that_lacks_as_many():
    grids, reach = make_grids([20, 5], [15, 0]), pairs((0, 0, 5), (0, 1, 6))
    assert sent(propose(make_problem(grids, make_teams([OUTSIDE], [5]), reach))) == [(0, 1, 5.0)]
    assert sent(propose(make_problem(grids, make_teams([OUTSIDE], [5]), reach), PRICED)) == [(0, 0, 5.0)]


def test_the_price_of_people_and_ways_decides_who_stays():
    grids, teams = make_grids([2], [0]), make_teams([OUTSIDE], [12])
    near, far = pairs((0, 0, 5)), pairs((0, 0, 29))
    assert len(propose(make_problem(grids, teams, near), PRICED).moves) == 1
    assert propose(make_problem(grids, teams, far), PRICED).moves == ()
    assert len(propose(make_problem(grids, teams, far), PLAIN).moves) == 1


def test_less_than_half_a_person_beside_whole_ones_calls_nobody():
    teams = make_teams([OUTSIDE], [12], is_divisible=True)
    numbers = [propose(make_problem(make_grids([need], [0]), teams, pairs((0, 0, 1)))).persons for need in (2.4, 2.6)]
    assert numbers == [2, 3]


def test_priority_decides_between_equal_gaps():
    grids = make_grids([9, 9], [0, 0], priority=[1, 2])
    proposal = propose(make_problem(grids, make_teams([OUTSIDE], [9]), pairs((0, 0, 1), (0, 1, 20))))
    assert [move.receiver for move in proposal.moves] == [1]


def test_the_nearer_of_equal_teams_goes():
    proposal = propose(
        make_problem(make_grids([9], [0]), make_teams([OUTSIDE] * 2, [9, 9]), pairs((0, 0, 8), (1, 0, 7))), PLAIN
    )
    assert [move.team for move in proposal.moves] == [1]


def test_one_team_goes_rather_than_two_with_the_same_travel():
    teams = make_teams([OUTSIDE] * 3, [4, 4, 8])
    proposal = propose(make_problem(make_grids([8], [0]), teams, pairs((0, 0, 5), (1, 0, 5), (2, 0, 5))))
    assert [move.team for move in proposal.moves] == [2]


def test_a_lender_keeps_its_need_unless_its_floor_is_lowered():
    teams, reach = make_teams([0], [6]), pairs((0, 1, 5))
    held = propose(make_problem(make_grids([10, 8], [12, 0], priority=[1, 3]), teams, reach), PLAIN)
    let_go = propose(make_problem(make_grids([10, 8], [12, 0], priority=[1, 3], floor=0), teams, reach), PLAIN)
    assert held.moves == ()
    assert (let_go.missing, let_go.moves[0].giver_surplus) == (2 + 4, -4)


def test_a_home_loses_what_it_counted_on_and_the_receiver_gains_the_whole_team():
    grids, reach = make_grids([10, 8], [12, 0]), pairs((0, 1, 5))
    found = propose(make_problem(grids, make_teams([0], [6], leaving=[2]), reach))
    assert [(move.persons, move.gap_with, move.giver_surplus) for move in found.moves] == [(6, 2, 0)]


def test_of_a_pinned_part_the_home_loses_its_share():
    grids, teams = make_grids([10, 8], [12, 0]), make_teams([0], [6], leaving=[3])
    found = propose(make_problem(grids, teams, pairs((0, 1, 5)), Pins(np.array([0]), np.array([1]), np.array([4.0]))))
    assert [(move.persons, move.gap_with, move.giver_surplus) for move in found.moves] == [(4, 4, 0)]


def test_who_may_go_together_is_not_held_back_by_rounding():
    grids = make_grids([0, 9, 9], [7.452, 0, 0])
    teams = make_teams([0, 0], [6, 6], leaving=[3.726, 3.726])
    assert len(propose(make_problem(grids, teams, pairs((0, 1, 5), (1, 2, 5)))).moves) == 2


def test_nobody_is_sent_where_the_loss_at_home_is_as_large():
    grids = make_grids([10, 8], [10, 0], floor=-np.inf)
    assert propose(make_problem(grids, make_teams([0], [6]), pairs((0, 1, 5))), PRICED).moves == ()


def test_a_price_of_parts_has_one_team_do_what_two_would_in_parts():
    grids, reach = make_grids([5], [0]), pairs((0, 0, 9), (1, 0, 1))
    problem = make_problem(grids, make_teams([OUTSIDE] * 2, [5, 3], is_divisible=True), reach)
    assert sent(propose(problem)) == [(1, 0, 3.0), (0, 0, 2.0)]
    assert sent(propose(problem, Weights(part=0.5))) == [(0, 0, 5.0)]
