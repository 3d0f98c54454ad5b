"""One row becomes many: what formulas compute, and everything else that names rows."""

import io
import random

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table

from services.imports.errors import ImportFileError
from services.workbooks.formulas import FormulaPlace, RowRepetition, move_formula, names_one_copy
from services.workbooks.repetition import repeat_rows

from .conftest import as_file, opened

ROW = RowRepetition(5, 3)
BOTH = {"表": ROW, "乙 表": RowRepetition(2, 3)}


@pytest.mark.parametrize(
    ("formula", "outside", "third"),
    [
        ("=SUM(B5:B5)", "=SUM(B5:B7)", "=SUM(B7:B7)"),
        ("=SUM(B5)", "=SUM(B5:B7)", "=SUM(B7)"),
        ("=SUM($B$5)", "=SUM($B$5:$B$7)", "=SUM($B$5:$B$7)"),
        ("=SUM( B5 , C9 )", "=SUM( B5:B7 , C11 )", "=SUM( B7 , C11 )"),
        ("=SUM(B5*2)", "=SUM(B5*2)", "=SUM(B7*2)"),
        ("=SUM(B2:B9)", "=SUM(B2:B11)", "=SUM(B2:B11)"),
        ("=SUM(B9:B5)", "=SUM(B11:B5)", "=SUM(B11:B7)"),
        ("=SUM(B$5:B5)", "=SUM(B$5:B7)", "=SUM(B$5:B7)"),
        ("=B5+B6-B4", "=B5+B8-B4", "=B7+B8-B6"),
        ("=$B5/B$5", "=$B5/B$5", "=$B7/B$5"),
        ("=B2*$C$6", "=B2*$C$8", "=B2*$C$8"),
        ("=SUM(5:5)", "=SUM(5:7)", "=SUM(7:7)"),
        ("=SUM(B:B)+名称", "=SUM(B:B)+名称", "=SUM(B:B)+名称"),
        ("='乙 表'!B2+其他!B5", "='乙 表'!B2+其他!B5", "='乙 表'!B4+其他!B5"),
        ("=SUM('乙 表'!B2:B3)", "=SUM('乙 表'!B2:B5)", "=SUM('乙 表'!B4:B5)"),
        ("=[1]表!B6+表1!B6", "=[1]表!B6+表1!B6", "=[1]表!B6+表1!B6"),
        ('=IF(B6="B6",{1,2},B6%)', '=IF(B8="B6",{1,2},B8%)', '=IF(B8="B6",{1,2},B8%)'),
        ('=COUNTIF(B5:B5,">0")', '=COUNTIF(B5:B7,">0")', '=COUNTIF(B7:B7,">0")'),
        ("B6", "B8", "B8"),
    ],
)
def test_every_reference_goes_on_naming_what_it_named(formula, outside, third):
    assert move_formula(formula, FormulaPlace("表"), BOTH) == outside
    assert move_formula(formula, FormulaPlace("表", 2), BOTH) == third


def test_a_lone_cell_of_the_row_outside_of_a_sum_is_told():
    assert [names_one_copy(each, FormulaPlace("表"), BOTH) for each in ("=B5+1", "=SUM(B5)", "=B5:B5", "=B4")] == [
        True,
        False,
        False,
        False,
    ]
    assert not names_one_copy("=B5+1", FormulaPlace("表", 0), BOTH)


@pytest.mark.parametrize("seed", range(0, 40, 20))
def test_the_recomputed_workbook_is_what_plain_computation_says(seed, computed):
    """Any place of the row, any formulas of a small grammar: LibreOffice finds what Python computes for each zone."""
    cases = [Case(random.Random(k)) for k in range(seed, seed + 20)]
    for case, book in zip(cases, computed([case.file() for case in cases]), strict=True):
        for (sheet, cell), value in case.values.items():
            assert book[sheet][cell].value == pytest.approx(value, rel=1e-9), (sheet, cell, case.formulas)


class Case:
    """A sheet with a row at any place, rows above and below, formulas in the row, below it and on another sheet."""

    def __init__(self, random):
        self.random = random
        self.row, self.count = random.randint(3, 30), random.randint(1, 6)
        self.figures = {column: [random.randint(-50, 50) for _ in range(self.count)] for column in "BC"}
        self.rate = random.randint(1, 9)
        self.formulas, self.values = {}, {}
        below = self.row + random.randint(1, 4)
        for column in "EF":
            self.add_in_row(column)
        for column in "BCDE":
            self.add_outside("表", f"{column}{below}", f"{column}{below + self.count - 1}")
        self.add_outside("汇总", "B2", "B2")
        self.below = below

    def file(self):
        book = Workbook()
        sheet = book.active
        sheet.title = "表"
        book.create_sheet("汇总")
        sheet["A1"] = self.rate
        for column in "BC":
            sheet[f"{column}{self.row}"] = 0
        for (name, cell), formula in self.formulas.items():
            book[name][cell] = formula
        repeat_rows(book, {"表": RowRepetition(self.row, self.count)})
        for column, figures in self.figures.items():
            for k, figure in enumerate(figures):
                sheet[f"{column}{self.row + k}"] = figure
        return as_file(book)

    def add_in_row(self, column):
        """Add a formula in the row, and what it is for each zone."""
        formula, values = self.tree(self.in_row)
        self.formulas["表", f"{column}{self.row}"] = f"={formula}"
        for k, value in enumerate(values):
            self.values["表", f"{column}{self.row + k}"] = value

    def add_outside(self, sheet, cell, moved):
        formula, values = self.tree(lambda: self.outside("" if sheet == "表" else "表!"))
        self.formulas[sheet, cell] = f"={formula}"
        self.values[sheet, moved] = values[0]

    def tree(self, leaf, depth=2):
        """Return a formula of the grammar, and its value for each zone."""
        if depth == 0 or self.random.random() < 0.3:
            return leaf()
        (left, a), (right, b) = self.tree(leaf, depth - 1), self.tree(leaf, depth - 1)
        match self.random.choice("+-*?"):
            case "?":
                return f"IF({left}>{right},{left},{right})", [max(x, y) for x, y in zip(a, b, strict=True)]
            case sign:
                compute = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__}[sign]
                return f"({left}{sign}{right})", [compute(x, y) for x, y in zip(a, b, strict=True)]

    def in_row(self):
        column, r = self.random.choice("BC"), self.row
        own = self.figures[column]
        return self.random.choice(
            [
                (f"{column}{r}", own),
                (f"SUM({column}{r}:{column}{r})", own),
                (f"SUM({column}${r}:{column}${r})", [sum(own)] * self.count),
                (f"SUM(${column}${r})", [sum(own)] * self.count),
                (f"SUM({column}${r}:{column}{r})", [sum(own[: k + 1]) for k in range(self.count)]),
                (f"SUM({column}{r - 1}:{column}{r})", [sum(own[max(0, k - 1) : k + 1]) for k in range(self.count)]),
                (f"N({column}{r - 1})", [0, *own[:-1]]),
                ("$A$1", [self.rate] * self.count),
                ("A1", [self.rate] * self.count),
            ]
        )

    def outside(self, sheet):
        column, r = self.random.choice("BC"), self.row
        own = self.figures[column]
        formula, value = self.random.choice(
            [
                (f"SUM({sheet}{column}{r}:{column}{r})", sum(own)),
                (f"SUM({sheet}{column}{r})", sum(own)),
                (f"MAX({sheet}{column}${r}:{column}${r})", max(own)),
                (f"MIN({sheet}{column}{r - 1}:{column}{r})", min(own)),
                (f"COUNT({sheet}{column}{r}:{column}{r})", len(own)),
                (f"SUMPRODUCT({sheet}{column}{r}:{column}{r})", sum(own)),
                (f"{sheet}{column}{r}", own[0]),
                (f"{sheet}$A$1", self.rate),
            ]
        )
        return formula, [value] * self.count


@pytest.fixture
def book():
    book = Workbook()
    sheet = book.active
    sheet.title = "表"
    thin = Border(*[Side("thin")] * 4)
    for row in range(1, 10):
        for column in "ABCD":
            sheet[f"{column}{row}"].border = thin
    sheet["A1"] = "标题"
    sheet["A5"], sheet["B5"], sheet["C5"], sheet["D5"] = "x", 3, None, "=B5*2"
    sheet["A5"].font, sheet["B5"].number_format = Font(bold=True), '0"人"'
    sheet["A8"] = "注"
    for merge in ("A1:D1", "A8:D9", "B5:C5", "A2:A6"):
        sheet.merge_cells(merge)
    sheet["A2"] = "各社区"
    sheet.row_dimensions[5].height, sheet.row_dimensions[8].height = 33, 50
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].hidden = 31.5, True
    sheet.print_area, sheet.print_title_rows, sheet.freeze_panes = "A1:D9", "1:4", "B5"
    sheet.row_breaks.append(Break(id=7))
    sheet.auto_filter.ref = "A4:D5"
    sheet["D7"] = "依据"
    sheet["D7"].hyperlink = "https://example.org/"
    return book


def repeat(book, count=4):
    repeat_rows(book, {"表": RowRepetition(5, count)})
    return opened(as_file(book))


def test_merged_cells_heights_widths_and_looks_are_repeated_and_move(book):
    sheet = repeat(book)["表"]
    assert {each.coord for each in sheet.merged_cells.ranges} == {
        "A1:D1",
        "A11:D12",
        "A2:A9",
        *(f"B{row}:C{row}" for row in range(5, 9)),
    }
    assert [sheet.row_dimensions[row].height for row in (5, 6, 7, 8, 9, 11)] == [33, 33, 33, 33, None, 50]
    assert [sheet.row_dimensions[row].hidden for row in (9, 12)] == [False, True]
    assert (sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].hidden) == (31.5, True)
    for row in range(5, 9):
        assert (sheet[f"B{row}"].number_format, sheet[f"D{row}"].border.left.style) == ('0"人"', "thin")
        assert sheet[f"D{row}"].value == f"=B{row}*2"


def test_what_is_printed_filtered_and_linked_moves(book):
    sheet = repeat(book)["表"]
    assert sheet.print_area == "'表'!$A$1:$D$12"
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.freeze_panes == "B5"
    assert [each.id for each in sheet.row_breaks.brk] == [10]
    assert sheet.auto_filter.ref == "A4:D8"
    assert sheet["D10"].hyperlink.ref == "D10"


def test_checks_and_colours_cover_the_copies_and_compare_with_the_same_cells(book):
    sheet = book["表"]
    red = PatternFill("solid", bgColor="FF0000")
    sheet.conditional_formatting.add("D5", CellIsRule("greaterThan", ["$B$7"], fill=red))
    sheet.conditional_formatting.add("D2:D3 D7", CellIsRule("lessThan", ["D7"], fill=red))
    check = DataValidation("whole", operator="lessThan", formula1="$B$7", formula2=None)
    check.add("D5")
    sheet.add_data_validation(check)
    sheet = repeat(book)["表"]
    assert {str(each.sqref): each.rules[0].formula for each in sheet.conditional_formatting} == {
        "D5:D8": ["$B$10"],
        "D2:D3 D10": ["D10"],
    }
    (check,) = sheet.data_validations.dataValidation
    assert (str(check.sqref), check.formula1) == ("D5:D8", "$B$10")


def test_checks_and_sums_of_whole_columns_stay_so(book):
    sheet = book["表"]
    check = DataValidation("whole", operator="greaterThan", formula1="0")
    check.add("D5:D1048576")
    sheet.add_data_validation(check)
    sheet["F1"] = "=SUM(D5:D1048576)"
    sheet = repeat(book)["表"]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "D5:D1048576"
    assert sheet["F1"].value == "=SUM(D5:D1048576)"


def test_a_formula_that_cannot_be_read_is_named(book):
    book["表"]["F1"] = '=SUM("a'
    with pytest.raises(ImportFileError, match="SUM"):
        repeat(book)


def test_names_tables_charts_and_array_formulas_go_on_meaning_the_same(book):
    sheet = book["表"]
    book.defined_names["全部"] = DefinedName("全部", attr_text="表!$D$5:$D$5")
    sheet.defined_names["下面"] = DefinedName("下面", attr_text="表!$D$7")
    sheet["F8"] = ArrayFormula("F8:F9", "=D5:D6*2")
    other = book.create_sheet("图")
    other.append(["甲", "乙"])
    other.append([1, 2])
    other.add_table(Table(displayName="T", ref="A1:B2"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=5, max_row=5))
    other.add_chart(chart, "D2")
    result = repeat(book)
    assert result.defined_names["全部"].attr_text == "表!$D$5:$D$8"
    assert result["表"].defined_names["下面"].attr_text == "表!$D$10"
    assert (result["表"]["F11"].value.ref, result["表"]["F11"].value.text) == ("F11:F12", "=D5:D9*2")
    assert result["图"].tables["T"].ref == "A1:B2"
    assert other._charts[0].series[0].val.numRef.f == "'表'!$D$5:$D$8"


def test_a_sheet_that_would_be_too_long_is_refused(book):
    book["表"]["A1048576"] = 1
    with pytest.raises(ImportFileError, match="too large"):
        repeat_rows(book, {"表": RowRepetition(5, 2)})


def test_a_row_for_one_zone_changes_nothing(book):
    before = {cell.coordinate: cell.value for row in book["表"].iter_rows() for cell in row}
    sheet = repeat(book, 1)["表"]
    assert {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row} == before
    assert load_workbook(io.BytesIO(as_file(book)))["表"].print_area == "'表'!$A$1:$D$9"
