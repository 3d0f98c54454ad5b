"""The four figures above the map, and how what they are compared with is said."""

from datetime import datetime

import pytest

from dashboard.pages.situation.tiles import headline_tiles
from services.coverage import ComparedFigure, Comparison, ComparisonKind, Headlines, compared_text, same_hours_text
from services.i18n import use_language
from services.rules.windows import HOUR, Window

# 2026-11-27 is a Friday.
NOW = datetime(2026, 11, 27, 10)


def evening(day, month=11):
    start = datetime(2026, month, day, 20)
    return Window(start, start + 4 * HOUR)


DAY = Comparison(ComparisonKind.DAY, evening(26))
ORDERS = Comparison(ComparisonKind.ORDERS, evening(27), datetime(2026, 11, 27, 9, 30))


def headlines(*figures):
    return Headlines(*(ComparedFigure(value, before) for value, *before in figures))


def test_changes_are_told_with_their_sign_whether_they_are_good_and_what_they_are_changes_from():
    told = headline_tiles(
        headlines((0.62, 0.584, 0.5), (94, 97, 94), (110, 98, 1_122), (384, 384, 384)), [DAY, ORDERS], NOW
    )
    assert [(tile.value, *((note.words, note.tone) for note in tile.notes)) for tile in told] == [
        ("62", ("比昨天同一时段 +4 个百分点", "good"), ("最近一次派单以来 +12 个百分点", "good")),
        ("94", ("比昨天同一时段 −3", "good"), ("最近一次派单以来无变化", "even")),
        ("110", ("比昨天同一时段 +12", "bad"), ("最近一次派单以来 −1,012", "good")),
        ("384", ("与昨天同一时段持平", "even"), ("最近一次派单以来无变化", "even")),
    ]


def test_what_is_shown_adds_up():
    """62.4 % against 58.6 % is shown as 62 against 59: three points, not four."""
    (met, *_rest) = headline_tiles(headlines((0.624, 0.586), (0, 0), (0, 0), (0, 0)), [DAY], NOW)
    assert (met.value, met.notes[0].words) == ("62", "比昨天同一时段 +3 个百分点")


def test_weak_grids_lead_to_their_list_and_nothing_else_leads_anywhere():
    tiles = headline_tiles(headlines((0.5,), (3,), (4,), (5,)), [], NOW, weak_way="/reinforce?list=weak")
    assert [(tile.way, bool(tile.way_hint)) for tile in tiles] == [
        ("", False),
        ("/reinforce?list=weak", True),
        ("", False),
        ("", False),
    ]


def test_a_figure_nobody_knows_is_a_dash():
    tiles = headline_tiles(headlines((None, 0.5), (0, None), (0, 0), (0, 0)), [DAY], NOW)
    assert (tiles[0].value, tiles[0].notes, tiles[1].notes) == ("–", (), ())


def test_where_there_is_nothing_to_compare_with_nothing_is_said():
    tiles = headline_tiles(headlines((0.5,), (3,), (4,), (5,)), [], NOW)
    assert [tile.notes for tile in tiles] == [()] * 4


@pytest.mark.parametrize(
    ("earlier", "words"),
    [
        (evening(26), "昨天同一时段"),
        (evening(27), "今天同一时段"),
        (evening(28), "明天同一时段"),
        (evening(25), "本周三同一时段"),
        (evening(20), "上周五同一时段"),
        (evening(13), "11月13日同一时段"),
        (Window(datetime(2026, 11, 21, 8), datetime(2026, 11, 22, 22)), "上周末"),
        (Window(datetime(2026, 11, 28, 8), datetime(2026, 11, 29, 22)), "本周末"),
        (Window(datetime(2026, 11, 23, 8), datetime(2026, 11, 25)), "11月23日至11月24日同一时段"),
        (Window(datetime(2026, 11, 26, 20), datetime(2026, 11, 27)), "昨天同一时段"),
    ],
)
def test_the_same_hours_have_a_name(earlier, words):
    assert same_hours_text(earlier, NOW) == words


def test_english_is_complete():
    use_language("en")
    assert compared_text("+3", DAY, NOW) == "+3 on yesterday, same hours"
    assert compared_text("", Comparison(ComparisonKind.DAY, evening(20)), NOW) == "as in last Friday, same hours"
    assert compared_text("−3", ORDERS, NOW) == "−3 since the last orders"
