"""The form that makes a team of people of a grid."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cache
from services import planning
from services.catalog.actions import Action, Role
from services.context import open_context
from services.planning import Holder
from services.rules import roles
from services.rules.team_templates import one_plus_n
from services.rules.windows import Mode, parse_window

WINDOW = "tonight"


def board_of(url):
    return cache.planning_snapshot(Mode.EMERGENCY, parse_window(WINDOW, open_context(url).clock()))


@pytest.fixture
def page(own_demo):
    app = AppTest.from_file("../../dashboard/app.py", default_timeout=30)
    app.query_params["window"], app.query_params["mode"] = WINDOW, Mode.EMERGENCY.value
    app.run()
    app.switch_page("pages/planning/reinforce.py").run()
    app.button_group(key="reinforce-section").set_value("forming").run()
    assert not app.exception
    return app


@pytest.fixture
def crew(own_demo):
    """Return a grid and three of its members."""
    context = open_context(own_demo)
    for grid in board_of(own_demo).names:
        members = planning.read_grid_members(context, grid)
        if len(members) >= 3:
            return grid, [member.code for member in members[:3]]
    raise AssertionError("no grid of the sample has three members")


def widget(widgets, label):
    return next(one for one in widgets if one.label == label)


def shown(page):
    return " ".join(str(part.proto.body) for part in page.get("html"))


def test_a_team_is_formed_and_stands_in_the_tray(page, own_demo, crew):
    grid, (cadre, *members) = crew
    page.selectbox(key="forming-grid").set_value(grid).run()
    assert "还缺：社区干部、党员 ×4" in shown(page)
    widget(page.selectbox, "社区干部").set_value(cadre).run()
    widget(page.multiselect, "党员").set_value([*members, "李志愿"]).run()
    assert "还缺：党员" in shown(page)
    page.button(key="form-team").click().run()
    assert [w.value for w in page.warning] == ["请给队伍起个名称。"]
    widget(page.text_input, "队伍名称").set_value("今晚突击队").run()
    page.button(key="form-team").click().run()
    assert not page.exception
    assert "今晚突击队" in page.success[0].value
    formed = [team for team in board_of(own_demo).teams.values() if team.name == "今晚突击队"]
    assert [(team.home_code, team.size, team.leader_role) for team in formed] == [(grid, 4, "社区干部")]
    assert "今晚突击队" in {team.name for team in board_of(own_demo).teams.values()}
    assert widget(page.text_input, "队伍名称").value == ""


def test_a_name_typed_just_before_the_click_counts(page, own_demo, crew):
    page.selectbox(key="forming-grid").set_value(crew[0]).run()
    widget(page.selectbox, "社区干部").set_value(crew[1][0]).run()
    widget(page.text_input, "队伍名称").set_value("急队")
    page.button(key="form-team").click().run()
    assert "急队" in {team.name for team in board_of(own_demo).teams.values()}


def test_a_member_in_two_roles_is_refused_and_the_form_stays(page, crew):
    grid, (cadre, *_) = crew
    page.selectbox(key="forming-grid").set_value(grid).run()
    widget(page.text_input, "队伍名称").set_value("重复队").run()
    widget(page.selectbox, "社区干部").set_value(cadre).run()
    widget(page.multiselect, "党员").set_value([cadre]).run()
    page.button(key="form-team").click().run()
    assert "一人只能任一岗" in page.warning[0].value
    assert widget(page.selectbox, "社区干部").value == cadre


def test_the_group_of_seven_shows_its_seven_roles(page, crew):
    page.selectbox(key="forming-grid").set_value(crew[0]).run()
    page.selectbox(key="forming-kind").set_value("seven").run()
    assert "还缺：街道干部、社区干部、网格员、物业或房东、医生、民警、党员" in shown(page)


def test_no_name_of_a_member_is_shown_whole_and_none_to_those_who_may_not_see_people(page, crew, monkeypatch):
    page.selectbox(key="forming-grid").set_value(crew[0]).run()
    options = widget(page.selectbox, "社区干部").options
    assert options
    assert all("*" in line for line in options)
    monkeypatch.setattr(roles, "ALLOWED", {Role.LOCAL: frozenset(Action) - {Action.VIEW_PEOPLE}})
    page.run()
    assert not page.exception
    assert widget(page.selectbox, "社区干部").options == []


def test_a_team_formed_by_mistake_is_listed_and_dissolved(page, own_demo, crew):
    grid, codes = crew
    form = {"grid_code": grid, "name": "误组队", "template": one_plus_n(2), "event_id": "f"}
    made = planning.form_team(open_context(own_demo), holders=[Holder(codes[0]), Holder(name="李志愿")], **form)
    page.run()
    lines = [part.value for part in page.markdown if "误组队" in part.value]
    assert "手填姓名 1 人" in lines[0]
    assert "*" in lines[0].replace("**", "")
    page.button(key=f"disband_team-{made.code}").click().run()
    assert not page.exception
    assert made.code not in board_of(own_demo).teams
    assert any("误组队" in one.value for one in page.success)


def test_the_form_says_who_stands_in_a_team(page, own_demo, crew):
    grid, codes = crew
    form = {"grid_code": grid, "name": "先锋一队", "template": one_plus_n(2), "event_id": "f"}
    planning.form_team(open_context(own_demo), holders=[Holder(codes[0])], **form)
    page.selectbox(key="forming-grid").set_value(grid).run()
    offered = {line.split(" · ")[1]: line for line in widget(page.selectbox, "社区干部").options}
    assert offered[codes[0]].endswith("已在“先锋一队”")
    assert "已在" not in offered[codes[1]]
