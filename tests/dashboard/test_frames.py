"""Tables of pages: a dash where nothing is known, no empty columns, and none that goes past this."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.panels import script_of

DASHBOARD = Path(__file__).parents[2] / "dashboard"
RAW = re.compile(r"\.(dataframe|data_editor|table)\(")
NOTHING = re.compile(r">\s*(None|nan|NaN|NaT|null)\s*<")


def page():
    import pandas as pd

    from dashboard.kit.frames import show_frame
    from services.i18n import use_language

    use_language("zh")
    show_frame(pd.DataFrame({"name": ["A", None], "need": [1.5, float("nan")], "reach": [None, float("nan")]}))
    show_frame(pd.DataFrame(columns=["name"]))


def test_nothing_known_is_a_dash_and_an_empty_column_or_table_is_left_out():
    app = AppTest.from_function(page).run()
    assert not app.exception
    (frame,) = app.dataframe
    assert list(frame.value.columns) == ["name", "need"]
    assert frame.proto.placeholder == "–"
    assert "没有可显示的内容" in app.get("html")[0].proto.body


@pytest.mark.parametrize("path", sorted(DASHBOARD.rglob("*.py")), ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_pages_show_tables_in_this_way_alone(path):
    raw = [found for found in RAW.findall(path.read_text(encoding="utf-8")) if found]
    assert raw == (["dataframe"] if path.name == "frames.py" else [])


@pytest.mark.parametrize("path", ["", "orders", "briefing", "data", "people", "settle", "audit", "accounts"])
def test_no_page_shows_what_a_program_calls_nothing(demo, path):
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=120)
    if path:
        app.switch_page(script_of(path))
    else:
        app.session_state["section"] = "table"
    app.run()
    assert not app.exception
    shown = [NOTHING.findall(str(element.proto.body)) for element in app.get("html")]
    assert [found for found in shown if found] == []
    assert {frame.proto.placeholder for frame in app.dataframe} <= {"–"}
    cells = [str(cell) for frame in app.dataframe for cell in frame.value.select_dtypes("object").to_numpy().ravel()]
    assert [cell for cell in cells if cell in {"nan", "NaT"}] == []
