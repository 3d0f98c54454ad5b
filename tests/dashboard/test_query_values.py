"""Whatever stands in an address, a page opens: what is not understood is not there."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.streamlit.query_values import parse_day, parse_name, parse_number
from tests.dashboard.panels import script_of
from tests.dashboard.test_briefing_screen import ask

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
LONG = "9" * 5000
ODD = (
    {"window": "0001-01-01T00:00/0001-01-01T04:00", "plan": LONG, "zone": "grids:\0", "at": "NaN,Infinity,1e999"},
    {"window": "9999-12-31T20:00/9999-12-31T22:00", "plan": "9" * 20, "zone": f"grids:{LONG}", "lang": "../../etc"},
    {"window": "0001-01-01", "plan": "²", "zone": "members:M001", "level": "\ufffd", "layer": "NaN", "mode": "null"},
    {"window": ["tonight", LONG], "plan": ["1", "NaN"], "zone": ["grids:\0", ""], "mode": ["routine", "\0"]},
)


@pytest.mark.parametrize("page", ["situation", "reinforce", "briefing"])
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_a_page_opens_whatever_its_address_says(demo, page, odd):
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in odd.items():
        app.query_params[name] = value
    app.switch_page(script_of(page)).run()
    assert not app.exception
    assert [shown.value for shown in app.error] == []


@pytest.mark.parametrize(
    "query",
    [
        "window=0001-01-01T00:00/0001-01-01T04:00",
        "window=9999-12-31T20:00/9999-12-31T22:00",
        "window=%ED%A0%80",
        "replay=0001-01-01",
        "replay=9999-12-31",
        "template=%00",
        f"template={'x' * 5000}",
        f"snapshot={'9' * 5000}&plan={'9' * 30}",
        "plan=1&plan=%00&mode=NaN&sections=,,,&lang=%00&theme=%ff",
        "say-situation=%00",
    ],
)
def test_the_screen_answers_whatever_its_address_says(demo, query):
    answer, told = ask(query)
    assert answer.status in {200, 409}
    assert "error" not in told


@given(st.text(max_size=30) | st.integers().map(str))
def test_a_number_is_one_that_a_store_can_hold(text):
    number = parse_number(text)
    assert number is None or 0 <= number < 2**31


@given(st.text(max_size=12) | st.dates().map(str))
def test_a_day_is_one_that_hours_can_be_counted_from(text):
    day = parse_day(text)
    assert day is None or date(2000, 1, 1) <= day <= date(2999, 12, 31)


@pytest.mark.parametrize("given_name", ["a\0b", "\ud800", "x" * 201, "a\nb"])
def test_a_name_that_no_store_takes_is_none(given_name):
    assert parse_name(given_name) == ""
