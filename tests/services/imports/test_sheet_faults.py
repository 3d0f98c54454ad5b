"""Cells that hold something and come out of the reader of workbooks as empty ones."""

import io
import struct

import pytest
import xlsxwriter
from town import codes_found, packed, stage, stored, zones

from geo.schema import Layer
from services.imports import Options, make_upload
from services.imports.read.sheets import read_sheets
from services.imports.read.table import Unreadable

_BOOK = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="说明" sheetId="1" r:id="rId2"/>
<sheet name="表" sheetId="2" r:id="rId1"/></sheets>{calc}</workbook>"""
_RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
 Target="{folder}worksheets/sheet7.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
 Target="worksheets/sheet1.xml"/></Relationships>"""
_MAIN = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"""
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
_HEADER = "".join(
    f'<c r="{place}1" t="inlineStr"><is><t>{name}</t></is></c>'
    for place, name in zip("ABCD", ("网格编号", "常住人口", "户数", "外来人口"), strict=True)
)


def book(cells: str, *, folder: str = "", calc: str = "") -> bytes:
    """Return a workbook whose second sheet has a header and these cells in row 2."""
    rows = f'<row r="1">{_HEADER}</row><row r="2"><c r="A2" t="inlineStr"><is><t>G1</t></is></c>{cells}</row>'
    return packed(
        {
            "_rels/.rels": _MAIN.encode(),
            "xl/workbook.xml": _BOOK.format(calc=calc).encode(),
            "xl/_rels/workbook.xml.rels": _RELATIONS.format(folder=folder).encode(),
            "xl/worksheets/sheet1.xml": _SHEET.format("").encode(),
            "xl/worksheets/sheet7.xml": _SHEET.format(rows).encode(),
        }
    )


def second_row(data: bytes) -> list[object]:
    (sheet,), _names = read_sheets(data)
    return list(sheet.cells[1][1:])


@pytest.mark.parametrize("folder", ["", "/xl/"])
@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', Unreadable("#DIV/0!", "formula_error")),
        ('<c r="B2" t="e"><f>1/0</f><v>#REF!</v></c>', Unreadable("#REF!", "formula_error")),
        ("<c r='B2' t='e'><v>#N/A</v></c>", Unreadable("#N/A", "formula_error")),
        ('<c r="B2"><f>C2+1</f></c>', Unreadable("=C2+1", "formula_unsolved")),
        ('<c r="B2"><f>C2+1</f><v></v></c>', Unreadable("=C2+1", "formula_unsolved")),
        ('<c r="B2"><f>C2+1</f><v /></c>', Unreadable("=C2+1", "formula_unsolved")),
        ('<c r="B2"><f t="shared" si="0"/></c>', Unreadable("=", "formula_unsolved")),
        ('<c r="B2" t="str"><f>"" &amp; ""</f><v></v></c>', ""),
        ('<c r="B2"><f>C2+1</f><v>0</v></c>', 0.0),
        ('<c r="B2"><f>C2+1</f><v>7</v></c>', 7.0),
        ('<c r="B2"/>', ""),
    ],
)
def test_what_stands_in_a_cell_is_told_from_nothing(cell: str, expected: object, folder: str):
    assert second_row(book(f'{cell}<c r="C2"><v>3</v></c>', folder=folder)) == [expected, 3.0, ""]


def test_cells_without_a_place_of_their_own_stand_one_after_the_other():
    assert second_row(book('<c t="e"><v>#NUM!</v></c><c><v>5</v></c>'))[:2] == [
        Unreadable("#NUM!", "formula_error"),
        5.0,
    ]


def test_a_row_that_holds_nothing_else_is_there():
    cells = '</row><row r="4"><c r="D4" t="e"><v>#NAME?</v></c>'
    (sheet,), _names = read_sheets(book(cells))
    assert sheet.cells[3][3] == Unreadable("#NAME?", "formula_error")


def test_nought_for_every_formula_is_no_result_where_all_are_to_be_worked_out_anew():
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("表")
        sheet.write_row(0, 0, ["网格编号", "常住人口", "户数"])
        sheet.write_row(1, 0, ["G1", 5])
        sheet.write_formula(1, 2, "=B2*2")
    assert second_row(memory.getvalue()) == [5.0, Unreadable("=B2*2", "formula_unsolved")]
    anew = '<calcPr calcId="1" fullCalcOnLoad="1"/>'
    both = '<c r="B2"><f>1-1</f><v>0</v></c><c r="C2"><f>1+1</f><v>2</v></c>'
    assert second_row(book(both, calc=anew))[:2] == [0.0, 2.0]


def old_workbook(*records: bytes, fragmented: bool = False) -> bytes:
    """Return an XLS file with one sheet that holds these records."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    bound = struct.pack("<BB", 3, 1) + "表".encode("utf-16-le")
    start = len(record(0x0809, begin)) + 4 + 6 + len(bound[:2]) + 2 + 4
    bound = struct.pack("<IBBBB", start, 0, 0, 1, 1) + "表".encode("utf-16-le")
    globe = record(0x0809, begin) + record(0x0085, bound) + record(0x000A, b"")
    globe = globe.replace(struct.pack("<I", start), struct.pack("<I", len(globe)), 1)
    sheet = record(0x0809, begin[:2] + struct.pack("<H", 0x0010) + begin[4:])
    sheet += b"".join(record(*each) for each in records) + record(0x000A, b"")
    stream = (globe + sheet).ljust(4096, b"\0")
    sectors = [stream[at : at + 512] for at in range(0, len(stream), 512)]
    order = list(range(2, 2 + len(sectors)))
    if fragmented:
        order.reverse()
    following = {0: 0xFFFFFFFE, 1: 0xFFFFFFFD} | dict(zip(order, [*order[1:], 0xFFFFFFFE], strict=True))
    table = struct.pack("<128I", *(following.get(n, 0xFFFFFFFF) for n in range(128)))
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry("Workbook", 2, order[0], len(stream))
    body = {0: entries.ljust(512, b"\0"), 1: table} | dict(zip(order, sectors, strict=True))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 0, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 1, *[0xFFFFFFFF] * 108)
    return head + b"".join(body[n] for n in sorted(body))


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    return (
        title.ljust(64, b"\0") + struct.pack("<HBBIII", len(title), kind, 1, none, none, child) + bytes(36)
    ) + struct.pack("<IQ", start, size)


@pytest.mark.parametrize("fragmented", [False, True], ids=["in one piece", "in pieces"])
def test_errors_in_a_workbook_of_excel_97_are_told(fragmented: bool):
    data = old_workbook(
        (0x0203, struct.pack("<HHHd", 0, 0, 0, 1.0)),
        (0x0205, struct.pack("<HHHBB", 1, 0, 0, 0x07, 1)),
        (0x0205, struct.pack("<HHHBB", 1, 1, 0, 1, 0)),
        (0x0006, struct.pack("<HHHBBBBHHHI", 1, 2, 0, 2, 0, 0x2A, 0, 0, 0xFFFF, 0, 0) + bytes(6)),
        fragmented=fragmented,
    )
    (sheet,), _names = read_sheets(data)
    assert sheet.cells[1] == [Unreadable("#DIV/0!", "formula_error"), True, Unreadable("#N/A", "formula_error")]


def test_an_error_is_named_by_row_and_column_and_erases_nothing():
    before = zones(["甲"], codes=["G1"]).assign(residents=[1294.0], households=[431.0], outsiders=[364.0])
    cells = '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C2"><f>B2</f></c><c r="D2"><v>5</v></c>'
    staged = stage(make_upload("网格.xlsx", book(cells)), Layer.GRIDS, Options(), stored(grids=before))
    assert codes_found(staged) == [(2, "formula_error"), (2, "formula_unsolved")]
    assert [(f.problem.column, f.problem.value) for f in staged.findings] == [("常住人口", "#DIV/0!"), ("户数", "=B2")]
    assert staged.frame.loc["G1", ["residents", "households", "outsiders"]].tolist() == [1294, 431, 5]


@pytest.mark.parametrize("words", ["#SPILL!", "#CALC!", "#GETTING_DATA", "#BLOCKED!", "Err:502"])
def test_an_error_of_a_kind_that_the_reader_does_not_know_is_told_and_the_rest_is_read(words):
    cells = f'<c r="B2" t="e"><f>X()</f><v>{words}</v></c><c r="C2"><v>7</v></c><c r="D2" t="e"><v>#N/A</v></c>'
    sheets, _names = read_sheets(book(cells), sheet="表")
    row = sheets[0].cells[1]
    assert row[0] == "G1"
    assert (row[1], row[2]) == (Unreadable(words, "formula_error"), 7.0)
    assert row[3] == Unreadable("#N/A", "formula_error")
