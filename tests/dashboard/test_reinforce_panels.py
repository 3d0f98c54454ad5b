"""Below and beside the planning map: calls noted as given out, and the table of what changed underneath a plan."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cache
from geo.schema import Layer
from services import planning
from services.catalog.actions import Action
from services.context import open_context
from services.coverage import load_inputs
from services.planning import Move
from services.rules.windows import Mode, parse_window
from tests.acting import act

MODE = Mode.ROUTINE


@pytest.fixture
def office(own_demo):
    return open_context(own_demo)


@pytest.fixture
def window(office):
    return parse_window("weekend", office.clock())


@pytest.fixture
def page(own_demo, window):
    app = AppTest.from_file("../../dashboard/app.py", default_timeout=30)
    app.query_params["window"] = f"{window.start:%Y-%m-%dT%H:%M}/{window.end:%Y-%m-%dT%H:%M}"
    app.query_params["mode"] = MODE.value
    app.run()
    app.switch_page("pages/planning/reinforce.py").run()
    assert not app.exception
    return app


def without_teams(office):
    """Leave people to spare in no team beside weak grids."""
    with act(office, Action.IMPORT) as work:
        work.tx.delete(Layer.TEAMS, work.tx.read_codes(Layer.TEAMS))


def shown(page):
    return " ".join(str(part.proto.body) for part in page.get("html"))


def give_buttons(page):
    return [button for button in page.button if (button.key or "").startswith("give-")]


def test_a_call_is_noted_once_and_the_page_says_when(page, office, window):
    without_teams(office)
    page.run()
    page.button_group(key="reinforce-section").set_value("calls").run()
    before = give_buttons(page)
    assert before
    code = before[0].key.removeprefix("give-")
    before[0].click().run()
    assert not page.exception
    assert code in planning.read_askings(office, window).given_out
    assert f"give-{code}" not in {button.key for button in give_buttons(page)}
    assert len(give_buttons(page)) == len(before) - 1
    assert any("已于" in part.value for part in page.markdown)


def test_a_call_names_the_skill_its_grid_asks_for(page, office, window):
    without_teams(office)
    plan = planning.create_plan(office, window, MODE, event_id="skilled")
    skills = dict.fromkeys(cache.planning_snapshot(MODE, window).names, ("医疗", "驾驶"))
    planning.change_plan(office, plan.id, event_id="asked", settings=planning.PlanSettings(skills=skills))
    page.run()
    page.button_group(key="reinforce-section").set_value("calls").run()
    assert page.code
    assert all("所需特长：医疗、驾驶" in call.value for call in page.code)


def test_every_card_says_when_its_grid_was_asked_last(page, office, window):
    without_teams(office)
    other = parse_window("tonight", office.clock())
    codes = list(cache.planning_snapshot(MODE, window).names)
    planning.give_out(office, other, dict.fromkeys(codes, 2))
    page.run()
    page.button_group(key="reinforce-section").set_value("calls").run()
    said = [part.value for part in page.caption if "招募" in part.value]
    assert said
    assert all("上次招募" in line and "共 1 次" in line for line in said)


def test_what_changed_underneath_a_plan_stands_in_a_table(page, office, window):
    plan = planning.create_plan(office, window, MODE, event_id="p")
    snapshot = planning.load_snapshot(office, load_inputs(office), window, MODE)
    team = next(team for team in snapshot.teams.values() if team.size and snapshot.figures(team.home_code)[1] > 1)
    grid = next(code for code in snapshot.names if code != team.home_code)
    move = Move(team.code, grid, team.size, seen=planning.seen_now(snapshot, team.code, grid))
    planning.send(office, plan.id, move, event_id="m")
    page.run()
    assert "gm-shifts" not in shown(page)
    with act(office, Action.IMPORT) as work:
        people = work.tx.read_assignments()
        work.tx.replace_assignments(people[people["grid_code"] != team.home_code])
    page.run()
    assert not page.exception
    assert "力量变了" in shown(page)
    assert "涉及调配" in shown(page)
    assert "→" in shown(page).split("gm-shifts")[1]
