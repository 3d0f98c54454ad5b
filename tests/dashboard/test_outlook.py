"""Now, tonight, tomorrow morning and the weekend at the top: the same figures as in the windows themselves."""

from datetime import datetime

import pytest

from dashboard import cache
from dashboard.kit.zone_tree import inside
from dashboard.pages.situation.outlook import hours_words
from geo.schema import Layer
from services import coverage
from services.planning import Move, commit_plan, create_plan, send
from services.rules.windows import HOUR, Mode, NamedWindow, Window, name_window
from tests.conftest import NOW
from tests.dashboard.panels import choices, open_page, parts_of

EMERGENCY = Mode.EMERGENCY


def figures_of(prospect):
    return [figure.value for figure in (prospect.figures.met, prospect.figures.weak, prospect.figures.missing)]


@pytest.mark.parametrize("name", NamedWindow)
def test_each_window_has_the_figures_it_has_when_it_is_chosen(demo, name):
    prospect = next(each for each in cache.outlook(EMERGENCY, NOW) if each.name is name)
    assert prospect.window == name_window(name, NOW)
    assert prospect.figures == coverage.headline_figures(
        cache.coverage_view(EMERGENCY, prospect.window).tables[Layer.GRIDS]
    )


def test_they_are_of_the_zone_that_is_looked_at(demo):
    tables = cache.coverage_view(EMERGENCY, name_window(NamedWindow.TONIGHT, NOW)).tables
    of_parts = []
    for code in tables[Layer.COMMUNITIES].index:
        tonight = cache.outlook(EMERGENCY, NOW, Layer.COMMUNITIES, code)[1]
        grids = tables[Layer.GRIDS].loc[inside(tables, Layer.COMMUNITIES, code, Layer.GRIDS)]
        assert tonight.figures == coverage.headline_figures(grids)
        of_parts.append(tonight.figures.weak.value)
    assert sum(of_parts) == cache.outlook(EMERGENCY, NOW)[1].figures.weak.value


def test_orders_count_in_the_window_they_are_for(own_demo):
    before = cache.outlook(EMERGENCY, NOW)
    window = name_window(NamedWindow.TONIGHT, NOW)
    tables = cache.coverage_view(EMERGENCY, window).tables
    worst = tables[Layer.GRIDS]["gap"].idxmax()
    plan = create_plan(cache.context(), window, EMERGENCY, event_id="e1", name="今晚")
    teams = cache.layer_frame(Layer.TEAMS)
    team = teams[teams["parent_code"] != worst].iloc[0]
    send(cache.context(), plan.id, Move(team.name, worst, int(team["size"])), event_id="e2")
    assert commit_plan(cache.context(), plan.id).is_sent
    changed = [
        each.name
        for each, was in zip(cache.outlook(EMERGENCY, NOW), before, strict=True)
        if figures_of(each) != figures_of(was)
    ]
    assert changed == [NamedWindow.TONIGHT]


def test_the_page_shows_them_in_one_row_and_marks_the_one_that_is_chosen(demo):
    page = open_page(window="tonight", mode="emergency")
    cells = choices(parts_of(page, "outlook"))
    assert list(cells) == [name.value for name in NamedWindow]
    assert cells["tonight"].startswith("今晚 20:00–24:00")
    for cell, prospect in zip(cells.values(), cache.outlook(EMERGENCY, NOW), strict=True):
        met, weak, missing = figures_of(prospect)
        assert f"{round(100 * met)}%" in cell
        assert f"{weak:,.0f} 格薄弱" in cell
        assert (f"缺 {missing:,.0f} 人" if missing else "不缺人") in cell


def test_any_other_window_marks_none(demo):
    page = open_page(window="2026-11-20T13:00/2026-11-20T15:00")
    ((_tag, _style, cells),) = parts_of(page, "outlook")
    assert {more["pressed"] for *_part, more in cells} == {"false"}


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (name_window(NamedWindow.TONIGHT, NOW), "20:00–24:00"),
        (name_window(NamedWindow.TOMORROW_MORNING, NOW), "08:00–12:00"),
        (name_window(NamedWindow.WEEKEND, NOW), "周六–周日"),
        (Window(datetime(2026, 11, 20, 23), datetime(2026, 11, 20, 23) + HOUR), "23:00–24:00"),
    ],
)
def test_the_hours_are_said_shortly(window, words):
    assert hours_words(window) == words
