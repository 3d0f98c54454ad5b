"""A blank form that arrived this morning: what was understood of it, and how it comes out filled."""

import pytest
from openpyxl import Workbook
from openpyxl.styles import Border, Side
from openpyxl.worksheet.datavalidation import DataValidation

from services.imports.errors import ImportFileError
from services.workbooks.form_filling import fill_form
from services.workbooks.form_reading import read_form
from services.workbooks.model import AnswerKind, TotalKind
from services.workbooks.tasks import run_task

from .conftest import as_file, content_of, opened


def blank(names=("雅瑶社区", "合和 社区", "红棉", None), *, total=True) -> Workbook:
    """Return a form with two rows of headers, a row of sums and notes at the foot."""
    book = Workbook()
    sheet = book.active
    sheet.title = "表样"
    sheet["A1"] = "附件1 防疫情况统计表"
    heads = {"A3": "序号", "B3": "社区\n名称", "C3": "人口", "C4": "常住人口", "D4": "外出人数", "E3": "占比"}
    heads |= {"F3": "是否设卡", "G3": "重点", "H3": "备注"}
    for cell, words in heads.items():
        sheet[cell] = words
    for merge in ("A1:H1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", "G3:G4", "H3:H4"):
        sheet.merge_cells(merge)
    thin = Border(*[Side("thin")] * 4)
    for row in range(3, 5 + len(names) + total):
        for column in range(1, 9):
            sheet.cell(row, column).border = thin
    for row, name in enumerate(names, 5):
        sheet.cell(row, 1, row - 4 if name else None)
        sheet.cell(row, 2, name)
        sheet.cell(row, 5, f"=IF(N(C{row})=0,0,D{row}/C{row})")
    end = 5 + len(names)
    if total:
        sheet.cell(end, 1, "合 计")
        sheet.merge_cells(f"A{end}:B{end}")
        sheet.cell(end, 3, f"=SUM(C5:C{end - 1})")
        end += 1
    sheet.cell(end, 1, "注：每日 18:00 前报送。")
    sheet.merge_cells(f"A{end}:H{end}")
    choices = DataValidation("list", formula1='"红,黄,绿"')
    choices.add("G5:G30")
    sheet.add_data_validation(choices)
    sheet.column_dimensions["D"].width = 17
    return book


def test_headers_in_two_rows_become_fields():
    reading = read_form("表样.xlsx", as_file(blank()))
    assert (reading.sheet, reading.title, reading.header_rows) == ("表样", "附件1 防疫情况统计表", (3, 4))
    assert (reading.number_column, reading.name_column, reading.total_row) == (1, 2, 9)
    assert [(row.number, row.name) for row in reading.rows] == [(5, "雅瑶社区"), (6, "合和 社区"), (7, "红棉"), (8, "")]
    assert [(c.letter, c.declaration.name, c.declaration.code, c.path, c.has_formula) for c in reading.columns] == [
        ("C", "人口·常住人口", "residents", "zone.residents", False),
        ("D", "人口·外出人数", "column_d", "", False),
        ("E", "占比", "column_e", "", True),
        ("F", "是否设卡", "column_f", "", False),
        ("G", "重点", "column_g", "", False),
        ("H", "备注", "column_h", "", False),
    ]
    kinds = [(c.declaration.kind, c.declaration.roll_up, c.declaration.unit) for c in reading.columns]
    assert kinds[1:] == [
        (AnswerKind.COUNT, TotalKind.SUM, "人"),
        (AnswerKind.COUNT, TotalKind.NONE, ""),
        (AnswerKind.YES, TotalKind.SUM, ""),
        (AnswerKind.CHOICE, TotalKind.NONE, ""),
        (AnswerKind.TEXT, TotalKind.NONE, ""),
    ]
    assert reading.columns[4].declaration.choices == ("红", "黄", "绿")
    assert [column.letter for column in reading.asked_columns] == ["D", "F", "G", "H"]


def test_what_is_known_is_known_by_its_whole_meaning():
    book = Workbook()
    sheet = book.active
    for column, (group, words) in enumerate(
        [
            ("", "社区"),
            ("", "常住人口"),
            ("危房", "户数"),
            ("", "户数"),
            ("", "常住人口（人）"),
            ("", "志愿服务时长"),
            ("", "x"),
        ],
        1,
    ):
        sheet.cell(1, column, group or None)
        sheet.cell(2, column, words)
    sheet.merge_cells("C1:D1")
    reading = read_form("a.xlsx", as_file(book))
    known = {column.letter: (column.declaration.code, column.path) for column in reading.columns}
    assert known["B"] == ("residents", "zone.residents")
    assert known["C"] == ("column_c", "")
    assert known["E"] == ("column_e", "")
    assert known["F"] == ("hours", "stints.hours")


def answers():
    return [
        {"residents": 1000, "column_d": 10, "column_f": True, "column_h": "=1"},
        {"residents": 2000, "column_d": 20, "column_f": False},
        {"residents": 3000, "column_d": 30, "column_f": True, "column_g": "红"},
        {"residents": 4000, "column_d": None},
    ]


def finished(book, said, names=("雅瑶社区", "合和社区", "红棉社区", "牡丹社区")):
    data = as_file(book)
    reading = read_form("表样.xlsx", data)
    content = content_of(said, names=names, fields=tuple(column.declaration for column in reading.columns))
    return fill_form("表样.xlsx", data, reading, content)


def test_the_form_comes_out_filled_in_place(computed):
    result = finished(blank(), answers())
    assert result.notes == ()
    sheet = computed([result.data])[0]["表样"]
    assert [[cell.value for cell in row] for row in sheet["A5:H9"]] == [
        [1, "雅瑶社区", 1000, 10, 0.01, "是", None, "=1"],
        [2, "合和 社区", 2000, 20, 0.01, "否", None, None],
        [3, "红棉", 3000, 30, 0.01, "是", "红", None],
        [4, "牡丹社区", 4000, None, 0, None, None, None],
        ["合 计", None, 10000, 60, None, 2, None, None],
    ]
    assert opened(result.data)["表样"]["D9"].number_format == '"≥ "#,##0"（3/4）"'
    assert sheet["A10"].value == "注：每日 18:00 前报送。"


def test_what_is_no_field_is_as_it_was():
    before, after = opened(as_file(blank()))["表样"], opened(finished(blank(), answers()).data)["表样"]
    asked = {f"{column}{row}" for column in "CDFGH" for row in range(5, 10)} | {"A8", "B8"}
    for row in before.iter_rows():
        for cell in row:
            if cell.coordinate not in asked - {"C9"}:
                assert after[cell.coordinate].value == cell.value, cell.coordinate
    assert {each.coord for each in after.merged_cells.ranges} == {each.coord for each in before.merged_cells.ranges}
    assert after.column_dimensions["D"].width == 17


def test_the_last_empty_row_is_repeated_where_there_are_too_few(computed):
    result = finished(blank((None, None)), answers())
    sheet = computed([result.data])[0]["表样"]
    assert [[cell.value for cell in row] for row in sheet["A5:E9"]] == [
        [1, "雅瑶社区", 1000, 10, 0.01],
        [2, "合和社区", 2000, 20, 0.01],
        [3, "红棉社区", 3000, 30, 0.01],
        [4, "牡丹社区", 4000, None, 0],
        ["合 计", None, 10000, 60, None],
    ]


def test_zones_without_a_row_and_rows_without_a_zone_are_told():
    notes = [str(note) for note in finished(blank(("雅瑶", "秀水")), answers()).notes]
    assert "合和社区、红棉社区、牡丹社区" in notes[0]
    assert "秀水" in notes[1]


def test_two_zones_of_one_name_take_no_row_by_guess():
    result = finished(blank(("雅瑶", "合和")), answers(), names=("雅瑶社区", "合和社区", "合和村", "红棉"))
    sheet = opened(result.data)["表样"]
    assert [sheet[f"D{row}"].value for row in (5, 6)] == [10, None]
    assert "合和社区、合和村、红棉" in str(result.notes[0])


def test_a_form_without_a_column_of_zones_is_refused():
    book = Workbook()
    book.active.append(["姓名", "电话"])
    with pytest.raises(ImportFileError, match="header like 社区"):
        read_form("a.xlsx", as_file(book))


def test_a_process_without_rights_understands_and_fills_the_same():
    data = as_file(blank())
    reading = run_task(read_form, "表样.xlsx", data)
    assert reading == read_form("表样.xlsx", data)
    content = content_of(answers(), fields=tuple(column.declaration for column in reading.columns))
    apart = run_task(fill_form, "表样.xlsx", data, reading, content).data
    assert opened(apart)["表样"]["D7"].value == 30
