"""地址核对: the queue of the clerk, and the page without a browser."""

from pathlib import Path

import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.pages.addresses.queue import Queue, find_estates, place_words
from geo.schema import Layer, Method
from services.assignment import assign_members
from services.catalog.actions import Action
from services.context import open_context
from services.manual_assignment import Doubt, UnknownPlaceError, assign_manually, read_doubts, unsettle
from services.rules.address import Candidate
from tests.acting import act

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
ESTATES = {"E1": "云港花园", "E2": "云巷花园", "E3": "东方雅苑"}
ADDRESSES = {"M1": "云渡花园3栋502", "M2": "东方雅宛1栋", "M3": "无名大街9号"}


def frame(**columns):
    codes = columns.pop("code")
    geometry = columns.pop("geom")
    import geopandas as gpd

    return gpd.GeoDataFrame(columns | {"geom": geometry}, index=pd.Index(codes, name="code"), geometry="geom", crs=4326)


@pytest.fixture
def doubtful(empty):
    """Make a store of one grid, three estates and three members whose addresses are not sure."""
    context = open_context(empty)
    box = shapely.box(113.2, 23.4, 113.21, 23.41)
    points = [shapely.Point(113.201 + 0.002 * k, 23.405) for k in range(3)]
    layers = {
        Layer.COMMUNITIES: frame(code=["C1"], name=["凤凰社区"], geom=[box]),
        Layer.GRIDS: frame(code=["G1"], name=["凤凰社区第1网格"], parent_code=["C1"], geom=[box]),
        Layer.ESTATES: frame(code=list(ESTATES), name=list(ESTATES.values()), parent_code=["G1"] * 3, geom=points),
        Layer.MEMBERS: frame(
            code=list(ADDRESSES),
            name=["张三丰", "李四", "王五"],
            address=list(ADDRESSES.values()),
            community_code=["C1"] * 3,
            geom=[None] * 3,
        ),
    }
    with act(context, Action.MAKE_DEMO) as work:
        for layer, rows in layers.items():
            work.tx.upsert(layer, rows)
    assign_members(context)
    return context


def doubt(code):
    return Doubt(code, "张三", "某处", "C1", (Candidate("E1", "云港花园", 0.7),))


def codes(queue):
    return [waiting.member_code for waiting in queue.waiting]


QUEUE = Queue((1,), tuple(doubt(code) for code in ("M1", "M2", "M3")))


def test_who_is_settled_leaves_the_queue():
    after = QUEUE.after_settling()
    assert codes(after) == ["M2", "M3"]
    assert after.assigned_count == 1


def test_who_is_put_off_comes_again_at_the_end():
    assert codes(QUEUE.after_putting_off()) == ["M2", "M3", "M1"]


@pytest.mark.parametrize("decide", [Queue.after_settling, Queue.after_putting_off])
def test_undoing_brings_the_queue_back(decide):
    after = decide(decide(QUEUE))
    assert after.after_undoing().after_undoing() == QUEUE


def test_an_estate_is_found_by_a_part_of_its_name_first():
    names = pd.Series({"e3": "东方雅苑", "e2": "云港花园二期", "e1": "云港花园"})
    assert [c.code for c in find_estates(names, "云港")] == ["e1", "e2"]
    assert [c.code for c in find_estates(names, "东方雅宛")] == ["e3"]
    assert find_estates(names, "  ") == []


def test_a_place_is_said_without_repeating_the_community(doubtful):
    tables = [cache.layer_frame(layer) for layer in (Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES)]
    assert place_words("E1", *tables) == "凤凰社区 · 第1网格"
    assert place_words("nowhere", *tables) == ""


def test_what_was_settled_can_be_unsettled(doubtful):
    before = read_doubts(doubtful)
    assign_manually(doubtful, "M1", estate_code="E1")
    assert len(read_doubts(doubtful)) == len(before) - 1
    unsettle(doubtful, "M1")
    assert read_doubts(doubtful) == before


def test_nobody_unknown_can_be_unsettled(doubtful):
    with pytest.raises(UnknownPlaceError):
        unsettle(doubtful, "M9")


# The page


def open_page():
    page = AppTest.from_file(str(APP), default_timeout=30)
    page.switch_page("pages/addresses/settle.py").run()
    assert not page.exception
    return page


def html(page):
    return "\n".join(str(element.proto.body) for element in page.get("html"))


def click(page, key):
    return next(b for b in page.button if b.key == key).click().run()


def placed(context):
    with context.look(Action.VIEW_COVERAGE) as tx:
        return tx.read_assignments()


def test_the_first_doubt_is_shown_with_its_candidates_and_a_masked_name(doubtful):
    page = open_page()
    assert "还有 3 人" in html(page)
    first = read_doubts(doubtful)[0]
    assert first.address in html(page)
    assert first.name not in html(page)
    assert first.name[0] + "*" in html(page)
    labels = {b.key: b.label for b in page.button if b.key.startswith("offer-")}
    assert len(labels) == len(first.candidates)
    assert first.candidates[0].name in labels["offer-1"]
    assert "凤凰社区" in labels["offer-1"]


def test_a_choice_settles_the_member_by_hand_and_the_next_one_comes(doubtful):
    first, second = read_doubts(doubtful)[:2]
    page = click(open_page(), "offer-1")
    row = placed(doubtful).loc[first.member_code]
    assert (row["method"], row["estate_code"]) == (Method.MANUAL, first.candidates[0].code)
    assert "还有 2 人" in html(page)
    assert second.address in html(page)


def test_the_last_choice_can_be_undone(doubtful):
    first = read_doubts(doubtful)[0]
    page = click(click(open_page(), "offer-1"), "undo")
    assert placed(doubtful).loc[first.member_code, "method"] == Method.UNLOCATED
    assert "还有 3 人" in html(page)
    assert first.address in html(page)


def test_nothing_can_be_undone_at_the_beginning(doubtful):
    assert next(b for b in open_page().button if b.key == "undo").disabled


def test_putting_off_writes_nothing(doubtful):
    before = placed(doubtful)
    page = click(open_page(), "put-off")
    pd.testing.assert_frame_equal(placed(doubtful), before)
    assert "还有 3 人" in html(page)


def test_an_estate_can_be_searched_for_and_chosen(doubtful):
    first = read_doubts(doubtful)[0]
    page = open_page()
    page.text_input(key="settle-search").set_value("云巷").run()
    click(page, "found-A")
    assert placed(doubtful).loc[first.member_code, "estate_code"] == "E2"


def test_when_all_are_settled_the_page_says_so_and_still_undoes(doubtful):
    page = open_page()
    for _ in range(3):
        keys = {b.key for b in page.button}
        if "offer-1" not in keys:
            page.text_input(key="settle-search").set_value("云港").run()
        click(page, "offer-1" if "offer-1" in keys else "found-A")
    assert "没有待核对的地址" in html(page)
    assert "还有 1 人" in html(click(page, "undo"))


def test_without_doubts_the_page_says_what_comes_here(empty):
    assert "没有待核对的地址" in html(open_page())


def test_candidates_are_not_found_anew_on_every_run(doubtful, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "dashboard.pages.addresses.actions.read_doubts", lambda *a, **k: asked.append(1) or read_doubts(*a, **k)
    )
    page = open_page()
    click(page, "put-off")
    click(page, "offer-1")
    assert len(asked) == 1
