"""The fold with what other prices would give: worked out, shown as a curve and a table, taken over."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.planning.price_curve import PriceCurve
from services import planning
from services.context import open_context
from services.planning.price_curve import PRICES
from services.rules.windows import Mode, parse_window

WINDOW = "tonight"
FOUND, CURVE = "reinforce-found", "reinforce-prices"


@pytest.fixture
def page(own_demo):
    """Return the page with a proposal."""
    app = AppTest.from_file("../../dashboard/app.py", default_timeout=60)
    app.query_params["window"], app.query_params["mode"] = WINDOW, Mode.ROUTINE.value
    app.run()
    app.switch_page("pages/planning/reinforce.py").run()
    propose(app)
    return app


def propose(page):
    page.button(key="propose").click().run()
    settle(page, "reinforce-search")


def settle(page, key):
    """Wait for a search of the page, and run the page again as it does by itself."""
    assert not page.exception
    if key in page.session_state:
        work = page.session_state[key]
        job = work.job if isinstance(work, PriceCurve) else work
        assert job.wait(60)
        page.run()
    assert not page.exception


def work_out(page):
    page.button(key="prices").click().run()
    settle(page, CURVE)


def shown(page):
    return " ".join(str(part.proto.body) for part in page.get("html"))


def chart_of(page):
    """Return the specification of the curve."""
    (chart,) = page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")
    return json.loads(chart.proto.spec)


def choices(page):
    return [button.key for button in page.button if (button.key or "").startswith("use-price-")]


def draft(own_demo):
    (plan,) = planning.list_plans(open_context(own_demo), planning.PlanState.DRAFT)
    return plan


def test_nothing_is_worked_out_before_it_is_asked_for(page):
    assert page.button(key="prices").label == "算一算"
    assert CURVE not in page.session_state
    assert choices(page) == []


def test_the_curve_has_a_table_and_each_other_price_a_sentence_and_a_button(page):
    work_out(page)
    points = page.session_state[CURVE].job.result()
    assert [point.settings.person_price for point in points] == list(PRICES)
    table = shown(page).split('aria-label="换个权衡会怎样"')[1]
    assert table.count('<tr class="gm-even">') == len(PRICES)
    assert "0.1（现在）" in table
    assert len(choices(page)) == len(PRICES) - 1
    sentences = [part.value for part in page.markdown if part.value.startswith("改为 ")]
    assert len(sentences) == len(PRICES) - 1
    assert "数字" in chart_of(page)["description"]


def test_the_sentence_of_a_price_is_the_difference_to_what_is_proposed_now(page):
    work_out(page)
    points = {point.settings.person_price: point for point in page.session_state[CURVE].job.result()}
    fewer = points[0.1].people - points[0.5].people
    assert fewer > 0
    (sentence,) = [part.value for part in page.markdown if part.value.startswith("改为 0\\.5")]
    assert f"少派 {fewer} 人，多缺" in sentence


def test_a_price_that_is_taken_over_stands_in_the_settings_and_is_proposed_again(page, own_demo):
    work_out(page)
    points = {point.settings.person_price: point for point in page.session_state[CURVE].job.result()}
    page.button(key="use-price-0-5").click().run()
    settle(page, "reinforce-search")
    assert draft(own_demo).settings == points[0.5].settings
    found = page.session_state[FOUND]
    assert found.plan.settings.person_price == 0.5
    assert sum(move.people for move in found.proposal.moves) == points[0.5].people
    assert "0.5（现在）" in shown(page)
    assert "use-price-0-1" in choices(page)
    page.button(key="use-price-0-1").click().run()
    settle(page, "reinforce-search")
    assert draft(own_demo).settings == planning.PlanSettings()


def test_other_conditions_make_the_curve_void(page, own_demo):
    work_out(page)
    context = open_context(own_demo)
    window = parse_window(WINDOW, context.clock())
    plan = planning.create_plan(context, window, Mode.ROUTINE, event_id="mine")
    planning.change_plan(context, plan.id, event_id="far", settings=planning.PlanSettings(reach_minutes=60))
    page.run()
    assert not page.exception
    assert "请先重新拟订" in shown(page)
    assert choices(page) == []
    propose(page)
    assert CURVE not in page.session_state
    assert page.button(key="prices")


def test_a_proposal_that_is_dismissed_takes_the_curve_along(page):
    work_out(page)
    page.button(key="dismiss").click().run()
    assert not page.exception
    assert choices(page) == []
