"""Teams on 值守: offered at a shift, put in as many as seats are open, and asked about where there are more."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.pages.roster import actions
from dashboard.streamlit import session, state
from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action
from services.context import open_context
from services.coverage import load_inputs
from services.rostering import RosterSettings
from services.rules.areas import EVERYWHERE
from services.rules.roles import LOCAL_ACTOR
from services.rules.roster.pattern import WHOLE_DAY, Pattern
from services.rules.windows import Mode
from tests.dashboard.panels import choices, parts_of

FILE = Path(__file__).parents[2] / "dashboard" / "pages" / "roster" / "roster.py"


@pytest.fixture
def page(own_demo, monkeypatch):
    """Return the page with the shift open that has most seats, the shift, and the number of its roster."""
    office = open_context(own_demo)
    made = rostering.create_roster(office, EVERYWHERE, office.clock().date(), 2, Mode.EMERGENCY, event_id="new")
    settings = RosterSettings(Pattern.EIGHT_HOURS, WHOLE_DAY, ())
    rostering.generate_shifts(office, made.id, load_inputs(office), settings, event_id="shifts")
    shift = max(rostering.read_shifts(office, made.id), key=lambda each: each.seats)
    monkeypatch.setattr(session, "actor", lambda: LOCAL_ACTOR)
    app = AppTest.from_file(FILE, default_timeout=60)
    app.run()
    app.selectbox(key="roster-choice").set_value(made.id).run()
    app.session_state["roster-shift-shown"] = shift.id
    app.session_state["roster-whom"] = "groups"
    app.run()
    assert not app.exception
    return app, shift, office, made.id


def test_teams_are_offered_at_a_shift_with_as_many_as_seats_are_open(page):
    app, shift, office, number = page
    offers = list(choices(parts_of(app, "roster-groups")))
    group = rostering.find_groups(office, number, shift.id, load_inputs(office))[0]
    assert offers[0] == f"team:{shift.id}:{group.code}:{group.most(shift.seats)}"
    assert group.most(shift.seats) == min(shift.seats, group.free)
    assert group.most(0) == 1


def test_a_dropped_team_takes_the_open_seats_and_no_more_without_being_asked(own_demo, page, monkeypatch):
    _app, shift, office, number = page
    kept = {"roster-open": number}
    monkeypatch.setattr(cache, "context", lambda: office)
    monkeypatch.setattr(cache, "coverage_inputs", lambda: load_inputs(office))
    monkeypatch.setattr(cache, "roster_board", lambda n: rostering.read_board(office, n, load_inputs(office)))
    monkeypatch.setattr(state, "saved_value", kept.get)
    monkeypatch.setattr(state, "keep", kept.__setitem__)
    group = rostering.find_groups(office, number, shift.id, load_inputs(office))[0]
    actions.press(f"drop:team:{group.code}>shift:{shift.id}")
    (duty,) = cache.roster_board(number).duties
    assert (duty.team_code, duty.heads) == (group.code, min(shift.seats, group.size))
    full = rostering.Seating(shift.id, unit_code=_unit(office), heads=shift.seats - duty.heads)
    if full.heads:
        rostering.put_duties(office, number, [full], load_inputs(office), event_id="full")
    before = len(cache.roster_board(number).duties)
    actions.press(f"drop:unit:{full.unit_code}>shift:{shift.id}")
    waiting = actions.question()
    assert waiting is not None
    assert "席位已满" in str(waiting.sentences[0]) or "seats are taken" in str(waiting.sentences[0])
    assert len(cache.roster_board(number).duties) == before


def _unit(office):
    with office.look(Action.VIEW_COVERAGE) as tx:
        return tx.read_codes(Layer.UNITS)[0]
