"""Every workbook is set up for paper: A4 across, as wide as the page, its head, the mark and a number on each page."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

import services
from dashboard.pages.imports.problems import problems_frame
from geo.schema import Layer
from services.context import Context
from services.demo import DemoSize, make_demo
from services.export.columns import NumberFormat
from services.export.layers import LayerFile, export_layers
from services.export.orders import orders_xlsx
from services.export.printing import PAGE_CHARACTERS, column_width, display_width, format_of, lines_needed
from services.export.situation import CoverageFile, export_coverage, look_at
from services.export.tables import coverage_xlsx, write_plain_xlsx, write_xlsx
from services.rules.windows import Mode, Window
from services.store import Store

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
NOON = datetime(2026, 11, 25, 12)
WINDOW = Window(datetime(2026, 11, 25, 20), datetime(2026, 11, 26))
ROOT = Path(services.__file__).parents[1]


def sheets_of(book):
    """Return the sheets of a workbook by their title, as XML, and the names that it defines."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        head = ET.fromstring(parts.read("xl/workbook.xml"))
        titles = [sheet.attrib["name"] for sheet in head.iterfind("m:sheets/m:sheet", NS)]
        pages = [ET.fromstring(parts.read(f"xl/worksheets/sheet{k}.xml")) for k in range(1, len(titles) + 1)]
    names = {(n.attrib["name"], int(n.attrib["localSheetId"])): n.text for n in head.iterfind("m:definedNames/*", NS)}
    return dict(zip(titles, pages, strict=True)), names


def named(cell="甲"):
    return pd.DataFrame({"name": [cell]}, index=pd.Index(["1"], name="code"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    context = Context(Store.open(f"sqlite:///{tmp_path_factory.mktemp('paper')}/s.gpkg"), clock=lambda: NOON)
    make_demo(context, DemoSize.SUBDISTRICT)
    return context


@pytest.fixture(params=["coverage", "layers", "orders", "problems", "assignment"])
def book(request, table, facts, demo):
    match request.param:
        case "coverage":
            return coverage_xlsx(table, facts)
        case "layers":
            return export_layers(demo, [Layer.ESTATES, Layer.UNITS, Layer.ROADS], LayerFile.XLSX)[0]
        case "orders":
            return orders_xlsx([], NOON)
        case "problems":
            return write_xlsx({"1": problems_frame([("3", "a", "b", "c", "d", "e", "f")])}, [("文件", "a.csv")])
        case _:
            return write_plain_xlsx("归属", named().reset_index())


def test_every_sheet_is_a4_across_and_as_wide_as_the_page(book):
    for sheet in sheets_of(book)[0].values():
        page = sheet.find("m:pageSetup", NS).attrib
        assert (page["paperSize"], page["orientation"], page.get("fitToHeight")) == ("9", "landscape", "0")
        assert sheet.find("m:sheetPr/m:pageSetUpPr", NS).attrib["fitToPage"] == "1"


def test_every_page_says_what_it_is_and_its_number(book):
    for sheet in sheets_of(book)[0].values():
        assert sheet.find("m:headerFooter/m:oddHeader", NS).text.startswith("&L内部资料")
        assert sheet.find("m:headerFooter/m:oddFooter", NS).text.endswith("&C第 &P 页，共 &N 页")


def test_every_page_of_a_table_names_area_hours_and_who_made_it(table, facts):
    for sheet in sheets_of(coverage_xlsx(table, facts))[0].values():
        edges = sheet.find("m:headerFooter", NS)
        head, foot = edges.find("m:oddHeader", NS).text, edges.find("m:oddFooter", NS).text
        assert head.endswith("&C马桥街道 · &A&R张主任 · 2026-11-27 18:05 北京时间（UTC+8）")
        assert foot.startswith("&L2026-11-27 周五 20:00–24:00 · 平时&C")


def test_the_head_stands_on_every_page_and_stays_in_sight(book):
    sheets, names = sheets_of(book)
    for k, (title, sheet) in enumerate(sheets.items()):
        if title == "数据说明":
            continue
        assert names["_xlnm.Print_Titles", k].endswith("!$1:$1")
        assert sheet.find("m:sheetViews/m:sheetView/m:pane", NS).attrib["state"] == "frozen"


def test_made_up_data_say_so_on_paper(demo, table, facts):
    layer = sheets_of(export_layers(demo, [Layer.GRIDS], LayerFile.XLSX)[0])[0]
    assert "虚构" in layer["网格"].find("m:headerFooter/m:oddHeader", NS).text
    assert "虚构" not in sheets_of(coverage_xlsx(table, facts))[0]["网格"].find("m:headerFooter/m:oddHeader", NS).text


def test_outlines_as_texts_are_not_printed_and_make_no_row_high(demo):
    sheets, names = sheets_of(export_layers(demo, [Layer.GRIDS], LayerFile.XLSX)[0])
    heads = [cell.text for cell in sheets["网格"].iterfind("m:sheetData/m:row[1]/m:c", NS)]
    last = re.fullmatch(r".*!\$A\$1:\$([A-Z])\$201", names["_xlnm.Print_Area", 0])
    assert last
    assert ord(last[1]) - ord("A") + 1 == len(heads) - 1
    heights = [float(row.attrib.get("ht", 0)) for row in sheets["网格"].iterfind("m:sheetData/m:row", NS)]
    assert max(heights) <= 66


def test_a_long_text_goes_on_below_in_a_row_that_is_high_enough():
    sheets, _ = sheets_of(write_xlsx({"x": named("长" * 60)}, []))
    row = sheets["x"].find("m:sheetData/m:row[2]", NS).attrib
    assert float(row["ht"]) >= 4 * 15
    assert row["customHeight"] == "1"


def test_no_row_is_higher_than_a_spreadsheet_takes():
    sheets, _ = sheets_of(write_xlsx({"x": named("长" * 9000)}, []))
    assert float(sheets["x"].find("m:sheetData/m:row[2]", NS).attrib["ht"]) <= 409


def test_columns_are_as_wide_as_what_they_hold():
    wide = column_width("编号", pd.Series(["44990800100101"]), NumberFormat.TEXT)
    assert 14 < wide < 18
    assert column_width("户数", pd.Series([12]), NumberFormat.COUNT) < 8
    assert column_width("说明", pd.Series(["长" * 500]), NumberFormat.TEXT) < 40
    assert column_width("x", pd.Series([1234567.0]), NumberFormat.COUNT) > len("1,234,567")


def widths_of(sheet):
    return [float(column.attrib["width"]) for column in sheet.iterfind("m:cols/m:col", NS)]


def test_what_is_printed_of_a_coverage_table_can_be_read(demo):
    for level, last in ((Layer.GRIDS, "N"), (Layer.ESTATES, "N"), (Layer.COMMUNITIES, "K")):
        book = export_coverage(demo, look_at(demo, WINDOW, Mode.EMERGENCY), CoverageFile.XLSX, level)
        sheets, names = sheets_of(book)
        assert f"$A$1:${last}$" in names["_xlnm.Print_Area", 0]
        assert sum(widths_of(next(iter(sheets.values())))[: ord(last) - ord("A") + 1]) <= PAGE_CHARACTERS


def test_texts_are_narrowed_until_all_columns_fit_on_a_page():
    days = pd.DataFrame({f"12-0{k}": ["张**、" * 30] for k in range(1, 8)}, index=pd.Index(["门岗"], name="岗位"))
    sheet = sheets_of(write_xlsx({"x": days}, []))[0]["x"]
    assert sum(widths_of(sheet)) <= PAGE_CHARACTERS + 8  # a spreadsheet adds the pixels at the sides of a cell
    assert float(sheet.find("m:sheetData/m:row[2]", NS).attrib["ht"]) >= 6 * 15


def test_codes_are_not_broken_however_many_columns_there_are():
    wide = pd.DataFrame({f"c{k}": ["4499080010010101"] for k in range(20)}, index=pd.Index(["1"], name="code"))
    assert min(widths_of(sheets_of(write_xlsx({"x": wide}, []))[0]["x"])[1:]) >= 16


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], NumberFormat.COUNT),
        ([1.5, None], NumberFormat.GENERAL),
        (["1"], NumberFormat.TEXT),
        ([True], NumberFormat.TEXT),
    ],
)
def test_numbers_are_not_shown_as_texts(values, expected):
    assert format_of(pd.Series(values), NumberFormat.TEXT) is expected


def test_places_of_problems_are_numbers_where_they_are():
    frame = problems_frame([("3", *"abcdef"), ("整个文件", *"abcdef")])
    assert list(frame.index) == [3, "整个文件"]


def test_a_mark_with_an_ampersand_is_no_code_of_the_header(demo, monkeypatch):
    monkeypatch.setattr("services.export.tables.paper_mark", lambda **_: "甲&P")
    sheets, _ = sheets_of(write_xlsx({"x": named()}, []))
    assert sheets["x"].find("m:headerFooter/m:oddHeader", NS).text.startswith("&L甲&&P&C")


@pytest.mark.parametrize(("words", "width"), [("雅瑶A1", 6), ("", 0), ("ｱ", 1), ("（", 2)])
def test_characters_of_chinese_take_the_room_of_two(words, width):
    assert display_width(words) == width


def test_every_line_of_a_text_counts():
    assert lines_needed("甲\n乙\n丙", 40) == 3


def test_workbooks_for_people_are_written_in_one_place():
    """Others make what is none of ours: charts of slides, inputs spoiled on purpose, the workbooks of offices."""
    writers = {
        str(path.relative_to(ROOT))
        for part in ("services", "dashboard", "geo")
        for path in (ROOT / part).rglob("*.py")
        if path.parent.name != "workbooks"
        and re.search(r"xlsxwriter\.Workbook\(|to_excel|ExcelWriter|openpyxl", path.read_text(encoding="utf-8"))
    }
    assert writers == {
        "services/export/tables.py", "services/export/briefing/slide_charts.py",
        "services/demo/files.py",
    }  # fmt: skip
