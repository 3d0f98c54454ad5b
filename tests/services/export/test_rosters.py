"""The roster on paper."""

import io

import pytest
from python_calamine import CalamineWorkbook

from services import rostering
from services.catalog.actions import Action
from services.context import AuditQuery
from services.export.rosters import export_roster, shift_words
from services.rostering import Seating
from services.rules.roster.duties import DutyState
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


def test_the_workbook_names_nobody_in_clear_and_leaves_an_audit_row(book, office):  # noqa: F811
    texts = {
        str(cell) for title in book.sheet_names for row in book.get_sheet_by_name(title).to_python() for cell in row
    }
    assert not any("党员1" in words or "M001" in words for words in texts)
    with office.look(Action.VIEW_AUDIT) as tx:
        assert "export" in set(tx.trail.find(AuditQuery(), limit=3)["action"])
