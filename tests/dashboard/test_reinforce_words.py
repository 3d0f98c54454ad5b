"""What the form says of a move is what the label on the map says."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.planning.move_form import effect_words
from geo.scenario import ZoneEffect
from services import planning
from services.context import open_context
from services.i18n import use_language
from services.planning import Move, MovePreview


@pytest.fixture(autouse=True)
def in_chinese():
    use_language("zh")


def end(need, before, after):
    """Return one end of a move; its words come from need and supply alone."""
    return ZoneEffect(need, before, after, *[math.nan] * 4)


@pytest.mark.parametrize(
    ("receiver", "said"),
    [
        (end(20.0, 8.0, 15.0), "缺 12 → 5"),
        (end(20.0, 17.1, 23.1), "缺 3 → 0，富余 0 → 3"),
        (end(20.0, 21.0, 27.5), "富余 1 → 8"),
    ],
)
def test_both_ends_and_the_way_stand_in_one_line(receiver, said):
    giver = end(10.0, 18.0, 11.0)
    seen = MovePreview(Move("T", "G", 7), "H", giver, receiver, 14.2, 0, ())
    assert effect_words(seen) == f"{said} · 出借方 富余 8 → 1 · 步行 14 分钟"


def test_a_lender_that_falls_short_is_said_to():
    seen = MovePreview(Move("T", "G", 7), "H", end(10.0, 12.0, 8.5), None, None, 0, ())
    assert effect_words(seen) == "出借方 富余 2 → 0，缺 0 → 1"


def test_a_copy_made_in_english_has_an_english_name(own_demo):
    use_language("en")  # the tester formats choices in the language of its own thread
    app = AppTest.from_file("../../dashboard/app.py", default_timeout=30)
    app.query_params["window"], app.query_params["lang"] = "tonight", "en"
    app.run()
    app.switch_page("pages/planning/reinforce.py").run()
    app.button(key="plan-new").click().run()
    app.button(key="plan-copy").click().run()
    assert not app.exception
    newest, first = planning.list_plans(open_context(own_demo))
    assert (newest.name, first.name[:8]) == (f"{first.name} (copy)", "Plan for")
