"""What a proposal chooses in the smallest cases, and what it says of the grids it leaves open."""

import numpy as np
import pytest

from geo.optimise import (
    OUTSIDE,
    Pins,
    ShortageReason,
    StopReason,
    make_grids,
    make_problem,
    make_teams,
    propose,
)
from tests.geo.optimise.posing import pairs


@pytest.mark.parametrize(
    ("size", "home", "is_free", "skills", "reaches", "supply", "why"),
    [
        (5, 0, True, {"medical"}, False, 20, ShortageReason.NO_TEAM_IN_REACH),
        (5, 0, True, set(), True, 20, ShortageReason.NO_SKILL),
        (5, 0, False, {"medical"}, True, 20, ShortageReason.ALL_BUSY),
        (0, 0, True, {"medical"}, True, 20, ShortageReason.ALL_BUSY),
        (5, 0, True, {"medical"}, True, 12, ShortageReason.LENDERS_AT_FLOOR),
    ],
)
def test_an_open_grid_says_why(size, home, is_free, skills, reaches, supply, why):
    grids = make_grids([10, 8], [supply, 0], skills=[frozenset(), frozenset({"medical"})])
    teams = make_teams([home], [size], skills=[frozenset(skills)], is_free=[is_free])
    proposal = propose(make_problem(grids, teams, pairs((0, 1, 9)) if reaches else pairs()))
    assert [(one.grid, one.why) for one in proposal.open] == [(1, why)]
    assert proposal.ended is StopReason.NOTHING_TO_DO
    assert proposal.moves == ()


def test_a_grid_left_for_a_better_one_says_so():
    proposal = propose(
        make_problem(make_grids([9, 5], [0, 0]), make_teams([OUTSIDE], [9]), pairs((0, 0, 5), (0, 1, 5)))
    )
    assert [(one.grid, one.why) for one in proposal.open] == [(1, ShortageReason.TEAMS_HELP_ELSEWHERE)]


def test_a_second_team_that_may_not_leave_is_named_as_such():
    grids = make_grids([5, 9, 9], [12, 0, 0])
    proposal = propose(make_problem(grids, make_teams([0, 0], [6, 6]), pairs((0, 1, 5), (1, 2, 5))))
    assert [one.why for one in proposal.open if one.missing == 9] == [ShortageReason.LENDERS_AT_FLOOR]


def test_priority_decides_between_equal_gaps():
    grids = make_grids([9, 9], [0, 0], priority=[1, 2])
    proposal = propose(make_problem(grids, make_teams([OUTSIDE], [9]), pairs((0, 0, 1), (0, 1, 20))))
    assert [move.receiver for move in proposal.moves] == [1]


def test_the_nearer_of_equal_teams_goes():
    proposal = propose(
        make_problem(make_grids([9], [0]), make_teams([OUTSIDE] * 2, [9, 9]), pairs((0, 0, 8), (1, 0, 7)))
    )
    assert [move.team for move in proposal.moves] == [1]


def test_one_team_goes_rather_than_two_with_the_same_travel():
    teams = make_teams([OUTSIDE] * 3, [4, 4, 8])
    proposal = propose(make_problem(make_grids([8], [0]), teams, pairs((0, 0, 5), (1, 0, 5), (2, 0, 5))))
    assert [move.team for move in proposal.moves] == [2]


def test_a_lender_keeps_its_need_unless_its_floor_is_lowered():
    teams, reach = make_teams([0], [6]), pairs((0, 1, 5))
    held = propose(make_problem(make_grids([10, 8], [12, 0], priority=[1, 3]), teams, reach))
    let_go = propose(make_problem(make_grids([10, 8], [12, 0], priority=[1, 3], floor=0), teams, reach))
    assert held.moves == ()
    assert (let_go.unmet.value, let_go.moves[0].giver_surplus) == (3 * 2 + 4, -4)


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
    assert propose(make_problem(grids, make_teams([0], [6]), pairs((0, 1, 5)))).moves == ()
