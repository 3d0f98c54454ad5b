"""An office's own workbook with marks: totals, a row for each zone, and everything else as it was."""

import io
from copy import copy
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, Side

from services.imports.errors import ImportFileError
from services.workbooks.model import AnswerKind, TotalKind, WorkbookField
from services.workbooks.tasks import run_task
from services.workbooks.template import fill_template

from .conftest import as_file, content_of, opened

TWELVE = [{"away": 100 + k, "back_today": k} for k in range(12)]
NAMES = [f"第{k}社区" for k in range(1, 13)] + ["合和", "红棉"]


def ledger() -> Workbook:
    """Return the ledger of a street as offices draw it, with a second sheet for the head of the street."""
    book = Workbook()
    sheet = book.active
    sheet.title = "外出台账"
    sheet["A1"] = "【填报单位】常住人口外出台账"
    sheet["A2"], sheet["F2"] = "填报日期：【日期】", "【日期】"
    for k, title in enumerate(("序号", "社区", "外出人数", "今日返回", "净增", "备注"), 1):
        sheet.cell(3, k, title).font = Font(bold=True)
    for k, value in enumerate(("【序号】", "【社区】", "【外出人数】", "【back_today】", "=C4-D4", "【备注】"), 1):
        sheet.cell(4, k, value).border = Border(*[Side("thin")] * 4)
    for k, value in enumerate(("合计", None, "=SUM(C4:C4)", "【今日返回】", "=C5-D5", "=C5/汇总!B2"), 1):
        sheet.cell(5, k, value)
    sheet["A6"] = "缺报：【缺报】（已报【已报】）。全街外出【外出人数（人）】人。"
    for merge in ("A1:F1", "A2:E2", "A5:B5", "A6:F6"):
        sheet.merge_cells(merge)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.row_dimensions[4].height, sheet.column_dimensions["B"].width = 28.5, 22
    sheet.column_dimensions["F"].hidden = True
    sheet.print_area, sheet.print_title_rows = "A1:F6", "1:3"
    head = book.create_sheet("汇总")
    head["A1"], head["B1"] = "外出", "=SUM(外出台账!C4:C4)"
    head["A2"], head["B2"] = "户籍", 10000
    return book


def look(cell):
    return [copy(part) for part in (cell.font, cell.border, cell.fill, cell.alignment, cell.protection)]


def filled(book, content):
    return fill_template("台账.xlsx", as_file(book), content)


def test_two_of_fourteen_missing_are_named_and_the_sums_are_right(computed):
    result = filled(ledger(), content_of([*TWELVE, None, None], names=NAMES))
    assert (result.unknown_marks, result.notes) == ((), ())
    (book,) = computed([result.data])
    sheet = book["外出台账"]
    assert sheet["A1"].value == "云港街道办事处常住人口外出台账"
    assert sheet["A2"].value == "填报日期：2026年11月29日"
    assert sheet["F2"].value == datetime(2026, 11, 29)
    assert [sheet[f"B{row}"].value for row in (4, 15, 16, 17)] == ["第1社区", "第12社区", "合和", "红棉"]
    assert [sheet[f"A{row}"].value for row in range(4, 18)] == list(range(1, 15))
    assert [sheet[f"E{row}"].value for row in range(4, 18)] == [100] * 12 + [0, 0]
    assert [sheet[f"{column}18"].value for column in "CDEF"] == [1266, 66, 1200, 0.1266]
    assert sheet["A19"].value == "缺报：合和、红棉（已报12/14）。全街外出≥ 1,266（12/14）人。"
    assert book["汇总"]["B1"].value == 1266


def test_figures_of_some_zones_stay_numbers_and_show_it():
    sheet = opened(filled(ledger(), content_of([*TWELVE, None, None], names=NAMES)).data)["外出台账"]
    for cell in ("C18", "D18"):
        assert sheet[cell].number_format == '"≥ "#,##0"（12/14）"'
        assert sheet[cell].alignment.shrink_to_fit
    assert sheet["D18"].value == 66
    assert sheet["E18"].number_format == "General"


def test_whole_figures_have_no_sign():
    answers = [{"away": k, "back_today": 1} for k in range(14)]
    sheet = opened(filled(ledger(), content_of(answers, names=NAMES)).data)["外出台账"]
    assert (sheet["C18"].number_format, sheet["D18"].value) == ("General", 14)
    assert sheet["A19"].value == "缺报：无（已报14/14）。全街外出91人。"


def test_all_but_the_marks_is_as_it_was_cell_by_cell():
    before = opened(as_file(ledger()))
    after = opened(filled(ledger(), content_of([*TWELVE, None, None], names=NAMES)).data)
    old, new = before["外出台账"], after["外出台账"]
    row_of = {row: row if row <= 4 else row + 13 for row in range(1, 7)}
    for row in old.iter_rows():
        for cell in row:
            twin = new.cell(row_of[cell.row], cell.column)
            if cell.coordinate not in {"C5", "D5"}:
                assert look(twin) == look(cell)
            if "【" not in str(cell.value) and cell.data_type != "f":
                assert twin.value == cell.value
    assert {each.coord for each in new.merged_cells.ranges} == {"A1:F1", "A2:E2", "A18:B18", "A19:F19"}
    assert [new[f"{column}18"].value for column in "CEF"] == ["=SUM(C4:C17)", "=C18-D18", "=C18/汇总!B2"]
    assert [new[f"E{row}"].value for row in (4, 17)] == ["=C4-D4", "=C17-D17"]
    assert (new.row_dimensions[17].height, new.column_dimensions["B"].width) == (28.5, 22)
    assert (new.column_dimensions["F"].hidden, new.print_title_rows) == (True, "$1:$3")
    assert new.print_area == "'外出台账'!$A$1:$F$19"
    assert [[cell.value for cell in row] for row in after["汇总"].iter_rows()] == [
        ["外出", "=SUM(外出台账!C4:C17)"],
        ["户籍", 10000],
    ]


def test_fields_that_differ_by_their_unit_alone_are_told_apart():
    book = Workbook()
    for cell, mark in (("A1", "【外出（户）】"), ("A2", "【外出(人)】"), ("A3", "【外出（人）】"), ("A4", "【外出】")):
        book.active[cell] = mark
    fields = (WorkbookField("homes", "外出（户）"), WorkbookField("people", "外出（人）"))
    result = filled(book, content_of([{"homes": 1, "people": 3}] * 4, fields=fields))
    sheet = opened(result.data).active
    assert [sheet[cell].value for cell in ("A1", "A2", "A3", "A4")] == [4, 12, 12, None]
    assert result.unknown_marks == ("Sheet!A4 【外出】",)


@pytest.mark.parametrize("words", ["=1+1", "+8613800000000", "-", "@SUM(A1)", "\t=1", "＝1", "#N/A", "TRUE", "007"])
def test_texts_stay_texts_whatever_they_begin_with(words, computed):
    book = Workbook()
    book.active["A1"], book.active["B1"] = "【社区】", "【备注】"
    data = filled(book, content_of([{"memo": words}], names=["甲"])).data
    cell = opened(data).active["B1"]
    assert (cell.value, cell.data_type) == (words, "s")
    assert cell.quotePrefix == (words not in {"#N/A", "TRUE", "007"})


def test_what_a_spreadsheet_computes_of_dirty_texts_is_the_text(computed):
    book = Workbook()
    book.active["A1"], book.active["B1"] = "【社区】", "【备注】"
    data = filled(book, content_of([{"memo": "=1+1"}, {"memo": "坏\x0b字"}, {"memo": "两\n行"}, None])).data
    assert [row[1].value for row in computed([data])[0].active.iter_rows()] == ["=1+1", "坏字", "两\n行", None]


def test_unknown_marks_are_listed_and_not_left_in():
    book = ledger()
    book["外出台账"]["A6"] = "【确诊】合计【外出人数】"
    book["汇总"]["C1"] = "【内部】"
    book["汇总"]["C2"] = '="截至【日期】【别的】"'
    book["汇总"].oddHeader.center.text = "【填报单位】【页眉】"
    result = filled(book, content_of([{"away": 1}] * 4))
    assert set(result.unknown_marks) == {
        "外出台账!A9 【确诊】",
        "汇总!C1 【内部】",
        "汇总!C2 【别的】",
        "汇总 【页眉】",
    }
    after = opened(result.data)
    assert after["外出台账"]["A9"].value == "合计4"
    assert (after["汇总"]["C1"].value, after["汇总"]["C2"].value) == (None, '="截至2026年11月29日"')
    assert after["汇总"].oddHeader.center.text == "云港街道办事处"


def test_cells_for_text_get_words_and_days_as_the_cell_shows_them():
    book = Workbook()
    sheet = book.active
    marks = {
        "A1": ("@", "【外出人数】"),
        "A2": ("@", "【日期】"),
        "A3": ("m/d", "【日期】"),
        "A4": ('0"人"', "【away】"),
    }
    for cell, (form, mark) in marks.items():
        sheet[cell], sheet[cell].number_format = mark, form
    sheet = opened(filled(book, content_of([{"away": 1204}, None, None, None])).data).active
    assert (sheet["A1"].value, sheet["A2"].value) == ("≥ 1,204（1/4）", "2026年11月29日")
    assert (sheet["A3"].value.date(), sheet["A3"].number_format) == (date(2026, 11, 29), "m/d")
    assert (sheet["A4"].value, sheet["A4"].number_format) == (1204, '"≥ "0"人""（1/4）"')


@pytest.mark.parametrize(
    ("kind", "roll_up", "answers", "total"),
    [
        (AnswerKind.COUNT, TotalKind.SUM, [1, 2.5, 0, -1], 2.5),
        (AnswerKind.COUNT, TotalKind.MAX, [1, 2.5, 0, -1], 2.5),
        (AnswerKind.COUNT, TotalKind.NONE, [1, 2, 3, 4], None),
        (AnswerKind.YES, TotalKind.SUM, [True, False, True, True], 3),
        (AnswerKind.TEXT, TotalKind.SUM, ["a", "b", "c", "d"], None),
    ],
)
def test_totals_follow_the_declaration(kind, roll_up, answers, total):
    book = Workbook()
    book.active["A1"] = "【f】"
    content = content_of(
        [{"f": each} for each in answers], fields=(WorkbookField("f", "栏", kind=kind, roll_up=roll_up),)
    )
    assert opened(filled(book, content).data).active["A1"].value == total


def test_formulas_that_name_one_cell_of_the_row_are_told():
    book = ledger()
    book["汇总"]["C1"] = "=外出台账!C4+1"
    (note,) = filled(book, content_of([{"away": 1}] * 4)).notes
    assert "汇总!C1" in str(note)


def test_several_looks_in_a_cell_stay_where_there_is_no_mark():
    book = ledger()
    looks = CellRichText("红", TextBlock(InlineFont(b=True), "字"))
    book["汇总"]["D1"] = copy(looks)
    book["汇总"]["D2"] = CellRichText(TextBlock(InlineFont(b=True), "【日"), "期】止")
    after = load_workbook(io.BytesIO(filled(book, content_of([{}] * 4)).data), rich_text=True)["汇总"]
    assert after["D1"].value == looks
    assert after["D2"].value == "2026年11月29日止"


def two_rows(sheet):
    sheet["A7"] = "【网格】"


def tall(sheet):
    sheet.unmerge_cells("A5:B5")
    sheet.merge_cells("B4:B5")


@pytest.mark.parametrize(("change", "sentence"), [(two_rows, "row 4 and in row 7"), (tall, "B4")])
def test_rows_for_zones_that_cannot_be_repeated_are_refused(change, sentence):
    book = ledger()
    change(book["外出台账"])
    with pytest.raises(ImportFileError, match=sentence):
        filled(book, content_of([{}] * 4))


def test_a_process_without_rights_fills_the_same():
    data, content = as_file(ledger()), content_of([*TWELVE, None, None], names=NAMES)
    apart, here = run_task(fill_template, "台账.xlsx", data, content), fill_template("台账.xlsx", data, content)
    assert (apart.unknown_marks, apart.notes) == (here.unknown_marks, here.notes)
    for sheet in opened(here.data):
        assert [[cell.value for cell in row] for row in opened(apart.data)[sheet.title]] == [
            [cell.value for cell in row] for row in sheet
        ]


def test_a_process_without_rights_says_why_it_fills_nothing():
    book = ledger()
    two_rows(book["外出台账"])
    with pytest.raises(ImportFileError, match="row 4 and in row 7"):
        run_task(fill_template, "台账.xlsx", as_file(book), content_of([{}] * 4))
