"""服务 without a browser: estates with their claims, figures that add up, what is asked and refused."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.pages.service import actions
from dashboard.pages.service.areas import FREE, HELD
from dashboard.streamlit import session, state
from geo.schema import Layer
from services.catalog.actions import Role
from services.claims import (
    CLAIM_LEVELS,
    ClaimDraft,
    HolderKind,
    add_claim,
    claim_classes,
    end_claim,
    read_claims,
    sum_claims,
)
from services.context import open_context
from services.rules.areas import Area
from services.rules.roles import Actor
from tests.dashboard.panels import choices, parts_of, said

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture
def office(own_demo):
    return open_context(own_demo)


@pytest.fixture
def estate(office):
    """Return the first estate with many households, as the list has them."""
    return next(place for place in read_claims(office).places if (place.households or 0) >= 200)


@pytest.fixture
def draft(office, estate):
    """Return a claim of a unit that nobody refuses."""
    with office._store.read() as tx:
        unit = tx.read_codes(Layer.UNITS)[0]
    return ClaimDraft(Layer.ESTATES, estate.code, "3-5栋", 120, HolderKind.UNIT, unit)


def open_page(community=None):
    app = AppTest.from_file(str(APP), default_timeout=200)
    app.run()
    app.switch_page("pages/service/service.py")
    if community:
        app.session_state[actions.COMMUNITY] = community
    app.run()
    assert not app.exception
    return app


def places(app):
    return parts_of(app, "service-places")


def claim_buttons(app):
    """Return the buttons of claims, without those that show a place on the map."""
    return {word: label for word, label in choices(places(app)).items() if not word.startswith("place:")}


def figures(app):
    return next(html.proto.body for html in app.get("html") if "gm-tiles" in html.proto.body)


def ask(app):
    app.button("service-claim").click().run()
    assert not app.exception
    return app


def fill_in(app, estate, blocks, households, holder):
    next(box for box in app.selectbox if box.label == "小区").select(estate.code)
    next(field for field in app.text_input if field.label == "哪几栋").set_value(blocks)
    next(field for field in app.number_input if field.label == "户数").set_value(households)
    next(field for field in app.radio if field.label == "由谁负责").set_value(HolderKind.UNIT)
    next(field for field in app.text_input if field.label == "编号或全名").set_value(holder)
    next(button for button in app.button if button.label == "认领").click()
    return app.run()


def test_estates_show_who_takes_care_of_what_and_the_figures_add_up(office, estate, draft):
    add_claim(office, draft)
    app = open_page(estate.community_code)
    overview = cache.claim_overview().within(estate.community_code)
    told = said(places(app))
    assert f"120 / {estate.households:,} 户" in told
    assert "3-5栋" in told
    assert f"{overview.households:,}" in figures(app)
    assert sum(place.claimed_households for place in overview.places) == overview.claimed_households == 120


def test_estates_are_listed_by_whether_anybody_has_claimed_blocks(office, estate, draft):
    add_claim(office, draft)
    app = open_page(estate.community_code)
    app.button_group(key=actions.STATE).set_value(HELD).run()
    assert estate.name in said(places(app))
    assert "还没有人认领" not in said(places(app))
    app.button_group(key=actions.STATE).set_value(FREE).run()
    assert "3-5栋" not in said(places(app))


def test_a_claim_is_made_refused_with_a_sentence_and_ended(office, estate, draft):
    app = ask(open_page(estate.community_code))
    fill_in(app, estate, "3栋502", 120, draft.holder)
    assert [error.value for error in app.error] == ["只写到楼栋，如 3\\-5栋 或 3、8栋；不写房号、姓名、电话。"]
    fill_in(app, estate, "3-5栋", 120, draft.holder)
    assert not app.exception
    (claim,) = read_claims(office).claims
    assert claim.blocks == (3, 4, 5)
    assert any("已登记" in success.value for success in app.success)
    assert claim_buttons(app) == {str(claim.id): "结束"}
    app.session_state["service-question"] = claim.id
    app.run()
    app.button("service-end").click().run()
    assert not app.exception
    assert read_claims(office).claims == ()


def test_a_claim_that_somebody_else_has_ended_is_asked_no_more(office, estate, draft):
    number = add_claim(office, draft)
    app = open_page(estate.community_code)
    app.session_state["service-question"] = number
    end_claim(office, number)
    app.run()
    assert not app.exception
    assert "service-end" not in {button.key for button in app.button}


def test_commanders_see_counts_and_change_nothing(office, estate, draft, monkeypatch):
    add_claim(office, draft)
    monkeypatch.setattr(session, "actor", lambda: Actor("乙", Role.DISTRICT_COMMANDER))
    app = open_page(estate.community_code)
    assert "3-5栋" in said(places(app))
    assert claim_buttons(app) == {}
    assert "service-claim" not in {button.key for button in app.button}


def test_a_secretary_sees_the_own_community_alone_and_chooses_none(office, estate, draft, monkeypatch):
    add_claim(office, draft)
    area = Area(Layer.COMMUNITIES, estate.community_code)
    monkeypatch.setattr(session, "actor", lambda: Actor("丙", Role.SECRETARY, area))
    app = open_page()
    assert not [box for box in app.selectbox if box.label == "社区"]
    assert "3-5栋" in said(places(app))


def test_the_map_tells_the_figures_of_the_list(office, estate, draft):
    add_claim(office, draft)
    open_page()
    overview = cache.claim_overview()
    tables = sum_claims(overview, {level: cache.layer_frame(level) for level in CLAIM_LEVELS})
    for level in CLAIM_LEVELS:
        assert (tables[level]["claimed"].sum(), tables[level]["households"].sum()) == (120, overview.households)
    community = overview.within(estate.community_code)
    of_community = tables[Layer.COMMUNITIES].loc[estate.community_code]
    assert tuple(of_community) == (community.claimed_households, community.households)
    classes = dict(zip(tables[Layer.ESTATES].index, claim_classes(tables[Layer.ESTATES]), strict=True))
    assert {code for code, digit in classes.items() if digit == "1"} == {estate.code}


def test_an_estate_that_was_clicked_on_the_map_comes_first_and_a_community_is_listed_alone(office, monkeypatch):
    overview = read_claims(office)
    last = overview.places[-1]
    app = open_page()
    click_on_the_map(app, monkeypatch, level="estates", code=last.code)
    assert said(places(app)).startswith(last.name)
    click_on_the_map(app, monkeypatch, level="communities", code=last.community_code)
    assert app.session_state[actions.COMMUNITY] == last.community_code
    assert f"{overview.within(last.community_code).households:,}" in figures(app)


def click_on_the_map(app, monkeypatch, **report):
    """Take a click as the map's callback does, and run the page again."""
    kept = {}
    with monkeypatch.context() as patched:
        patched.setattr(state, "map_report", lambda _key: report)
        patched.setattr(state, "keep", kept.__setitem__)
        patched.setattr(state, "forget", lambda *keys: kept.update(dict.fromkeys(keys)))
        patched.setattr(state, "saved_value", kept.get)
        actions.take_pick("map", cache.claim_overview())
    for key, value in kept.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
