"""结对 on the page 承包 without a browser: listed, entered, corrected, ended; a liaison only reads."""

import json
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.packages import pairings
from dashboard.streamlit import session
from geo.schema import Layer
from services import rostering
from services.catalog.actions import Role
from services.context import open_context
from services.rules.areas import Area
from services.rules.roles import LOCAL_ACTOR, Actor
from tests.dashboard.panels import choices, parts_of, said

FILE = Path(pairings.__file__).with_name("packages.py")


@pytest.fixture
def office(own_demo):
    return open_context(own_demo)


@pytest.fixture
def first(office):
    return rostering.list_pairings(office)[0]


def open_as(monkeypatch, actor):
    monkeypatch.setattr(session, "actor", lambda: actor)
    page = AppTest.from_file(FILE, default_timeout=60).run()
    page.button_group(key="packages-part").set_value("pairings").run()
    assert not page.exception
    return page


def listed(page):
    return said(parts_of(page, "pairings-list"))


def ask(page, verb, view):
    pairing = view.pairing
    word = json.dumps([verb, pairing.unit_code, pairing.community_code, pairing.kind.value])
    assert word in choices(parts_of(page, "pairings-list"))
    page.session_state["pairings-question"] = word
    return page.run()


def test_a_pairing_is_corrected_and_says_so(office, first, monkeypatch):
    page = open_as(monkeypatch, LOCAL_ACTOR)
    assert "日期不详" in listed(page)
    ask(page, "correct", first)
    page.date_input[0].set_value(date(2024, 3, 1))
    next(box for box in page.checkbox if box.label == "挂了共建党组织牌").check()
    page.button(key="pairings-correct").click().run()
    assert not page.exception
    assert "自 2024-03-01" in listed(page)
    assert "挂牌" in listed(page)
    corrected = rostering.list_pairings(office)[0].pairing
    assert (corrected.since, corrected.has_plaque) == (date(2024, 3, 1), True)


def test_a_pairing_that_ends_leaves_the_list_and_stays_among_those_that_have_ended(office, first, monkeypatch):
    page = open_as(monkeypatch, LOCAL_ACTOR)
    live = len(rostering.list_pairings(office))
    assert f"结对中 {live} 个" in " ".join(each.value for each in page.get("html"))
    ask(page, "end", first)
    page.button(key="pairings-end").click().run()
    assert not page.exception
    assert f"结对中 {live - 1} 个" in " ".join(each.value for each in page.get("html"))
    ended = [view for view in rostering.list_pairings(office) if view.pairing.until]
    assert [(view.unit, view.community) for view in ended] == [(first.unit, first.community)]
    page.session_state["pairings-community"] = first.pairing.community_code
    page.checkbox(key="pairings-ended").check().run()
    assert "结束" in listed(page)


def test_a_new_pairing_is_entered(office, first, monkeypatch):
    other = next(
        view for view in rostering.list_pairings(office) if view.pairing.community_code != first.pairing.community_code
    )
    key = first.pairing.unit_code, other.pairing.community_code
    page = open_as(monkeypatch, LOCAL_ACTOR)
    page.button(key="pairings-new").click().run()
    boxes = {box.label: box for box in page.selectbox if not box.key}
    boxes["单位"].set_value(key[0])
    boxes["社区"].set_value(key[1])
    page.run()
    next(radio for radio in page.radio if radio.label == "结对形式").set_value("reported").run()
    page.button(key="pairings-pair").click().run()
    assert not page.exception
    assert any("已登记" in success.value for success in page.success)
    kinds = {(*key, "reported")}
    made = {
        (view.pairing.unit_code, view.pairing.community_code, view.pairing.kind.value)
        for view in rostering.list_pairings(office)
    }
    assert kinds <= made


def test_a_liaison_reads_the_own_pairings_and_changes_none(office, first, monkeypatch):
    unit = first.pairing.unit_code
    page = open_as(monkeypatch, Actor("王联络", Role.LIAISON, Area(Layer.UNITS, unit)))
    assert first.community in listed(page)
    assert choices(parts_of(page, "pairings-list")) == {}
    assert not [each for each in page.button if each.key == "pairings-new"]
