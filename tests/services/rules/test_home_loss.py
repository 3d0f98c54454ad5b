"""What a grid counts of its teams is never more than its members."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.home_loss import HomeTeam, counted_shares


@pytest.mark.parametrize(
    ("size", "named", "members", "share"),
    [
        (12, None, 40, 1),
        (12, None, 12, 1),
        (12, None, 6, 0.5),
        (12, None, 0, 0),
        (7, 5, 40, 5 / 7),
        (7, 0, 40, 0),
        (7, 9, 40, 1),
        (7, 7, 0, 0),
    ],
)
def test_those_count_who_are_members_of_the_home(size, named, members, share):
    assert counted_shares([HomeTeam("T", "G", size, named)], {"G": members}) == pytest.approx({"T": share})


def test_members_who_stand_in_a_team_are_not_counted_for_the_others():
    teams = [HomeTeam("A", "G", 5, 5), HomeTeam("B", "G", 10, None), HomeTeam("C", "H", 10, None)]
    assert counted_shares(teams, {"G": 10, "H": 10}) == {"A": 1, "B": 0.5, "C": 1}


def test_a_team_without_people_has_no_share():
    assert counted_shares([HomeTeam("A", "G", 0, None)], {"G": 10}) == {}


standing = st.builds(
    HomeTeam,
    st.uuids().map(str),
    st.sampled_from("GH"),
    st.integers(0, 40),
    st.none() | st.integers(0, 40),
)


@given(st.lists(standing, max_size=8), st.integers(0, 60))
def test_all_teams_of_a_grid_never_take_more_members_than_it_has(teams, members):
    shares = counted_shares(teams, {"G": members})
    assert all(0 <= share <= 1 for share in shares.values())
    counted = sum(team.size * shares.get(team.code, 0) for team in teams if team.home == "G")
    assert counted <= members + 1e-9
