"""What each role sees of its own area on the pages, and what is not offered to it."""

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.frame.shell import PAGES
from dashboard.pages.people import actions as people_desk
from dashboard.streamlit import session
from dashboard.wall.query import WallQuery
from dashboard.wall.source import find_briefing
from geo.schema import Layer
from services.accounts import Account, Grant, SignedIn
from services.briefing import (
    BriefingTemplate,
    SectionChoice,
    SectionName,
    delete_template,
    list_templates,
    save_template,
)
from services.briefing.errors import UnknownTemplateError
from services.catalog.actions import Action, Role
from services.context import open_context
from services.people import find_people
from services.planning import create_plan
from services.rules.areas import EVERYWHERE, Area, OutsideAreaError
from services.rules.roles import Actor
from services.rules.windows import DAY, Mode, Window
from tests.dashboard.panels import choices, parts_of, said, script_of

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def city_url(demo_url, tmp_path_factory):
    """Return a copy of the demo, which has three sub-districts, to be written into."""
    path = tmp_path_factory.mktemp("city") / "city.gpkg"
    for suffix in ("", "-wal"):
        part = Path(demo_url.removeprefix("sqlite:///") + suffix)
        if part.exists():
            shutil.copy(part, f"{path}{suffix}")
    return f"sqlite:///{path}"


@pytest.fixture
def office(city_url, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_STORE", city_url)
    return open_context(city_url)


@pytest.fixture
def areas(office):
    """Return the area of each role."""
    with office._store.read() as tx:
        places = {layer: tx.read_codes(layer)[0] for layer in (Layer.SUBDISTRICTS, Layer.COMMUNITIES, Layer.UNITS)}
    parts = {
        Role.SUBDISTRICT_COMMANDER: Layer.SUBDISTRICTS,
        Role.SECRETARY: Layer.COMMUNITIES,
        Role.SCREEN: Layer.COMMUNITIES,
        Role.LIAISON: Layer.UNITS,
    }
    return {role: Area(layer, places[layer]) for role, layer in parts.items()}


@pytest.fixture
def act_as(areas, monkeypatch):
    """Return a function that makes whoever is at the page act in a role, for its area."""

    def act(role):
        actor = Actor("someone", role, areas.get(role, EVERYWHERE))
        monkeypatch.setattr(session, "actor", lambda: actor)
        return actor

    return act


@pytest.fixture
def sides(office, areas):
    """Return codes of grids: one of the secretary's community, one of another sub-district."""
    scope = office.within(areas[Role.SECRETARY]).scope(Action.VIEW_COVERAGE)
    with office._store.read() as tx:
        grids = tx.read_layer(Layer.GRIDS, columns=["name", "parent_code"])
        above = tx.read_layer(Layer.COMMUNITIES, columns=["parent_code"])["parent_code"]
    near = next(code for code in grids.index if scope.holds(Layer.GRIDS, code))
    own = areas[Role.SUBDISTRICT_COMMANDER].code
    far = next(code for code in grids.index if above[grids.at[code, "parent_code"]] != own)
    return near, far


@pytest.fixture
def offered(monkeypatch):
    """Return the pages that the navigation shows, as they were at the last run."""
    shown, navigate = [], st.navigation

    def note(pages, **options):
        shown[:] = [page.title for page in pages if page.visibility == "visible"]
        return navigate(pages, **options)

    monkeypatch.setattr(st, "navigation", note)
    return shown


def open_app(path="", **query):
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    if path:
        app.switch_page(script_of(path))
    app.run()
    assert not app.exception, app.exception
    return app


def html(app):
    return "\n".join([*(str(element.proto.body) for element in app.get("html")), said(parts_of(app, "zones"))])


def keys(app):
    return {button.key for button in app.button if button.key}


def rows(app):
    ranking = next((part for part in parts_of(app, "zones") if part[1] == "gm-rows gm-ranking"), None)
    return {word.partition(":")[2] for word in choices([ranking] if ranking else [])}


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.SECRETARY, ["态势", "值守", "交接", "服务", "派单", "承包", "事项", "数据", "人员", "地址核对"]),
        (Role.SUBDISTRICT_COMMANDER, ["态势", "调度", "交接", "服务", "派单", "事项", "汇报"]),
        (Role.DISTRICT_COMMANDER, ["态势", "调度", "交接", "服务", "派单", "事项", "汇报", "审计"]),
        (Role.LIAISON, ["派单", "承包", "事项", "人员"]),
        (Role.SCREEN, ["态势", "交接"]),
        (Role.ADMINISTRATOR, ["审计", "帐号管理"]),
    ],
)
def test_a_role_is_offered_its_own_pages(act_as, offered, role, pages):
    act_as(role)
    open_app()
    assert offered == pages


@pytest.mark.parametrize(
    ("role", "path", "said"),
    [
        (Role.SECRETARY, "situation", "薄弱网格"),
        (Role.LIAISON, "orders", "党员所在网格"),
        (Role.ADMINISTRATOR, "audit", "审计"),
    ],
)
def test_the_first_page_opens_by_its_own_path_too(act_as, role, path, said):
    act_as(role)
    app = open_app(path)
    assert said in html(app)
    assert "页不对“" not in html(app)


def test_the_path_of_the_first_page_keeps_what_the_address_asks_for(act_as, sides):
    act_as(Role.SECRETARY)
    near, _far = sides
    app = open_app("situation", zone=f"grids:{near}")
    assert app.query_params["zone"] in (f"grids:{near}", [f"grids:{near}"])
    assert cache.layer_frame(Layer.GRIDS).at[near, "name"] in html(app)


PATHS = {
    Role.DISTRICT_COMMANDER: {
        "situation",
        "reinforce",
        "handover",
        "service",
        "orders",
        "matters",
        "briefing",
        "audit",
    },
    Role.SUBDISTRICT_COMMANDER: {"situation", "reinforce", "handover", "service", "orders", "matters", "briefing"},
    Role.PLANNER: {"situation", "reinforce", "briefing", "service"}
    | {"orders", "matters", "roster", "handover", "packages", "data", "people", "settle"},
    Role.SECRETARY: {"situation", "roster", "handover", "service", "orders"}
    | {"packages", "matters", "data", "people", "settle"},
    Role.LIAISON: {"orders", "packages", "matters", "people"},
    Role.SCREEN: {"situation", "handover"},
    Role.ADMINISTRATOR: {"audit", "accounts"},
}


def test_every_page_is_for_some_role():
    assert {entry.path for entry in PAGES} == set().union(*PATHS.values())


@pytest.mark.parametrize("path", [entry.path for entry in PAGES])
@pytest.mark.parametrize("role", PATHS)
def test_a_page_opens_for_its_roles_and_tells_others_so(act_as, role, path):
    act_as(role)
    app = open_app(path)
    assert ("页不对“" in html(app)) is (path not in PATHS[role])
    if path not in PATHS[role]:
        assert not app.dataframe
        assert keys(app) == set()


def test_who_has_a_part_sees_zones_of_that_part_alone(office, act_as, sides):
    shown = {}
    for role in (Role.SUBDISTRICT_COMMANDER, Role.SECRETARY):
        actor, app = act_as(role), open_app(mode="lockdown", level="grids")
        scope = office.within(actor.area).scope(Action.VIEW_COVERAGE)
        inside = scope.codes[Layer.ESTATES] | scope.codes[Layer.GRIDS]
        assert rows(app)
        assert rows(app) <= inside
        shown[role] = set(cache.layer_frame(Layer.GRIDS).index)
        assert shown[role] == scope.codes[Layer.GRIDS]
    near, far = sides
    assert near in shown[Role.SECRETARY] < shown[Role.SUBDISTRICT_COMMANDER]
    assert far not in shown[Role.SUBDISTRICT_COMMANDER]


def test_the_address_of_a_zone_elsewhere_opens_no_card(office, act_as, sides):
    act_as(Role.SECRETARY)
    near, far = sides
    with office._store.read() as tx:
        names = tx.read_layer(Layer.GRIDS, columns=["name"])["name"]
    assert "需求构成" in html(open_app(zone=f"grids:{near}"))
    elsewhere = html(open_app(zone=f"grids:{far}"))
    assert "需求构成" not in elsewhere
    assert names[far] not in elsewhere


def test_the_address_of_a_zone_elsewhere_is_answered_in_a_sentence_and_the_rest_of_it_is_kept(office, act_as, sides):
    actor = act_as(Role.SECRETARY)
    with office._store.read() as tx:
        own = tx.read_layer(Layer.COMMUNITIES, columns=["name"])["name"][actor.area.code]
    app = open_app(zone=f"grids:{sides[1]}", layer="gap", window="weekend")
    words = app.warning[0].value.replace("\\", "")
    assert sides[1] in words
    assert own in words
    assert "zone" not in app.query_params
    assert (app.session_state["layer"], app.query_params["window"]) == ("gap", "weekend")
    assert rows(app) == rows(open_app(layer="gap", window="weekend"))


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.SUBDISTRICT_COMMANDER, Role.SCREEN])
def test_who_is_not_in_charge_of_everything_is_not_offered_to_declare_a_mode(act_as, role):
    act_as(role)
    assert "declare" not in keys(open_app())


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.SUBDISTRICT_COMMANDER, Role.DISTRICT_COMMANDER])
def test_the_breadcrumb_names_no_zone_twice(act_as, areas, sides, role):
    act_as(role)
    crumbs = choices(parts_of(open_app(zone=f"grids:{sides[0]}"), "crumbs"))
    assert len(set(crumbs.values())) == len(crumbs)
    above = {Role.SECRETARY: [], Role.SUBDISTRICT_COMMANDER: ["communities"]}
    levels = [word.partition(":")[0] for word in crumbs]
    assert levels == ["", *above.get(role, ["districts", "subdistricts", "communities"]), "grids"]
    own = areas.get(role, EVERYWHERE)
    assert crumbs[":"] == (cache.area_names([own])[own] if own.code else "全部")


def test_who_commands_everything_is_offered_to_declare_a_mode(act_as):
    act_as(Role.DISTRICT_COMMANDER)
    assert "declare" in keys(open_app())


def test_a_screen_is_offered_no_downloads(act_as):
    act_as(Role.SCREEN)
    section = next(control for control in open_app().get("button_group") if control.key == "section")
    assert "下载" not in repr(section.options)


def test_a_member_of_another_community_kept_in_the_session_has_no_card(office, act_as):
    actor = act_as(Role.SECRETARY)
    inside = {person.code for person in find_people(office.within(actor.area)).people}
    with office._store.read() as tx:
        far = tx.read_codes(Layer.MEMBERS)[-1]
    for code, is_own in ((min(inside), True), (far, False)):
        app = open_app("people")
        app.session_state[people_desk.CHOSEN] = code
        app.run()
        assert not app.exception
        assert (f"people-show-{code}" in keys(app)) is is_own


def test_a_plan_of_everything_does_not_open_for_a_part_of_it(office, act_as):
    start = office.clock().replace(minute=0, second=0, microsecond=0) + DAY
    window = f"{start:%Y-%m-%dT%H:%M}/{start + DAY:%Y-%m-%dT%H:%M}"
    plan = create_plan(office, Window(start, start + DAY), Mode.ROUTINE, event_id="far", name="全城方案")
    act_as(Role.SUBDISTRICT_COMMANDER)
    app = open_app("reinforce", plan=str(plan.id), window=window, mode="routine")
    assert "全城方案" not in html(app) + repr(app.main)
    act_as(Role.DISTRICT_COMMANDER)
    app = open_app("reinforce", plan=str(plan.id), window=window, mode="routine")
    assert "全城方案" in html(app) + repr(app.main)


@pytest.fixture
def templates(office, areas):
    """Keep a template of everything and one of another sub-district, both of one name, and return the other area."""
    with office._store.read() as tx:
        other = next(
            code for code in tx.read_codes(Layer.SUBDISTRICTS) if code != areas[Role.SUBDISTRICT_COMMANDER].code
        )
    elsewhere = Area(Layer.SUBDISTRICTS, other)
    for area in (EVERYWHERE, elsewhere):
        planner = replace(office, actor=Actor("jihua", Role.PLANNER, area))
        save_template(planner, BriefingTemplate("他处", (SectionChoice(SectionName.HOURS),)))
    return elsewhere


def template_choice(app):
    return next(box for box in app.selectbox if box.key == "template")


def test_templates_of_other_areas_are_not_on_the_page_and_not_behind_its_address(office, areas, templates, monkeypatch):
    own = replace(office, actor=Actor("here", Role.PLANNER, areas[Role.SUBDISTRICT_COMMANDER]))
    monkeypatch.setattr(session, "actor", lambda: own.actor)
    assert template_choice(open_app("briefing")).options == []
    with pytest.raises(UnknownTemplateError):
        find_briefing(WallQuery(template="他处"))
    save_template(own, BriefingTemplate("他处", (SectionChoice(SectionName.DATA),)))
    assert template_choice(open_app("briefing")).options == ["他处"]
    delete_template(own, "他处")
    whole = replace(office, actor=Actor("whole", Role.PLANNER, EVERYWHERE))
    assert {one.area for one in list_templates(whole)} == {EVERYWHERE, templates}


def test_a_liaison_reads_counts_and_names_of_grids_but_no_coverage(act_as):
    act_as(Role.LIAISON)
    app = open_app()
    assert "党员所在网格" in html(app)
    assert "薄弱网格" not in html(app)


@pytest.fixture
def two_roles(act_as, areas, monkeypatch):
    """Sign somebody in who is a secretary, and a liaison besides."""
    grants = tuple(Grant(number, role, areas[role]) for number, role in enumerate((Role.SECRETARY, Role.LIAISON), 1))
    account = Account(
        *(1, "lan", "兰", grants), is_demo=False, is_disabled=False, must_change=False,
        has_password=True, has_totp=False, oidc_subject=None,
    )  # fmt: skip

    def act(number):
        act_as(grants[number - 1].role)
        who = SignedIn(account, grants[number - 1], datetime(2030, 1, 1))
        monkeypatch.setattr(session, "signed_in", lambda: who)

    act(1)
    monkeypatch.setattr(session, "switch_role", act)


def test_the_menu_names_the_area_and_those_of_other_roles(office, areas, two_roles):
    app = open_app()
    with office._store.read() as tx:
        community = tx.read_layer(Layer.COMMUNITIES, columns=["name"])["name"][areas[Role.SECRETARY].code]
        unit = tx.read_layer(Layer.UNITS, columns=["name"])["name"][areas[Role.LIAISON].code]
    assert f"管辖范围：{community}" in html(app)
    assert next(button.label for button in app.button if button.key == "role-2") == f"切换为单位联络员 · {unit}"


def test_another_role_begins_without_what_was_chosen_in_the_one_before(two_roles, sides):
    app = open_app(zone=f"grids:{sides[0]}")
    app.session_state[people_desk.CHOSEN] = "M1"
    next(button for button in app.button if button.key == "role-2").click()
    app.run()
    assert not app.exception
    assert "zone" not in app.query_params
    assert people_desk.CHOSEN not in app.session_state
    assert "党员所在网格" in html(app)


def test_data_offers_and_counts_the_layers_of_the_part_alone(act_as):
    act_as(Role.SECRETARY)
    app = open_app("data")
    assert app.selectbox(key="import-layer").options == ["网格", "小区", "在职党员", "队伍", "岗位"]
    assert "区县" not in html(app)
    act_as(Role.PLANNER)
    app = open_app("data")
    assert len(app.selectbox(key="import-layer").options) == len(Layer)
    assert "区县" in html(app)


def test_the_way_down_begins_at_the_own_area(office, act_as):
    actor, app = act_as(Role.SECRETARY), open_app()
    with office._store.read() as tx:
        name = tx.read_layer(Layer.COMMUNITIES, columns=["name"])["name"][actor.area.code]
    assert choices(parts_of(app, "crumbs"))[":"] == name


def test_the_way_down_names_the_own_area_once(office, act_as, sides):
    actor, near = act_as(Role.SECRETARY), sides[0]
    crumbs = choices(parts_of(open_app(zone=f"grids:{near}"), "crumbs"))
    assert list(crumbs) == [":", f"grids:{near}"]
    assert str(actor.area) not in crumbs


def test_figures_of_a_zone_outside_the_own_area_are_refused(act_as, areas, office):
    act_as(Role.SECRETARY)
    now = cache.context().clock()
    with pytest.raises(OutsideAreaError):
        cache.weak_by_hour(Mode.ROUTINE, now, str(areas[Role.SUBDISTRICT_COMMANDER]))
