"""Duties as a calendar (.ics) to take into a telephone or an office calendar: instants in UTC, nobody's name.

Who takes a later file in gets what changed: an entry is known by its number in this store, and its sequence grows with
the roster. What was taken out comes as cancelled.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from icalendar import STATUS, Calendar, Event

from services.catalog.actions import Action
from services.clock import utc_of
from services.context import Context
from services.coverage import CoverageInputs
from services.export.facts import record_export
from services.i18n import translate
from services.rostering import PlacedDuty, RosterBoard, read_board, read_member_duties, read_unit_duties
from services.rules.roster.duties import FILLING, DutyState, Shift
from services.rules.windows import Window

ICS_TYPE: Final = "text/calendar; charset=utf-8"
_MAKER: Final = "-//gridmuster//roster//ZH"
_SURE: Final = frozenset({DutyState.CONFIRMED, DutyState.DONE})


def export_calendar(
    context: Context, roster_id: int, inputs: CoverageInputs, *, unit_code: str = "", member_code: str = ""
) -> bytes:
    """Return a roster as a calendar in the current language: the duties of a unit or a member, else all its shifts.

    The audit trail notes it. The same roster gives the same bytes.

    Raises
    ------
    RefusedError
        If the actor's role does not allow exports, or does not allow to look at people where a member is asked for.
    UnknownRosterError, UnknownGroupError, UnknownMemberError, OutsideAreaError
        If there is no such roster, unit or member, or not in the actor's area.
    """
    with context.look(Action.EXPORT) as tx:
        store = tx.sealed.hash_words("calendar", "store")[:16]
    board = read_board(context, roster_id, inputs)
    if member_code:
        events = _duty_events(read_member_duties(context, member_code, roster_id), store)
    elif unit_code:
        events = _duty_events(read_unit_duties(context, unit_code, roster_id), store)
    else:
        events = [_shift_event(board, shift, store) for shift in board.shifts if shift.seats]
    record_export(context, member_code or f"roster:{roster_id}", **_counts(unit_code, len(events)))
    name = f"{board.roster.name} {unit_code}".strip()
    uid = f"roster-{roster_id}@{store}"
    made = Calendar.new(uid=uid, name=name, prodid=_MAKER, method="PUBLISH", subcomponents=events)
    return bytes(made.to_ical())


def _counts(unit_code: str, events: int) -> dict[str, str | int]:
    return ({"unit": unit_code} if unit_code else {}) | {"events": events}


def _duty_events(duties: Iterable[PlacedDuty], store: str) -> list[Event]:
    return [_duty_event(each, store) for each in duties]


def _duty_event(placed: PlacedDuty, store: str) -> Event:
    duty = placed.duty
    words = [placed.post_name]
    if not duty.member_code:
        words.append(translate("{n} people", n=duty.heads))
    if duty.state is DutyState.RESERVE:
        words.append(translate("(reserve)"))
    return _event(
        f"duty-{duty.id}@{store}",
        " ".join(words),
        duty.window,
        _status(duty.state),
        place=placed.place,
        revision=placed.revision,
        changed_at=placed.changed_at,
    )


def _shift_event(board: RosterBoard, shift: Shift, store: str) -> Event:
    post, roster = board.posts[shift.post_code], board.roster
    taken, open_seats = board.seats_by_shift.get(shift.id, 0), board.open_seats(shift)
    words = f"{post.name} {taken}/{shift.seats}"
    if open_seats:
        words += translate("({n} open)", n=open_seats)
    return _event(
        f"shift-{shift.id}@{store}",
        words,
        shift.window,
        STATUS.CONFIRMED if roster.published_at else STATUS.TENTATIVE,
        place=post.place,
        revision=roster.revision,
        changed_at=roster.changed_at,
    )


def _event(
    uid: str, summary: str, window: Window, status: STATUS, *, place: str, revision: int, changed_at: datetime
) -> Event:
    return Event.new(
        uid=uid,
        summary=summary,
        start=_instant(window.start),
        end=_instant(window.end),
        stamp=_instant(changed_at),
        sequence=revision,
        status=status,
        location=place or None,
    )


def _status(state: DutyState) -> STATUS:
    if state in _SURE:
        return STATUS.CONFIRMED
    return STATUS.TENTATIVE if state in FILLING or state is DutyState.RESERVE else STATUS.CANCELLED


def _instant(moment: datetime) -> datetime:
    """Return a local time of the district as an instant, to the second."""
    return utc_of(moment).replace(microsecond=0, tzinfo=UTC)
