"""The roster on paper."""

import io
from datetime import time

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action, Role
from services.context import AuditQuery, RefusedError
from services.export.rosters import export_clear_roster, export_roster, shift_words
from services.people import ReasonMissingError
from services.rostering import PackageOffer, Seating
from services.rules.roster.duties import DutyState
from services.rules.roster.packages import PackagePost
from tests.acting import act
from tests.services.rostering.conftest import (  # noqa: F401 - fixtures
    board,
    either_store,
    file_store,
    filled,
    filled_database,
    inputs,
    now,
    office,
    roster,
    shift_at,
)
from tests.services.rostering.test_handover import as_role


@pytest.fixture
def store(file_store):  # noqa: F811 - the fixture above
    return file_store


@pytest.fixture
def book(office, roster, inputs, shift_at):  # noqa: F811 - the fixtures above
    """The workbook of a roster with one person and one reserve in it."""
    shift = shift_at(0, 8)
    people = [Seating(shift, "M001"), Seating(shift, "M002", DutyState.RESERVE)]
    rostering.put_duties(office, roster, people, inputs, event_id="put")
    return CalamineWorkbook.from_filelike(io.BytesIO(export_roster(office, roster, inputs)))


def test_each_community_has_a_sheet_with_a_row_a_post_and_hours_and_a_column_a_day(book, board):  # noqa: F811
    assert book.sheet_names[0] == "雅瑶社区"
    rows = book.get_sheet_by_name("雅瑶社区").to_python()
    assert rows[0][:3] == ["岗位", "时间", "11-30 周一"]
    assert len(rows[0]) == 2 + 7
    seen = board()
    posts = {(seen.posts[shift.post_code].name, shift.window.start.time()) for shift in seen.shifts}
    assert len(rows) - 1 == len(posts)


def test_cells_say_who_is_there_what_is_open_and_who_stands_by(book, board, shift_at):  # noqa: F811
    seen = board()
    shift = next(each for each in seen.shifts if each.id == shift_at(0, 8))
    words = shift_words(seen, shift)
    assert words == f"党**（缺 {shift.seats - 1}）（备勤 党**）"
    cells = [cell for row in book.get_sheet_by_name("雅瑶社区").to_python() for cell in row]
    assert cells.count(words) == 1
    empty = sum(seen.open_seats(each) for each in seen.shifts)
    told = sum(int(str(cell).split("缺 ")[1].split("）")[0]) for cell in cells if cell and "缺 " in str(cell))
    assert told == empty


def test_cells_of_seats_that_a_unit_has_taken_over_say_which_unit_and_batch(office, roster, inputs, board, shift_at):  # noqa: F811
    shift = next(each for each in board().shifts if each.id == shift_at(0, 8))
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, pd.DataFrame({"name": {"U1": "医保办"}}).rename_axis("code"))
    day = shift.window.start.date()
    post = PackagePost(shift.post_code, time(8), time(10))
    community = board().posts[shift.post_code].community_code
    offer = PackageOffer(unit_code="U1", community_code=community, start=day, days=1, posts=(post,))
    number = rostering.offer_package(office, offer, event_id="offer").id
    assert "◇" not in shift_words(board(), shift)
    rostering.accept_package(office, number)
    assert shift_words(board(), shift) == f"（缺 {shift.seats}） ◇医保办"
    rostering.split_package(office, number, 2, 1)
    book = CalamineWorkbook.from_filelike(io.BytesIO(export_roster(office, roster, inputs)))
    cells = [cell for row in book.get_sheet_by_name("雅瑶社区").to_python() for cell in row]
    assert [cell for cell in cells if "◇" in str(cell)] == [f"（缺 {shift.seats}） ◇医保办 第 1 批"]
    rostering.withdraw_package(office, number)
    assert "◇" not in shift_words(board(), shift)


def test_the_workbook_names_nobody_in_clear_and_leaves_an_audit_row(book, office):  # noqa: F811
    texts = {
        str(cell) for title in book.sheet_names for row in book.get_sheet_by_name(title).to_python() for cell in row
    }
    assert not any("党员1" in words or "M001" in words for words in texts)
    with office.look(Action.VIEW_AUDIT) as tx:
        assert "export" in set(tx.trail.find(AuditQuery(), limit=3)["action"])


@pytest.fixture
def internal(office, roster, inputs, book):  # noqa: F811 - the fixtures above
    """The version for the office of the same roster."""
    data = export_clear_roster(office, roster, inputs, reason="签到用")
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def cells_of(book):
    return [
        str(cell) for title in book.sheet_names for row in book.get_sheet_by_name(title).to_python() for cell in row
    ]


def test_the_version_for_the_office_names_people_and_says_that_it_is_not_to_be_posted(internal):
    cells = [
        str(cell)
        for title in internal.sheet_names
        for row in internal.get_sheet_by_name(title).to_python()
        for cell in row
    ]
    assert any("党员1" in cell for cell in cells)
    assert "写明姓名，仅供内部使用，请勿张贴" in cells
    by_person = internal.get_sheet_by_name("按人").to_python()
    assert [row[:2] for row in by_person[1:3]] == [["党员1", "M001"], ["党员2", "M002"]]
    assert by_person[1][2].startswith("08:00–10:00 ")
    assert by_person[2][2].endswith("（备勤）")


def test_the_posted_version_has_no_sheet_by_person(book):
    assert "按人" not in book.sheet_names
    cells = [
        str(cell) for title in book.sheet_names for row in book.get_sheet_by_name(title).to_python() for cell in row
    ]
    assert "姓名已隐去，可张贴" in cells


def test_the_version_for_the_office_leaves_a_row_with_why_and_how_many(internal, office, roster):  # noqa: F811
    with office.look(Action.VIEW_AUDIT) as tx:
        rows = tx.trail.find(AuditQuery(), limit=2)
    row = rows[rows["action"] == "unmask"].iloc[0]
    assert row["object"] == f"roster:{roster}"
    assert "签到用" in row["detail"]
    assert '"people": 2' in row["detail"]


@pytest.mark.parametrize("reason", ["", "x", "13800001234"])
def test_without_a_reason_in_words_nobody_is_named(office, roster, inputs, book, reason):  # noqa: F811
    with pytest.raises(ReasonMissingError):
        export_clear_roster(office, roster, inputs, reason=reason)


def test_whoever_may_not_see_people_in_clear_gets_the_posted_version_alone(office, roster, inputs, book):  # noqa: F811
    commander = as_role(office, Role.DISTRICT_COMMANDER)
    assert export_roster(commander, roster, inputs)
    with pytest.raises(RefusedError):
        export_clear_roster(commander, roster, inputs, reason="签到用")
