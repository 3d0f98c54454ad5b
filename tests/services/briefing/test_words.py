"""Counts, names, days and places as a briefing says them."""

from datetime import datetime

import pytest

from services.briefing.gap_communities import Gap, where_text
from services.briefing.sections.data import age_text
from services.briefing.team_names import name_team
from services.briefing.words import from_text, join_names, shorten, since_text, speaking
from services.i18n import current_language
from services.rules.rounding import percent_met
from services.rules.windows import Window
from services.wording import people_text, spoken_window

NOW = datetime(2026, 11, 25, 12)


@pytest.mark.parametrize(("count", "said"), [(0, "0"), (1, "<3"), (2, "<3"), (3, "3"), (1432, "1,432")])
def test_small_numbers_of_people_are_not_told(count, said):
    assert people_text(count) == said


@pytest.mark.parametrize(
    ("start", "zh", "en"),
    [
        (datetime(2026, 11, 25, 20), "今晚 20 时起", "From 20:00 tonight"),
        (datetime(2026, 11, 25, 20, 30), "今晚 20 时 30 分起", "From 20:30 tonight"),
        (datetime(2026, 11, 25, 8), "今天 8 时起", "From 8:00 today"),
        (datetime(2026, 11, 26, 8), "明天 8 时起", "From 8:00 tomorrow"),
        (datetime(2026, 11, 26, 0), "明天 0 时起", "From 0:00 tomorrow"),
        (datetime(2026, 11, 26, 19), "明晚 19 时起", "From 19:00 tomorrow night"),
        (datetime(2026, 11, 28, 8), "11 月 28 日（周六）8 时起", "From 8:00 on Nov 28 (Sat)"),
        (datetime(2026, 11, 24, 20), "11 月 24 日（周二）20 时起", "From 20:00 on Nov 24 (Tue)"),
    ],
)
def test_the_beginning_of_a_window_is_told_from_now(start, zh, en):
    assert from_text(start, NOW) == zh
    with speaking("en"):
        assert from_text(start, NOW) == en


def test_a_window_that_is_running_is_now():
    assert since_text(Window(datetime(2026, 11, 25, 12), datetime(2026, 11, 25, 13)), NOW) == "目前"
    assert since_text(Window(datetime(2026, 11, 25, 11), datetime(2026, 11, 25, 12)), NOW) == "今天 11 时起"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (datetime(2026, 11, 25, 20), datetime(2026, 11, 26), "11 月 25 日（周三）20:00–24:00"),
        (datetime(2026, 11, 25, 20), datetime(2026, 11, 25, 22), "11 月 25 日（周三）20:00–22:00"),
        (
            datetime(2026, 11, 28, 8),
            datetime(2026, 11, 29, 22),
            "11 月 28 日（周六）08:00 – 11 月 29 日（周日）22:00",
        ),
    ],
)
def test_windows_are_told_with_their_days(start, end, said):
    assert spoken_window(Window(start, end)) == said


@pytest.mark.parametrize(
    ("gaps", "communities", "zh", "en"),
    [
        ([], 5, "", ""),
        ([("雅瑶社区", 9.0)], 1, "", ""),
        ([("雅瑶社区", 9.0)], 5, "，都在雅瑶社区", ", all of them in 雅瑶社区"),
        (
            [("雅瑶社区", 70.0), ("合和社区", 50.0), ("三向村", 23.0)],
            11,
            "，集中在雅瑶、合和两个社区",
            ", most of them in the two communities 雅瑶 and 合和",
        ),
        ([("雅瑶社区", 80.0), ("合和社区", 20.0)], 5, "，集中在雅瑶社区", ", most of them in 雅瑶社区"),
        ([("雅瑶社区", 10.0), ("合和社区", 6.0), ("三向村", 4.0)], 5, "，集中在雅瑶社区", None),
        ([("雅瑶社区", 4.5), ("三向村", 4.5), ("A", 3.0)], 5, "，集中在雅瑶社区、三向村", None),
        (
            [("永沙社区", 8.0), ("雅瑶社区", 7.0), ("银港社区", 6.0), *[("A", 5.0)] * 5],
            20,
            "，其中永沙、雅瑶、银港三个社区缺 21 人，占 46%",
            ", 21 of them in the three communities 永沙, 雅瑶 and 银港 (46%)",
        ),
        ([("雅瑶社区", 8.0), *[("A", 5.0)] * 5], 9, "，其中雅瑶社区缺 8 人，占 24%", None),
        ([(f"第{k}社区", 5.0) for k in range(9)], 9, "，分布在 9 个社区", ", spread over 9 communities"),
        ([("", 90.0), ("雅瑶社区", 5.0)], 9, "，分布在 2 个社区", None),
    ],
)
def test_the_communities_that_hold_half_of_a_gap_are_named_or_the_largest_with_their_share(gaps, communities, zh, en):
    stated = [Gap(name, missing, missing) for name, missing in gaps]
    people = sum(gap.missing for gap in stated)
    assert where_text(stated, communities, people) == zh
    if en is not None:
        with speaking("en"):
            assert where_text(stated, communities, people) == en


def test_the_share_is_that_of_the_figures_that_are_shown():
    gaps = [Gap(f"第{k}社区", gap, shown) for k, (gap, shown) in enumerate([(13.4, 13.0), (8.4, 8.0), (7.4, 7.0)])]
    rest = [Gap("A", 5.0, 5.0)] * 9
    assert where_text([*gaps, *rest], 20, 74.0).endswith("缺 28 人，占 38%")


def test_a_long_name_is_cut_in_its_middle_so_that_neighbours_stay_apart():
    assert shorten("长" * 37 + "三社区") == "长" * 10 + "…" + "长长三社区"
    assert [len(shorten("长" * 40, most)) for most in (1, 2, 16, 24)] == [1, 2, 16, 24]
    assert len(where_text([Gap("长" * 40, 9.0, 9.0)], 5, 9.0)) < 25


def test_lists_end_as_the_language_does():
    assert join_names(["甲", "乙", "丙"]) == "甲、乙、丙"
    with speaking("en"):
        assert join_names(["A", "B", "C"]) == "A, B and C"


def test_the_language_before_comes_back_after_a_fault():
    with pytest.raises(KeyError), speaking("en"):
        raise KeyError
    assert current_language() == "zh"


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, 0), (0.004, 1), (0.5, 50), (0.996, 99), (0.999999, 99), (1.0, 100), (2.344, 234)]
)
def test_nearly_all_is_not_all_and_nearly_none_not_none(share, said):
    assert percent_met(share) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (None, "不详"),
        (datetime(2026, 11, 25, 11, 59, 30), "刚刚"),
        (datetime(2026, 11, 25, 12, 5), "刚刚"),
        (datetime(2026, 11, 25, 11, 50), "10 分钟前"),
        (datetime(2026, 11, 25, 9), "3 小时前"),
        (datetime(2026, 11, 20, 9), "5 天前"),
    ],
)
def test_the_age_of_the_data_is_told_in_whole_units(at, said):
    assert age_text(at, NOW) == said


@pytest.mark.parametrize(
    ("name", "persons", "said"),
    [
        ("消防一队", set(), "消防一队"),
        ("张三突击队", {"张三"}, "一格的 12 人队伍"),
        ("先锋 13912345678", set(), "一格的 12 人队伍"),
        ("先锋 １３９-１２３４-５６７８", set(), "一格的 12 人队伍"),
        ("", set(), "一格的 12 人队伍"),
        ("John Smith team", {"John Smith"}, "一格的 12 人队伍"),
        ("119 队", set(), "119 队"),
    ],
)
def test_a_team_goes_by_its_name_unless_that_names_a_person(name, persons, said):
    assert name_team(name, 12, "一格", persons) == said


def test_a_small_team_without_a_home_is_told_without_its_size():
    assert name_team("", 2, "", set()) == "一支 <3 人队伍"
