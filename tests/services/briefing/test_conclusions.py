"""The conclusions of unusual stores and numbers: true, and Chinese that can be read aloud."""

import pytest

from geo.schema import Layer
from services.briefing import SectionName, make_briefing
from services.briefing.words import total_people
from services.catalog.actions import Action
from services.rules.windows import DayPart
from tests.acting import act

from .conftest import frame, square, write_members, write_zones

ONE = {"C1": "雅瑶社区"}
TWO = {"C1": "雅瑶社区", "C2": "合和社区"}


@pytest.fixture
def conclude(empty_office, request_):
    """Return a function that fills the store and returns the sections by name."""

    def conclude(communities, grids, estates=None):
        with act(empty_office, Action.IMPORT) as work:
            write_zones(work.tx, communities, grids)
            write_members(work.tx, grids)
            if estates:
                outlines = [square(10 + 30 * k, 20) for k in range(len(estates))]
                work.tx.upsert(Layer.ESTATES, frame(estates, outlines))
        return {part.name: part for part in make_briefing(empty_office, request_).sections}

    return conclude


def estate(name, households=300):
    return {"name": name, "parent_code": "G1", "residents": 900, "households": households, "managed": False, "gates": 2}


@pytest.mark.parametrize(
    ("communities", "grids", "said"),
    [
        (ONE, {"G1": ("C1", 300, 80)}, "今晚 20 时起，雅瑶社区没有力量不足的网格"),
        (ONE, {"G1": ("C1", 3000, 8)}, "今晚 20 时起，雅瑶社区力量不足，缺 5.2 人"),
        (ONE, {"G1": ("C1", 3000, 4)}, "今晚 20 时起，雅瑶社区力量不足，缺 6.8 人"),
        (ONE, {"G1": ("C1", None, 2)}, "雅瑶社区没有居民或小区数据，暂时无法评估力量"),
        (
            TWO,
            {"G1": ("C1", 3000, 8), "G2": ("C2", 300, 80)},
            "今晚 20 时起 2 个社区中只有雅瑶社区有网格力量不足，缺 5.2 人",
        ),
        (
            TWO,
            {"G1": ("C1", 3000, 8), "G2": ("C2", 6000, 8)},
            "今晚 20 时起 2 个社区都有网格力量不足，合和社区缺口最大（缺 14 人）",
        ),
        (TWO, {"G1": ("C1", 3000, 8), "G2": ("C2", 3000, 8)}, "今晚 20 时起 2 个社区都有网格力量不足，缺口相同"),
        (TWO, {"G1": ("C1", 300, 80), "G2": ("C2", 300, 80)}, "今晚 20 时起 2 个社区都没有力量不足的网格"),
    ],
    ids=["enough", "short", "shorter", "unknown", "only one", "all", "alike", "none"],
)
def test_communities(conclude, communities, grids, said):
    assert conclude(communities, grids)[SectionName.COMMUNITIES].title == said


def test_of_equal_gaps_the_community_with_more_residents_stands_first(conclude):
    parts = conclude(TWO, {"G1": ("C1", 3000, 8), "G2": ("C2", 3002, 8)})
    rows = parts[SectionName.COMMUNITIES].table.rows
    assert [row[0] for row in rows] == ["合和社区", "雅瑶社区"]
    assert rows[0][1:] == rows[1][1:]


@pytest.mark.parametrize("name", [SectionName.SITUATION, SectionName.WEAKEST, SectionName.HOURS])
def test_where_nothing_is_known_nothing_is_concluded(conclude, name):
    assert conclude(TWO, {"G1": ("C1", None, 5)})[name].title == "各网格都没有居民或小区数据，暂时无法评估力量"


@pytest.mark.parametrize(
    ("estates", "said"),
    [
        ({"E1": estate("甲苑")}, "今晚 20 时起 1 个杂居小区力量不足：甲苑，缺 5.3 人"),
        ({"E1": estate("甲苑"), "E2": estate("乙苑")}, "今晚 20 时起 2 个杂居小区力量不足，共缺 11 人，缺口相同"),
        (
            {"E1": estate("甲苑"), "E2": estate("乙苑", 900), "E3": estate("丙苑", 900)},
            "今晚 20 时起 3 个杂居小区力量不足，共缺 21 人，乙苑等 2 个缺口最大（各缺 7.9 人）",
        ),
    ],
    ids=["one", "alike", "two most"],
)
def test_the_weakest_estates(conclude, estates, said):
    part = conclude(ONE, {"G1": ("C1", 3000, 0)}, estates)[SectionName.WEAKEST]
    assert part.title == said
    assert "合计可能多于网格缺口" in part.lead


def test_what_each_needs_has_and_lacks_makes_the_total(conclude):
    part = conclude(TWO, {"G1": ("C1", 3000, 0), "G2": ("C2", 300, 4)})[SectionName.WEAKEST]
    figures = [[float(cell) for cell in row[3:6]] for row in part.table.rows]
    assert all(need - met == pytest.approx(gap) for need, met, gap in figures)
    total = round(sum(gap for *_, gap in figures))
    assert part.title == f"今晚 20 时起 2 个网格力量不足，共缺 {total} 人，G1网格缺口最大（缺 {figures[0][2]} 人）"


@pytest.mark.parametrize(
    ("parts", "are_all_listed", "said"),
    [
        ([12, 2], True, "≥13"),
        ([12, 2], False, "14"),
        ([12, 6], True, "18"),
        ([2], True, "<3"),
        ([1, 1], True, "≥2"),
        ([], True, "0"),
    ],
)
def test_the_people_sent_in_all(parts, are_all_listed, said):
    assert total_people(parts, are_all_listed=are_all_listed) == said


def test_members_of_whom_none_has_a_grid_count_for_nothing(empty_office, request_):
    people = {f"M{k}": {"name": "某"} | {f"available_{part}": None for part in DayPart} for k in range(40)}
    with act(empty_office, Action.IMPORT) as work:
        write_zones(work.tx, ONE, {"G1": ("C1", 300, 0)})
        work.tx.upsert(Layer.MEMBERS, frame(people))
    part = make_briefing(empty_office, request_).sections[-1]
    assert part.title == "40 名党员都未落到网格，各项力量均为 0"


def test_estates_that_are_not_mixed_are_counted_where_no_mixed_one_is_short(conclude):
    estates = {f"E{k}": estate(f"{k}苑") | {"managed": True} for k in range(2)}
    title = conclude(ONE, {"G1": ("C1", 3000, 0)}, estates)[SectionName.WEAKEST].title
    assert title == "今晚 20 时起没有力量不足的杂居小区，但其他小区有 2 个力量不足"


def test_nobody_lacks_more_people_than_are_needed(conclude):
    part = conclude(TWO, {"G1": ("C1", 3000, 0), "G2": ("C2", 300, 80)})[SectionName.COMMUNITIES]
    assert part.title.endswith("缺 8.4 人")
    assert part.table.rows[0][1] == "8.4"
