"""The workbook that goes out to whoever has no account, and comes back."""

from dataclasses import replace

import pytest
from openpyxl import Workbook

from services.imports.errors import ImportFileError
from services.workbooks.model import AnswerKind, FormZone, TotalKind, WorkbookField
from services.workbooks.round_trip import HIDDEN_SHEET, RoundTripForm, make_round_trip, outstanding
from services.workbooks.round_trip_reading import read_round_trip, take_back
from services.workbooks.tasks import run_task

from .conftest import as_file, opened

KEY = bytes(range(32))
ZONES = (FormZone("02", "合和社区"), FormZone("01", "雅瑶/社区"), FormZone("03", "合和社区"))
FIELDS = (
    WorkbookField("residents", "常住人口", "人"),
    WorkbookField("away", "外出人数", "人", at_most="residents"),
    WorkbookField("risk", "其中高风险", "人", at_most="away"),
    WorkbookField("gate", "是否设卡", kind=AnswerKind.YES),
    WorkbookField("level", "等级", kind=AnswerKind.CHOICE, roll_up=TotalKind.NONE, choices=("红", "黄", "绿")),
    WorkbookField("memo", "备注", kind=AnswerKind.TEXT, roll_up=TotalKind.NONE),
)
ASKED = frozenset({"away", "risk", "gate", "level", "memo"})
FORM = RoundTripForm("ledger_away", "外出台账", 3, "2026-11-29", FIELDS, ASKED, due="11月29日 18:00")
SENT = {"01": {"residents": 1000, "away": 7, "gate": True}, "02": {"residents": 500}, "03": {"residents": 20}}
CELLS = {"residents": "C5", "away": "C6", "risk": "C7", "gate": "C8", "level": "C9", "memo": "C10"}
SHEETS = {"01": "雅瑶 社区", "02": "合和社区", "03": "合和社区 03"}


def sent():
    return make_round_trip(FORM, ZONES, SENT, KEY)


def returned(entries, *, form=FORM, now=SENT, key=KEY, change=None, pass_on=lambda data: data):
    """Return what comes of the workbook once somebody has filled it: zone and field to what they typed."""
    book = opened(sent())
    for (zone, code), value in entries.items():
        book[SHEETS[zone]][CELLS[code]] = value
    if change:
        change(book)
    return take_back(read_round_trip("回.xlsx", pass_on(as_file(book))), form, now, key)


def test_each_zone_has_a_sheet_filled_and_locked_but_for_what_is_asked():
    book = opened(sent())
    assert book.sheetnames == ["雅瑶 社区", "合和社区", "合和社区 03", HIDDEN_SHEET]
    assert book[HIDDEN_SHEET].sheet_state == "hidden"
    sheet = book["雅瑶 社区"]
    assert [sheet[cell].value for cell in CELLS.values()] == [1000, 7, None, "是", None, None]
    assert [sheet[cell].protection.locked for cell in CELLS.values()] == [True, False, False, False, False, False]
    assert sheet["A1"].protection.locked
    assert sheet.protection.sheet
    assert sheet.column_dimensions["E"].hidden
    assert "11月29日 18:00" in sheet["A3"].value


def test_each_cell_to_fill_has_its_check():
    checks = {str(each.sqref): each for each in opened(sent())["合和社区"].data_validations.dataValidation}
    assert set(checks) == {"C6", "C7", "C8", "C9", "C10"}
    assert (checks["C7"].type, checks["C7"].formula1, checks["C7"].formula2) == (
        "decimal",
        "0",
        'IF($C$6="",100000000,$C$6)',
    )
    assert [checks[cell].formula1 for cell in ("C8", "C9", "C10")] == ['"是,否"', '"红,黄,绿"', "120"]
    assert all(check.prompt for check in checks.values())


def test_what_was_filled_in_is_to_be_written():
    result = returned({("01", "risk"): 2, ("02", "away"): "１２ 人", ("02", "gate"): "无", ("02", "memo"): " 好 "})
    assert result.changes == {"01": {"risk": 2}, "02": {"away": 12, "gate": False, "memo": "好"}}
    assert (result.conflicts, result.faults) == ((), ())


def test_an_untouched_workbook_changes_nothing():
    result = returned({})
    assert (result.changes, result.conflicts, result.faults) == ({}, (), ())
    assert [(each.zone.code, each.field_codes) for each in result.outstanding] == [
        ("01", ("risk", "level", "memo")),
        ("02", ("away", "risk", "gate", "level", "memo")),
        ("03", ("away", "risk", "gate", "level", "memo")),
    ]


def test_a_cell_that_both_sides_changed_is_shown_with_both_values():
    now = SENT | {"01": {"residents": 1001, "away": 9, "gate": True}}
    result = returned({("01", "away"): 8}, now=now)
    (conflict,) = result.conflicts
    assert (conflict.zone.name, conflict.field_code) == ("雅瑶/社区", "away")
    assert (conflict.sent, conflict.ours, conflict.theirs) == (7, 9, 8)
    assert result.changes == {}


def test_both_sides_saying_the_same_is_no_conflict_and_ours_alone_stays():
    now = SENT | {"01": {"residents": 1001, "away": 8, "risk": 3, "gate": True}}
    result = returned({("01", "away"): 8}, now=now)
    assert (result.changes, result.conflicts) == ({}, ())


def test_a_locked_cell_that_was_changed_all_the_same_is_a_conflict():
    (conflict,) = returned({("02", "residents"): 999}).conflicts
    assert (conflict.field_code, conflict.sent, conflict.ours, conflict.theirs) == ("residents", 500, 500, 999)


def test_a_cell_that_was_emptied_takes_the_answer_back():
    assert returned({("01", "away"): None}).changes == {"01": {"away": None}}


@pytest.mark.parametrize(
    ("code", "value", "sentence"),
    [
        ("away", "约10", "number from 0"),
        ("away", -1, "number from 0"),
        ("away", 501, "larger than “常住人口” (500)"),
        ("gate", "也许", "是 or 否"),
        ("level", "蓝", "红、黄、绿"),
        ("memo", "长" * 121, "At most 120"),
    ],
)
def test_what_a_field_cannot_hold_is_named_with_its_cell(code, value, sentence):
    result = returned({("02", code): value})
    (fault,) = result.faults
    assert (fault.zone.code, fault.field_code) == ("02", code)
    assert sentence in str(fault.reason)
    assert result.changes == {}


@pytest.mark.parametrize(
    ("form", "key", "sentence"),
    [
        (FORM, bytes(32), "another office"),
        (replace(FORM, kind="other", title="别的"), KEY, "another form"),
        (replace(FORM, period="2026-11-30"), KEY, "for 2026-11-29, not for 2026-11-30"),
        (replace(FORM, version=4), KEY, "version 3 .* version 4"),
    ],
)
def test_foreign_and_older_workbooks_are_named(form, key, sentence):
    with pytest.raises(ImportFileError, match=sentence):
        returned({}, form=form, key=key)


@pytest.mark.parametrize("row", range(2, 7))
def test_whatever_is_changed_on_the_hidden_sheet_is_noticed(row):
    def change(book):
        cell = book[HIDDEN_SHEET].cell(row, 1)
        cell.value = cell.value.replace(cell.value[-5], "8" if cell.value[-5] != "8" else "9")

    with pytest.raises(ImportFileError, match="what it remembers was changed"):
        returned({}, change=change)


def test_a_workbook_that_never_went_out_is_refused():
    with pytest.raises(ImportFileError, match="not a form that was sent out"):
        read_round_trip("a.xlsx", as_file(Workbook()))


def test_sheets_may_be_called_otherwise_and_be_missing():
    def change(book):
        book["雅瑶 社区"].title = "改名"
        del book["合和社区"]

    result = returned({("01", "risk"): 1}, change=change)
    assert result.changes == {"01": {"risk": 1}}
    assert [each.zone.code for each in result.outstanding] == ["01", "02", "03"]


def test_it_survives_being_saved_by_another_program(recompute):
    entries = {("01", "risk"): 2, ("02", "away"): "=3+4", ("03", "level"): "黄", ("03", "gate"): "否"}
    result = returned(entries, pass_on=lambda data: recompute([data])[0])
    assert result.changes == {"01": {"risk": 2}, "02": {"away": 7}, "03": {"level": "黄", "gate": False}}
    assert (result.conflicts, result.faults) == ((), ())


def test_a_process_without_rights_reads_the_same():
    assert run_task(read_round_trip, "a.xlsx", sent()) == read_round_trip("a.xlsx", sent())


def test_who_is_outstanding_follows_from_forms():
    whole = dict.fromkeys(ASKED, 1)
    assert [each.zone.code for each in outstanding(FORM, ZONES, {"02": whole, "01": {"away": 1}})] == ["01", "03"]
