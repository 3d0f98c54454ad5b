"""The page 数据, run without a browser."""

import re
from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.pages.imports import flow
from dashboard.pages.imports.draft import ImportDraft, prepare, write
from dashboard.pages.imports.flow import DRAFT
from dashboard.pages.imports.overview import read_counts
from geo.schema import Layer
from services.imports import Options, ProgressMonitor, make_upload, read_batches
from services.store.errors import StoreFullError
from tests.dashboard.importing import prepared

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
DIRTY = Path(__file__).parents[2] / "data" / "sample" / "dirty"
TRIES = 60


def open_page(draft=None):
    """Open the page; with a draft, as if its file had just been looked at."""
    page = AppTest.from_file(str(APP), default_timeout=30)
    page.switch_page("pages/imports/data.py").run()
    if draft is not None:
        page.session_state[DRAFT] = draft
        page.run()
    assert not page.exception
    return page


def looked_at(layer, name, **options):
    """Return the draft of a dirty sample file against the store of the settings."""
    upload = make_upload(name, (DIRTY / name).read_bytes())
    return prepare(cache.context(), ImportDraft(layer, upload, Options(**options)), ProgressMonitor())


def until(page, condition):
    """Run the page until what was begun has ended."""
    for _ in range(TRIES):
        if condition(page):
            return page
        page.run()
    raise AssertionError("it never came to pass")


def html(page):
    return "\n".join(str(element.proto.body) for element in page.get("html"))


def said(page):
    return "\n".join(
        str(m.value) for kind in ("markdown", "success", "error", "warning", "info") for m in page.get(kind)
    )


def keys(page):
    return {b.key for b in page.button}


def click(page, key):
    return next(b for b in page.button if b.key == key).click().run()


def test_an_empty_store_shows_eleven_layers_and_a_place_for_a_file(empty):
    page = open_page()
    assert html(page).count("<tr") == 12
    assert page.get("file_uploader")
    assert "还没有导入过文件" in html(page)


def test_the_counts_stand_beside_the_layers_and_the_members_add_up(own_demo):
    page = open_page()
    members = read_counts()[Layer.MEMBERS]
    stated = re.search(r"已归入网格 ([\d,]+) \+ 未归入 ([\d,]+) = ([\d,]+) 人", html(page))
    located, unlocated, total = (int(part.replace(",", "")) for part in stated.groups())
    assert located + unlocated == total == members > 0


def test_problems_stand_in_a_table_with_advice(own_demo):
    page = open_page(looked_at(Layer.GRIDS, "grids_broken.geojson"))
    assert "读入 8 行，可导入 6 行，退回 2 行" in said(page)
    for word in ("应为", "怎么办", "整行未导入", "在原软件里重画这个图形"):
        assert word in html(page)
    assert {"problems-XLSX", "problems-CSV", "write", "give-up"} <= keys(page)


def test_columns_are_shown_as_they_were_understood_with_masked_samples(own_demo):
    page = open_page(looked_at(Layer.MEMBERS, "members_gbk.csv"))
    assert page.session_state["column-name"] == "姓名"
    assert page.session_state["column-phone"] == "手机号码"
    assert "**" in html(page)
    assert "****" in html(page)


def test_a_corrected_column_is_looked_at_again(own_demo):
    page = open_page(looked_at(Layer.MEMBERS, "members_gbk.csv"))
    box = next(s for s in page.selectbox if s.key == "column-skills")
    box.set_value("备注").run()
    until(page, lambda p: p.session_state[DRAFT].staged_import.mapping.columns.get("skills") == "备注")


def test_swapped_coordinates_are_offered_to_be_swapped(own_demo):
    page = open_page(looked_at(Layer.MEMBERS, "members_swapped.csv"))
    before = page.session_state[DRAFT].staged_import.rows_accepted
    click(page, "swap")
    until(page, lambda p: p.session_state[DRAFT].staged_import.rows_accepted == before + 10)
    assert "经纬度颠倒的行已对调" in said(page)


def test_the_guessed_datum_is_shown_with_its_margin_and_can_be_overruled(own_demo):
    page = open_page(looked_at(Layer.GRIDS, "grids_gcj02.geojson"))
    assert "GCJ-02 最吻合，领先" in html(page)
    next(s for s in page.selectbox if s.key == "import-datum").set_value("wgs84").run()
    until(page, lambda p: "按您选的 WGS-84 换算" in html(p))
    assert "明显更吻合" in said(page)


def test_a_datum_nobody_knows_must_be_chosen_before_the_import(empty):
    page = open_page(looked_at(Layer.GRIDS, "grids_gcj02.geojson"))
    assert next(b for b in page.button if b.key == "write").disabled


def test_a_wrong_layer_says_which_column_is_lacking(own_demo):
    page = open_page(looked_at(Layer.ESTATES, "several_sheets.xlsx"))
    assert "没有认出“名称”列" in said(page)
    assert any(s.key == "reading-sheet" for s in page.selectbox)


def test_the_users_word_writes_and_tells_how_the_members_stand(own_demo):
    before = read_counts()[Layer.GRIDS]
    page = open_page(looked_at(Layer.GRIDS, "grids_broken.geojson"))
    assert read_counts()[Layer.GRIDS] == before
    click(page, "write")
    until(page, lambda p: "覆盖 6 行" in said(p))
    assert "退回 2 行" in said(page)
    assert "在职党员：已归入网格" in said(page)


def test_giving_up_writes_nothing(own_demo):
    page = open_page(looked_at(Layer.GRIDS, "grids_broken.geojson"))
    click(page, "give-up")
    assert page.get("file_uploader")
    assert len(read_batches(cache.context())) == len(Layer)


def test_the_same_file_says_it_was_imported_before(own_demo):
    write(cache.context(), looked_at(Layer.GRIDS, "grids_broken.geojson").staged_import, ProgressMonitor())
    page = open_page(looked_at(Layer.GRIDS, "grids_broken.geojson"))
    assert "已在" in said(page)
    assert "第 12 次导入" in said(page)


def test_a_store_that_changed_meanwhile_refuses_and_offers_to_look_again(own_demo):
    draft = looked_at(Layer.GRIDS, "grids_broken.geojson")
    write(cache.context(), looked_at(Layer.GRIDS, "grids_gcj02.geojson").staged_import, ProgressMonitor())
    page = open_page(draft)
    click(page, "write")
    until(page, lambda p: "look-again" in keys(p))
    click(page, "look-again")
    until(page, lambda p: "look-again" not in keys(p))
    assert len(read_batches(cache.context())) == len(Layer) + 1


def test_a_full_disk_is_said_until_something_is_done(own_demo, monkeypatch):
    def refuse(*_):
        raise StoreFullError("full")

    monkeypatch.setattr(flow, "write", refuse)
    page = open_page(looked_at(Layer.GRIDS, "grids_broken.geojson"))
    click(page, "write")
    until(page, lambda p: "磁盘满了" in said(p))
    page.run()
    assert "磁盘满了" in said(page)
    assert "write" in keys(page)


def test_an_import_is_taken_back_after_a_question(own_demo):
    members = read_counts()[Layer.MEMBERS]
    write(cache.context(), prepared(Layer.MEMBERS), ProgressMonitor())
    assert read_counts()[Layer.MEMBERS] == members + 3
    page = open_page()
    click(page, f"take-back-{len(Layer) + 1}")
    assert read_counts()[Layer.MEMBERS] == members + 3
    click(page, "take-back-yes")
    assert read_counts()[Layer.MEMBERS] == members
    assert "已撤回" in said(page)


def test_a_refusal_to_take_back_says_why(own_demo):
    for _ in range(2):
        write(cache.context(), prepared(Layer.MEMBERS), ProgressMonitor())
    page = open_page()
    click(page, f"take-back-{len(Layer) + 1}")
    click(page, "take-back-yes")
    assert "先撤回" in said(page)
    assert read_batches(cache.context())["taken_back_at"].isna().all()


def test_a_fault_of_the_whole_file_is_one_sentence_and_keeps_the_choices(own_demo):
    draft = looked_at(Layer.GRIDS, "grids_no_prj.zip", crs="EPSG:nothing")
    assert draft.fault is not None
    page = open_page(replace(draft, fault=None))
    assert any(s.key == "reading-layer" for s in page.selectbox)
    assert "give-up" in keys(page)


def test_the_page_stands_in_the_frame_and_speaks_english_when_asked(empty, monkeypatch):
    monkeypatch.setattr("dashboard.frame.shell.browser_language", lambda: "en")
    page = open_page()
    assert "gridmuster" in html(page)
    assert "What is stored" in html(page)
    assert "已存" not in html(page)
