"""A roster on paper: a sheet for each community, posts and hours down, days across, names masked."""

from collections import defaultdict
from datetime import date, datetime

import pandas as pd

from services.accounts import read_imprint
from services.catalog.actions import Action
from services.clock import time_with_zone
from services.context import Context
from services.coverage import CoverageInputs
from services.export.facts import holds_demo, imprint_rows, record_export
from services.export.tables import sheet_title, write_xlsx
from services.i18n import translate
from services.rostering import ROSTER_STATE_NAMES, RosterBoard, community_names, read_board
from services.rules.roster.duties import FILLING, DutyState, Shift
from services.rules.windows import MODE_NAMES
from services.wording import MARK, day_name, full_window


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
    fictitious = holds_demo(context, Action.EXPORT)
    board = read_board(context, roster_id, inputs)
    record_export(context, f"roster:{roster_id}", shifts=len(board.shifts))
    made_at = context.clock()
    facts = [
        (translate("Classification"), translate(MARK)),
        *((translate(label), said) for label, said in imprint_rows(read_imprint(context))),
        (translate("Roster"), board.roster.name),
        (translate("Period"), full_window(board.roster.period)),
        (translate("Mode"), translate(MODE_NAMES[board.roster.mode])),
        (translate("State"), translate(ROSTER_STATE_NAMES[board.roster.state])),
        (translate("Made at"), time_with_zone(made_at)),
    ]
    return write_xlsx(roster_sheets(board, inputs), facts, made_at=made_at, fictitious=fictitious)


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
    return "".join(parts)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"
