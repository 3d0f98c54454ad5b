"""How many stand by, and who is asked first."""

from datetime import datetime

import pytest
from scipy.stats import binom

from services.rules.roster.clash import DutyBreach, DutyRule
from services.rules.roster.free_times import FreeAnswer
from services.rules.roster.ranking import SeatCandidate, load_of, rank_candidates
from services.rules.roster.reserve import reserve_size
from services.rules.windows import Window


@pytest.mark.parametrize(("seats", "reserves"), [(0, 0), (1, 0), (2, 1), (4, 1), (6, 2), (12, 3), (20, 4), (40, 7)])
def test_reserves_for_seats(seats, reserves):
    assert reserve_size(seats, 0.1, 0.9) == reserves


@pytest.mark.parametrize("absent", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("certainty", [0.5, 0.9, 0.99])
def test_a_reserve_less_would_not_do(absent, certainty):
    for seats in range(1, 30):
        size = reserve_size(seats, absent, certainty)
        assert binom.cdf(size, seats + size, absent) >= certainty
        assert size == 0 or binom.cdf(size - 1, seats + size - 1, absent) < certainty


def candidate(code, *rules, answer=FreeAnswer.LIKELY, load=0.0, earlier=0.0, distance=0, minutes=5.0):
    breaches = tuple(DutyBreach(rule) for rule in rules)
    return SeatCandidate(
        member_code=code,
        breaches=breaches,
        answer=answer,
        load=load,
        earlier_load=earlier,
        distance=distance,
        minutes=minutes,
    )


def test_candidates_stand_in_the_order_of_the_rule():
    ranked = [
        candidate("yes", answer=FreeAnswer.YES, load=2, distance=2, minutes=29),
        candidate("if needed", answer=FreeAnswer.IF_NEEDED),
        candidate("idle", minutes=9),
        candidate("had a night before", earlier=1.0),
        candidate("idle and near", load=1, minutes=3),
        candidate("next door", load=1, distance=1, minutes=2),
        candidate("far", load=1, distance=1, minutes=None),
        candidate("never asked", answer=FreeAnswer.UNASKED),
        candidate("tired", DutyRule.REST, answer=FreeAnswer.YES),
    ]
    elsewhere = candidate("elsewhere", DutyRule.OVERLAP, answer=FreeAnswer.YES)
    assert rank_candidates([elsewhere, *reversed(ranked)]) == ranked


def test_hours_after_two_at_night_weigh_double():
    late = Window(datetime(2026, 11, 27, 2), datetime(2026, 11, 27, 4))
    evening = Window(datetime(2026, 11, 26, 22), datetime(2026, 11, 27, 0))
    over = Window(datetime(2026, 11, 26, 22), datetime(2026, 11, 27, 6))
    assert [load_of(each, 2.0) for each in (late, evening, over)] == [2.0, 1.0, 1.5]
