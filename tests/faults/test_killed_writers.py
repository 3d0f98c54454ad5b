"""Writers killed at random moments: nothing that was answered is lost, and what is there fits together."""

from .killing import Tally, check, kill_three, write_on
from .killing_chains import check_chains, make_roster, write_chains

ROUNDS = 3


def test_nothing_answered_is_lost_when_three_writers_are_killed(town_url, tmp_path):
    tally = sum((kill_three(town_url, tmp_path, seed, write_on, check) for seed in range(ROUNDS)), Tally())
    assert tally.answered >= 6 * ROUNDS
    assert tally.orders


def test_no_chain_is_lost_or_taken_in_twice_when_three_writers_are_killed(town_url, tmp_path):
    make_roster(town_url)
    rounds = (kill_three(town_url, tmp_path, seed, write_chains, check_chains) for seed in range(ROUNDS))
    assert sum(rounds, Tally()).answered >= 6 * ROUNDS
