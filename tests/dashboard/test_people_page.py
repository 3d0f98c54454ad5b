"""人员 without a browser: masked until asked, changed on the card, gone when erased."""

from datetime import datetime, time
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.people.actions import CHOSEN
from dashboard.streamlit import session
from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action, Role
from services.context import open_context
from services.people import erase_person, find_people, unmask
from services.rules.roles import Actor
from services.rules.roster.free_times import FreeAnswer
from tests.acting import act

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PHONE = "13812345678"


@pytest.fixture
def office(empty):
    context = open_context(empty)
    rows = {
        "M1": {"name": "张三丰", "phone": PHONE, "community_code": "C1", "address": "云港花园3栋502"},
        "M2": {"name": "李四", "phone": None, "community_code": "C1", "address": None},
    }
    with act(context, Action.IMPORT) as work:
        work.tx.upsert(Layer.COMMUNITIES, pd.DataFrame({"name": ["雅瑶社区"]}, index=pd.Index(["C1"], name="code")))
        work.tx.upsert(Layer.MEMBERS, pd.DataFrame.from_dict(rows, orient="index").rename_axis("code").astype(object))
    return context


def page(chosen=None):
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.run()
    app.switch_page("pages/people/people.py")
    if chosen:
        app.session_state[CHOSEN] = chosen
    app.run()
    assert not app.exception
    return app


def everything(app):
    html = "".join(element.proto.body for element in app.get("html"))
    return repr(app.main) + html + "".join(frame.value.to_csv() for frame in app.dataframe)


def test_the_list_is_masked(office):
    app = page()
    shown = app.dataframe[0].value
    assert shown["姓名"].tolist() == ["张**", "李*"]
    assert PHONE not in everything(app)
    assert "3栋" not in everything(app)


def test_a_person_is_looked_for_by_name(office):
    app = page()
    app.text_input("people-search").set_value("李").run()
    assert app.dataframe[0].value["编号"].tolist() == ["M2"]


def crowd(office, count):
    rows = {f"P{k:03}": {"name": f"王{k}", "community_code": "C1"} for k in range(count)}
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, pd.DataFrame.from_dict(rows, orient="index").rename_axis("code").astype(object))


def codes(app):
    return app.dataframe[0].value["编号"].tolist()


def test_pages_of_the_list_are_turned_and_a_search_begins_at_the_first(office):
    crowd(office, 120)
    app = page("M1")
    app.pagination[0].set_value(3).run()
    assert (codes(app)[0], codes(app)[-1]) == ("P098", "P119")
    assert "people-show-M1" not in {button.key for button in app.button}
    app.text_input("people-search").set_value("王1").run()
    assert codes(app)[:2] == ["P001", "P010"]
    assert not app.pagination


def test_the_last_page_stays_the_last_when_it_becomes_empty(office):
    crowd(office, 99)
    app = page()
    app.pagination[0].set_value(3).run()
    assert codes(app) == ["P098"]
    erase_person(office, "P098", reason="本人要求删除")
    app.run()
    assert not app.exception
    assert codes(app)[-1] == "P097"
    assert app.pagination[0].value == 2


def test_a_card_is_masked_until_it_is_asked_for(office):
    app = page("M1")
    assert PHONE not in everything(app)
    app.button("people-show-M1").click().run()
    assert PHONE not in everything(app)
    assert "请用文字写明理由" in app.error[0].value
    app.selectbox("people-why").select("走访慰问或帮扶")
    app.button("people-show-M1").click().run()
    assert PHONE in everything(app)
    app.button("people-mask-M1").click().run()
    assert PHONE not in everything(app)


def test_what_was_shown_in_clear_is_masked_in_another_role(office, monkeypatch):
    app = page("M1")
    app.selectbox("people-why").select("走访慰问或帮扶")
    app.button("people-show-M1").click().run()
    assert PHONE in everything(app)
    monkeypatch.setattr(session, "actor", lambda: Actor("lan", Role.LIAISON))
    app.run()
    assert not app.exception
    assert PHONE not in everything(app)


def test_the_reason_stays_chosen_for_the_next_person(office):
    app = page("M1")
    app.selectbox("people-why").select("走访慰问或帮扶")
    app.button("people-show-M1").click().run()
    app.button("people-mask-M1").click().run()
    assert app.selectbox("people-why").value == "走访慰问或帮扶"


def test_too_many_searches_are_refused_in_a_sentence(office, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_LOOKUPS_PER_HOUR", "1")
    monkeypatch.setattr(session, "actor", lambda: Actor("shuji", Role.SECRETARY))
    app = page()
    for said in ("张", "李"):
        app.text_input("people-search").set_value(said).run()
    assert not app.exception
    assert "达到上限" in app.error[0].value
    assert not app.dataframe


def test_a_correction_is_written(office):
    app = page("M1")
    app.text_input("people-name-M1").set_value("张三峰")
    next(button for button in app.button if button.label == "保存").click().run()
    assert not app.exception
    assert unmask(office, "M1", reason="核对姓名").name == "张三峰"


def test_what_cannot_be_taken_is_said(office):
    app = page("M1")
    app.text_input("people-phone-M1").set_value("12")
    next(button for button in app.button if button.label == "保存").click().run()
    assert "这不是电话号码" in app.error[0].value


def test_erasing_asks_for_a_word_and_a_reason(office):
    app = page("M1")
    assert app.button("erase_person-M1").disabled
    app.checkbox("erase_person-M1-agreed").check().run()
    app.button("erase_person-M1").click().run()
    assert find_people(office, "M1").people
    app.text_input("erase_person-M1-reason").set_value("本人要求").run()
    app.button("erase_person-M1").click().run()
    assert [person.code for person in find_people(office).people] == ["M2"]


def test_the_card_lists_duties_by_day_and_the_time_somebody_has(office):
    day = office.clock().date()
    rostering.note_free_time(office, "M1", time(18), time(22), FreeAnswer.YES, since=day)
    rostering.note_absence(office, "M1", datetime.combine(day, time(8)), datetime.combine(day, time(10)))
    assert "18:00–22:00 能来" in everything(page("M1"))
    assert "请假" in everything(page("M1"))
    assert "没有值守，也没有记过时间。" in everything(page("M2"))
