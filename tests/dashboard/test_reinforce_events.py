"""What the map of the planner tells: done once, also where the run that does it is stopped half way."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import StopException

from dashboard import cache
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from services.context import open_context
from services.rules.windows import Mode, parse_window
from tests.dashboard.test_reinforce import allowed_move, drafts

KEY = "map"


@dataclass
class Session:
    """A session that breaks off once, at the look at a key that it is told to mind."""

    told: dict[str, Any]
    minded: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def kept(self, key):
        if key == self.minded:
            self.minded = ""
            raise StopException
        return self.values.get(key)

    def keep(self, key, value):
        self.kept(key)
        self.values[key] = value


@pytest.fixture
def planning_view(own_demo):
    window = parse_window("tonight", open_context(own_demo).clock())
    return PlanningView(Mode.EMERGENCY, window, None, cache.planning_snapshot(Mode.EMERGENCY, window), "zh")


@pytest.fixture
def session(monkeypatch, planning_view):
    move = allowed_move(planning_view.snapshot)
    event = {"id": "e1", "kind": "send", "team": move.team_code, "grid": move.grid_code, "estate": ""}
    session = Session({"events": [event | {"people": move.people}]})
    feature = {"last_active_drawing": {"properties": session.told}}
    monkeypatch.setattr(state, "saved_value", session.kept)
    monkeypatch.setattr(state, "keep", session.keep)
    monkeypatch.setattr(state, "widget_value", lambda _key: feature)
    monkeypatch.setattr(state, "write_plan_id", lambda _plan: None)
    return session


@pytest.mark.parametrize("minded", ["reinforce-notice", "reinforce-done", "reinforce-team"])
def test_a_drop_whose_run_was_stopped_is_made_once_when_it_comes_again(session, planning_view, own_demo, minded):
    session.minded = minded
    for seq in ("1", "2", "3"):
        session.told["seq"] = seq
        try:
            page_state.take_map(KEY, planning_view)
        except StopException:
            assert seq == "1"
    assert session.minded == ""
    assert [len(plan.moves) for plan in drafts(own_demo)] == [1]
    assert page_state.done_events() == ("e1",)
