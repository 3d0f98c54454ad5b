"""Writers killed at random moments: nothing that was answered is lost, and what is there fits together."""

from .killing import Tally, kill_three

ROUNDS = 3


def test_nothing_answered_is_lost_when_three_writers_are_killed(town_url, tmp_path):
    tally = sum((kill_three(town_url, tmp_path, seed) for seed in range(ROUNDS)), Tally())
    assert tally.answered >= 6 * ROUNDS
    assert tally.orders
