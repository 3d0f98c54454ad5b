"""The page that makes briefings, run without a browser."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.briefing import draft
from services import briefing
from services.briefing import BriefingRequest, BriefingTemplate, SectionChoice, SectionName
from services.context import open_context
from services.rules.windows import Mode, Window

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def open_page(**query):
    page = AppTest.from_file(str(APP), default_timeout=30)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    page.switch_page("pages/briefing/briefing.py").run()
    assert not page.exception
    return page


def html(page):
    return "\n".join(str(element.proto.body) for element in page.get("html"))


def button(page, key):
    return next(b for b in page.button if b.key == key)


def frame_address(page):
    return next(element.proto.src for element in page.get("iframe"))


def test_it_opens_with_the_screen_and_every_section(demo):
    page = open_page(window="tonight")
    assert "/screen?window=tonight" in frame_address(page)
    assert [box.value for box in page.checkbox] == [True] * len(SectionName)


def test_a_section_that_is_unticked_is_not_on_the_screen(demo):
    page = open_page()
    page.checkbox(key="shown-weakest").uncheck().run()
    assert not page.exception
    assert "sections=situation,plan,hours,roster,communities,data" in frame_address(page)


def test_a_comment_and_the_order_are_on_the_screen(demo):
    page = open_page()
    page.text_input(key="comment-plan").set_value("18 时前确认").run()
    button(page, "move-plan--1").click().run()
    address = frame_address(page)
    assert "sections=situation,plan,weakest" in address
    assert "say-plan=18" in address


def test_without_any_section_it_says_what_to_do(demo):
    page = open_page()
    for name in SectionName:
        page.checkbox(key=f"shown-{name.value}").uncheck()
    page.run()
    assert not page.exception
    assert len(page.error) == 1


def test_freezing_gives_a_number_that_opens_again(own_demo):
    page = open_page()
    next(b for b in page.button if b.label == "定格").click().run()
    assert not page.exception
    heads = briefing.list_briefings(open_context(own_demo))
    assert [head.number for head in heads] == [1]
    button(page, "open-1").click().run()
    assert "/screen?snapshot=1" in frame_address(page)


def test_the_snapshot_to_compare_with_is_chosen_for_the_screen_and_for_what_is_frozen(own_demo):
    office = open_context(own_demo)
    afternoon = Window(datetime(2026, 11, 18, 14), datetime(2026, 11, 18, 16))
    for mode in (Mode.ROUTINE, Mode.LOCKDOWN):
        briefing.freeze(office, BriefingRequest(afternoon, mode))
    page = open_page(window="tonight")
    assert "compare" not in frame_address(page)
    page.selectbox(key="briefing-compare").set_value(1).run()
    assert not page.exception
    assert "compare=1" in frame_address(page)
    next(b for b in page.button if b.label == "定格").click().run()
    lead = briefing.read_briefing(office, 3, "zh").sections[0].lead
    assert lead == "变化与第 1 号汇报（11 月 18 日（周三）14:00–16:00 · 平时）相比。"


def test_a_choice_is_kept_as_a_template_and_used_again(own_demo):
    briefing.save_template(
        open_context(own_demo), BriefingTemplate("晨会", (SectionChoice(SectionName.HOURS, "看凌晨"),))
    )
    page = open_page()
    page.selectbox(key="template").select("晨会").run()
    assert not page.exception
    assert frame_address(page).startswith("/screen?sections=hours&")


def test_an_empty_store_says_what_to_do_first(empty):
    assert "还没有" in html(open_page()) or "入库" in html(open_page())


@pytest.mark.parametrize("by", [-9, -1, 1, 9])
def test_moving_a_section_loses_none(by):
    order = draft.moved(draft.complete(()), SectionName.PLAN, by)
    assert sorted(choice.name for choice in order) == sorted(SectionName)


def test_a_template_of_an_older_version_gets_the_sections_it_lacks_at_the_end_unticked():
    order = draft.complete([SectionChoice(SectionName.DATA)])
    assert order[0].name is SectionName.DATA
    assert not any(choice.is_shown for choice in order[1:])
