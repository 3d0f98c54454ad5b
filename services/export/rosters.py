"""A roster on paper: a sheet for each community, posts and hours down, days across, names masked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

import pandas as pd

from services.accounts import read_imprint
from services.catalog.actions import Action
from services.clock import time_with_zone
from services.context import Context, Work
from services.coverage import CoverageInputs
from services.export.facts import holds_demo, imprint_rows, record_export
from services.export.tables import sheet_title, write_xlsx
from services.i18n import Text, text, translate
from services.manual_assignment import codes_inside
from services.people import ReasonMissingError
from services.people.limits import refusal_kept, require_room
from services.rostering import ROSTER_STATE_NAMES, RosterBoard, community_names, read_board
from services.rules.privacy import clean_reason, is_reason
from services.rules.roster.duties import FILLING, DutyState, Shift
from services.rules.windows import MODE_NAMES
from services.use_cases import use_case
from services.wording import MARK, day_name, full_window

_POSTED: Final = text("masked, to be posted")
_INTERNAL: Final = text("in clear, for the office alone: do not post it")


def export_roster(context: Context, roster_id: int, inputs: CoverageInputs) -> bytes:
    """Return a roster as a workbook to print and post, in the current language; the audit trail notes it.

    Names are masked (张**) and there is no telephone number; open seats stand as （缺2）, reserves with what they are.

    Raises
    ------
    RefusedError
        If the actor's role does not allow exports.
    UnknownRosterError, OutsideAreaError
        If there is no such roster, or it is of another area.
    TooManyRowsError
        If a community has more shifts than a sheet has rows.
    """
    context.scope(Action.EXPORT)
    board = read_board(context, roster_id, inputs)
    record_export(context, f"roster:{roster_id}", shifts=len(board.shifts))
    return _write(context, board, roster_sheets(board, inputs), _POSTED)


def export_clear_roster(context: Context, roster_id: int, inputs: CoverageInputs, *, reason: str) -> bytes:
    """Return a roster with the names of the own area in clear, for the office alone, and a sheet by person.

    The audit trail keeps who asked, why, and how many people were named.

    Raises
    ------
    RefusedError
        If the actor's role does not allow exports, or to see people in clear.
    ReasonMissingError
        If no reason is given in words.
    LookLimitError
        If the actor has seen too many in clear within the hour.
    UnknownRosterError, OutsideAreaError
        If there is no such roster, or it is of another area.
    """
    context.scope(Action.UNMASK)
    board = read_board(context, roster_id, inputs)
    codes = sorted({each.member_code for each in board.duties} - {""})
    with refusal_kept(context, Action.UNMASK):
        clear = _read_clear_names(context, roster_id, codes, reason)
    record_export(context, f"roster:{roster_id}", shifts=len(board.shifts))
    named = replace(board, names={**board.names, **clear})
    sheets = roster_sheets(named, inputs)
    by_person = {sheet_title(translate("By person"), sheets): _by_person(named, clear)} if clear else {}
    return _write(context, named, sheets | by_person, _INTERNAL)


@use_case(Action.UNMASK, "roster:{roster_id}")
def _read_clear_names(work: Work, roster_id: int, codes: Sequence[str], reason: str) -> dict[str, str]:
    """Return the names of those of some members who belong to the actor's area.

    Raises
    ------
    ReasonMissingError
        If no reason is given in words.
    """
    require_room(work)
    own = codes_inside(work.tx, work.scope, codes)
    names = {str(code): str(name) for code, name in work.tx.people.read(own)["name"].items()}
    kept = clean_reason(reason, codes={name: code for code, name in names.items()})
    if not is_reason(kept):
        raise ReasonMissingError
    work.note(reason=kept, people=len(names))
    return names


def _write(context: Context, board: RosterBoard, sheets: Mapping[str, pd.DataFrame], version: Text) -> bytes:
    made_at = context.clock()
    facts = [
        (translate("Classification"), translate(MARK)),
        *((translate(label), said) for label, said in imprint_rows(read_imprint(context))),
        (translate("Roster"), board.roster.name),
        (translate("Period"), full_window(board.roster.period)),
        (translate("Mode"), translate(MODE_NAMES[board.roster.mode])),
        (translate("State"), translate(ROSTER_STATE_NAMES[board.roster.state])),
        (translate("Names"), translate(version)),
        (translate("Made at"), time_with_zone(made_at)),
    ]
    return write_xlsx(sheets, facts, made_at=made_at, fictitious=holds_demo(context, Action.EXPORT))


def _by_person(board: RosterBoard, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a row for each person who is named, a column for a day; indexed by name, cells are texts."""
    cells: dict[str, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for duty in sorted(board.duties, key=lambda each: each.window):
        if duty.member_code in names and (duty.fills or duty.state is DutyState.RESERVE):
            words = f"{_clock(duty.window.start)}–{_clock(duty.window.end)} {board.posts[duty.post_code].name}"
            words += translate("(reserve)") if duty.state is DutyState.RESERVE else ""
            cells[duty.member_code][duty.window.start.date()].append(words)
    codes = sorted(cells, key=lambda code: (names[code], code))
    columns = {
        f"{day:%m-%d} {day_name(day)}": ["；".join(cells[code][day]) for code in codes] for day in board.roster.dates
    }
    index = pd.Index([names[code] for code in codes], name=translate("Full name"))
    return pd.DataFrame({translate("Code"): codes, **columns}, index=index, dtype="str")


def roster_sheets(board: RosterBoard, inputs: CoverageInputs) -> dict[str, pd.DataFrame]:
    """Return a table for each community by the title of its sheet: a row for each post and hours, a column for a day.

    Indexed by post; cells are texts.
    """
    names = community_names(board, inputs)
    by_community: dict[str, list[Shift]] = defaultdict(list)
    for shift in board.shifts:
        if shift.post_code in board.posts:
            by_community[board.posts[shift.post_code].community_code].append(shift)
    sheets: dict[str, pd.DataFrame] = {}
    for code in sorted(by_community, key=lambda each: (names.get(each, each), each)):
        sheets[sheet_title(names.get(code, code), sheets)] = _table(board, by_community[code])
    return sheets


def _table(board: RosterBoard, shifts: list[Shift]) -> pd.DataFrame:
    rows: dict[tuple[str, str, str], dict[date, str]] = defaultdict(dict)
    for shift in shifts:
        post = board.posts[shift.post_code]
        hours = f"{_clock(shift.window.start)}–{_clock(shift.window.end)}"
        rows[post.name, post.code, hours][shift.window.start.date()] = shift_words(board, shift)
    days = sorted({day for cells in rows.values() for day in cells})
    heads = {day: f"{day:%m-%d} {day_name(day)}" for day in days}
    ordered = sorted(rows)
    return pd.DataFrame(
        {
            translate("Time of the shift"): [hours for _name, _code, hours in ordered],
            **{heads[day]: [rows[key].get(day, "") for key in ordered] for day in days},
        },
        index=pd.Index([name for name, _code, _hours in ordered], name=translate("Post")),
        dtype="str",
    )


def shift_words(board: RosterBoard, shift: Shift) -> str:
    """Return who is in a shift and what is open, as one cell says it."""
    duties = board.by_shift.get(shift.id, ())
    filling = [board.who(duty) for duty in duties if duty.state in FILLING]
    reserves = [board.who(duty) for duty in duties if duty.state is DutyState.RESERVE]
    parts = ["、".join(filling)]
    if open_seats := board.open_seats(shift):
        parts.append(translate("({n} open)", n=open_seats))
    if reserves:
        parts.append(translate("(reserve {names})", names="、".join(reserves)))
    return " ".join(filter(None, ("".join(parts), package_mark(board, shift))))


def package_mark(board: RosterBoard, shift: Shift) -> str:
    """Return which unit has taken over a shift, and which batch of it comes; nothing where none has."""
    package = board.package_of(shift)
    if package is None:
        return ""
    unit = board.units.get(package.unit_code, package.unit_code)
    batch = package.batch_at(shift.window.start)
    if batch is None:
        return f"◇{unit}"
    return translate("◇{unit}, batch {number}", unit=unit, number=batch.number)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"
