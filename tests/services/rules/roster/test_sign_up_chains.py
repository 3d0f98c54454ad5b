"""Chains made by chance: nobody is placed who is not meant, and few are asked for. All 2,000: tests/soak/sign_up.py."""

from tests.services.rules.roster.chains import make_people, read_chains


def test_nobody_is_placed_by_mistake_and_at_most_one_in_ten_is_asked_for():
    tally = read_chains(300, make_people(4500, 1), seed=11)
    assert tally.entries > 2000
    assert tally.wrong == []
    assert tally.doubts <= 0.1 * tally.entries
