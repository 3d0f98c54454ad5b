"""数据 in a browser: a file goes in, is understood, written and taken back; nobody else is asked."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

pytestmark = pytest.mark.browser
DIRTY = Path(__file__).parents[2] / "data" / "sample" / "dirty"
SHIFTED = (
    "街道在职党员名册,,,,,\n制表日期：2026年11月,,,,,\n"
    "党员编号,姓名,手机号码,家庭住址,经度,纬度\n"
    "BROWSER1,测试甲,13800000001,某处3栋502,113.2,23.4\n"
    "BROWSER2,测试乙,13800000002,某处3栋503,113.2,23.4\n"
    "BROWSER3,,13800000003,某处3栋504,113.2,23.4\n"
)
ENGLISH = re.compile(r"\b(Upload|Browse|Limit|per file|Drag and drop|Choose an option|Error|Traceback)\b")


def open_data(page, address):
    page.goto(f"{address}/data")
    expect(page.locator(".gm-layers")).to_be_visible(timeout=30_000)


def choose(page, key, label):
    page.locator(f".st-key-{key} input").click()
    page.get_by_role("option", name=label).first.click()


def upload(page, layer, name, data):
    choose(page, "import-layer", re.compile(f"^{layer}"))
    expect(page.locator(".st-key-import-layer input")).to_have_value(re.compile(layer))
    page.locator(".st-key-chooser input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


def give_up(page):
    page.locator(".st-key-give-up button").click()
    expect(page.locator(".gm-layers")).to_be_visible(timeout=30_000)


def count_of(page, layer):
    row = page.locator(".gm-layers tr", has=page.locator("td:first-child", has_text=layer))
    return int(row.locator("td").nth(1).inner_text().replace(",", ""))


def serious(page):
    violations = Axe().run(page).response["violations"]
    return {
        v["id"]: [node["html"][:160] for node in v["nodes"][:3]]
        for v in violations
        if v["impact"] in {"serious", "critical"}
    }


def test_the_first_visitor_finds_the_page_in_its_frame_and_in_chinese(page, clerk_server, outside):
    open_data(page, clerk_server)
    expect(page.locator(".st-key-brand")).to_be_visible()
    assert ENGLISH.findall(page.locator(".stApp").inner_text()) == []
    button = page.locator("button").and_(page.get_by_role("button", name="选择文件"))
    assert button.evaluate("b => getComputedStyle(b, '::after').content") == '"选择文件"'
    assert outside.requests == []


def test_a_gbk_file_below_a_title_goes_in_and_comes_out_again(page, clerk_server, outside):
    open_data(page, clerk_server)
    before = count_of(page, "在职党员")
    upload(page, "在职党员", "名册.csv", SHIFTED.encode("gb18030"))
    head = page.locator(".st-key-import-head")
    expect(head).to_contain_text("读入 3 行，可导入 2 行，退回 1 行", timeout=30_000)
    expect(head).to_contain_text("GB18030")
    expect(head).to_contain_text("表头在第 3 行")
    expect(page.locator(".st-key-column-name input")).to_have_value("姓名")
    expect(page.locator(".gm-problems")).to_contain_text("姓名")
    choose(page, "import-datum", re.compile("^WGS-84"))
    page.locator(".st-key-write button:enabled").click(timeout=30_000)
    expect(page.get_by_text("新增 2 行，覆盖 0 行，退回 1 行")).to_be_visible(timeout=30_000)
    assert count_of(page, "在职党员") == before + 2
    page.locator(".st-key-imports button").first.click()
    page.get_by_role("dialog").get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_text("已撤回对在职党员的这次导入")).to_be_visible(timeout=30_000)
    assert count_of(page, "在职党员") == before
    assert outside.requests == []
    assert outside.errors == []


def test_grids_in_another_datum_say_which_by_what_margin_and_lie_on_the_map(page, clerk_server, outside):
    open_data(page, clerk_server)
    upload(page, "网格", "grids.geojson", (DIRTY / "grids_gcj02.geojson").read_bytes())
    expect(page.locator(".st-key-datum-box")).to_contain_text("GCJ-02 最吻合，领先", timeout=30_000)
    page.locator(".st-key-preview-box iframe").wait_for()
    frame = page.frame_locator(".st-key-preview-box iframe")
    expect(frame.locator(".gm-legend")).to_contain_text("本次文件", timeout=30_000)
    expect(frame.locator("canvas").first).to_be_visible()
    assert outside.requests == []
    assert outside.errors == []
    give_up(page)


def test_the_problems_can_be_taken_away(page, clerk_server):
    open_data(page, clerk_server)
    upload(page, "网格", "grids.geojson", (DIRTY / "grids_broken.geojson").read_bytes())
    for kind, start in (("CSV", b"\xef\xbb\xbf"), ("XLSX", b"PK")):
        with page.expect_download(timeout=30_000) as waiting:
            page.locator(f".st-key-problems-{kind} button").click(timeout=30_000)
        assert waiting.value.suggested_filename == f"grids-问题清单.{kind.lower()}"
        if kind == "XLSX":
            assert CalamineWorkbook.from_path(waiting.value.path()).sheet_names == ["问题清单", "数据说明"]
        assert Path(waiting.value.path()).read_bytes().startswith(start)
    give_up(page)


@pytest.mark.parametrize(
    ("name", "data"),
    [("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(600)), ("bad.xlsx", b"PK\x03\x04 nothing")],
)
def test_a_file_that_cannot_be_read_is_one_calm_sentence(page, clerk_server, name, data):
    open_data(page, clerk_server)
    upload(page, "网格", name, data)
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text(name, timeout=30_000)
    assert "\n" not in alert.inner_text().strip()
    assert ENGLISH.findall(alert.inner_text()) == []


def test_nothing_serious_bars_people_with_aids_from_importing(page, clerk_server):
    open_data(page, clerk_server)
    assert serious(page) == {}
    upload(page, "网格", "grids.geojson", (DIRTY / "grids_broken.geojson").read_bytes())
    expect(page.locator(".gm-problems")).to_be_visible(timeout=30_000)
    assert serious(page) == {}
    give_up(page)


@pytest.mark.parametrize("width", [1024, 1440, 1920])
def test_nothing_sticks_out_of_the_page(page, clerk_server, width):
    page.set_viewport_size({"width": width, "height": 900})
    open_data(page, clerk_server)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
