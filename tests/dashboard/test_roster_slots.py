"""The strip of 值守 on rosters of several weeks."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.roster import actions
from dashboard.streamlit import session
from services import rostering
from services.context import open_context
from services.coverage import load_inputs
from services.rostering import RosterSettings
from services.rules.areas import EVERYWHERE
from services.rules.roles import LOCAL_ACTOR
from services.rules.roster.pattern import WHOLE_DAY, Pattern
from services.rules.windows import DAY, HOUR, Mode, Window
from tests.dashboard.panels import choices, parts_of

MONDAY = datetime(2026, 11, 30)
FILE = Path(__file__).parents[2] / "dashboard" / "pages" / "roster" / "roster.py"


@pytest.fixture
def page(own_demo, monkeypatch):
    """Return the page with a roster of ten days open, and its first day."""
    office = open_context(own_demo)
    day = office.clock().date()
    made = rostering.create_roster(office, EVERYWHERE, day, 10, Mode.ROUTINE, event_id="new")
    settings = RosterSettings(Pattern.EIGHT_HOURS, WHOLE_DAY, ())
    rostering.generate_shifts(office, made.id, load_inputs(office), settings, event_id="shifts")
    monkeypatch.setattr(session, "actor", lambda: LOCAL_ACTOR)
    app = AppTest.from_file(FILE, default_timeout=60)
    app.run()
    app.selectbox(key="roster-choice").set_value(made.id).run()
    assert not app.exception
    return app, day


def words(app):
    """Return the words of the cells of the strip, and of the ways to other weeks."""
    told = list(choices(parts_of(app, "roster-strip")))
    return [word for word in told if "/" in word], [word for word in told if "/" not in word]


def test_a_week_of_a_longer_roster_is_shown_with_the_way_to_the_next(page):
    app, day = page
    cells, ways = words(app)
    assert len(cells) == 7 * 3
    assert cells[0].startswith(f"{day}T00:00:00/")
    assert ways == [f"{day + 7 * DAY}"]


def test_the_week_of_the_chosen_day_is_shown(page):
    app, day = page
    app.session_state["roster-day"] = day + 8 * DAY
    app.run()
    cells, ways = words(app)
    assert len(cells) == 3 * 3
    assert ways == [f"{day}"]


@pytest.fixture
def kept(monkeypatch):
    """Return what the page keeps between runs."""
    values = {}
    monkeypatch.setattr(actions.state, "keep", values.__setitem__)
    monkeypatch.setattr(actions.state, "forget", lambda name: values.pop(name, None))
    monkeypatch.setattr(actions.state, "saved_value", values.get)
    return values


def test_a_shift_is_left_by_choosing_it_again_and_not_shown_on_another_day(kept):
    evening = Window(MONDAY + 20 * HOUR, MONDAY + 22 * HOUR)
    actions.choose_slot(evening)
    assert actions.shown_slot([evening]) == evening
    assert kept[actions.DAY] == MONDAY.date()
    assert actions.shown_slot([]) is None
    kept[actions.DAY] = (MONDAY + DAY).date()
    assert actions.shown_slot([evening]) is None
    actions.choose_slot(evening)
    assert actions.shown_slot([evening]) == evening
    actions.choose_slot(evening)
    assert actions.shown_slot([evening]) is None
