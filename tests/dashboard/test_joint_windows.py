"""Windows planned together on the page: chosen under the conditions, told in words, taken over as a draft each."""

import pytest
from streamlit.testing.v1 import AppTest

from services import planning
from services.context import open_context
from services.rules.windows import Mode

SEARCH = "reinforce-search"


@pytest.fixture
def page(own_demo):
    app = AppTest.from_file("../../dashboard/app.py", default_timeout=60)
    app.query_params["window"], app.query_params["mode"] = "tonight", Mode.ROUTINE.value
    app.run()
    return app.switch_page("pages/planning/reinforce.py").run()


def propose_together(page, most: int = 2):
    page.toggle(key="joint-together").set_value(True).run()
    (choice,) = [each for each in page.multiselect if each.key.startswith("joint-windows-")]
    assert len(choice.value) == 4
    choice.set_value(choice.value[: most - 1]).run()
    page.button(key="propose").click().run()
    if SEARCH in page.session_state:
        job = page.session_state[SEARCH]
        assert job.wait(90)
        page.run()
    assert not page.exception


def texts(page) -> str:
    return " ".join(part.value for part in page.markdown)


def test_several_windows_are_told_in_words_and_accepted_as_a_draft_each(page, own_demo):
    propose_together(page)
    assert "2 个时段一起排" in texts(page)
    assert "每人最多值守" in texts(page)
    assert any("缺口（人·小时）" in str(part.proto.body) for part in page.get("html"))
    page.button(key="accept-windows").click().run()
    assert not page.exception
    plans = planning.list_plans(open_context(own_demo))
    assert len({plan.window for plan in plans}) == len(plans) == 2
    assert "2 个时段各自的草稿" in " ".join(each.value for each in page.success)


def test_one_of_the_windows_can_be_accepted_alone(page, own_demo):
    propose_together(page)
    page.button(key="accept-all").click().run()
    assert not page.exception
    assert len(planning.list_plans(open_context(own_demo))) == 1


def test_without_further_windows_the_page_proposes_for_its_own(page):
    propose_together(page, most=1)
    assert "时段一起排" not in texts(page)
