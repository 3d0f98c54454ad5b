"""Matters and sheets in words: time left, totals with who is missing, values of fields."""

from datetime import datetime, timedelta

from services.i18n import Text, text, translate
from services.matters.inbox import is_running
from services.matters.model import MatterView, SheetBoard, SheetLine
from services.matters.sheets import SignOutcome
from services.rules.matters.forms import FieldValue, FormField, local_name
from services.rules.matters.machine import STATE_NAMES, MatterState
from services.rules.matters.sheets import total_text
from services.rules.windows import DAY, HOUR
from services.wording import number, short_time

_MINUTE = timedelta(minutes=1)


def duration(span: timedelta) -> str:
    """Return how long something is, in days and hours, or hours and minutes."""
    if span >= DAY:
        return translate("{days} d {hours} h", days=span // DAY, hours=span % DAY // HOUR)
    if span < HOUR:
        return translate("{minutes} min", minutes=span // _MINUTE)
    return translate("{hours} h {minutes} min", hours=span // HOUR, minutes=span % HOUR // _MINUTE)


def state_text(view: MatterView) -> Text:
    """Return how far a matter is."""
    if view.is_read:
        return text("read, not confirmed")
    if view.state is MatterState.CLOSED and view.satisfied is not None:
        return text("done, satisfied") if view.satisfied else text("done, not satisfied")
    return STATE_NAMES[view.state]


def time_words(view: MatterView, now: datetime) -> str:
    """Return how much time is left, or by how much it is late; of an answer, by how much it came late if it did."""
    if view.answered_at is not None and view.answered_at > view.clock.due:
        return translate("answered {span} late", span=duration(view.answered_at - view.clock.due))
    if not is_running(view) or view.state is MatterState.ANSWERED:
        return ""
    late = view.lateness(now)
    if late > timedelta():
        return translate("late by {span}", span=duration(late))
    return translate("{span} left", span=duration(-late))


def value_words(field: FormField, value: FieldValue | None) -> str:
    """Return the value of a field for people; a dash where nobody has stated it."""
    if value is None:
        return "–"
    if field.type == "yes":
        return translate("yes") if value else translate("no")
    if field.type == "choice":
        return next((local_name(choice) for choice in field.choices if choice.code == value), str(value))
    return f"{number(value)} {field.unit}".strip() if isinstance(value, int) else value


def field_lines(view: MatterView) -> list[tuple[str, str]]:
    """Return the fields of a matter that say something, with their values."""
    return [(f.title, value_words(f, view.values[f.code])) for f in view.kind.fields if f.code in view.values]


def total_lines(board: SheetBoard) -> list[tuple[FormField, Text, Text | None]]:
    """Return the totals of signed sheets with who is missing, and where more are filled in, what it is with those."""
    missing = [board.names[code] for code in board.roll_up.lacking_final]
    lines = []
    for field in board.kind.fields:
        if not field.is_rolled_up:
            continue
        total, more = (totals.get(field.code) for totals in (board.roll_up.totals, board.roll_up.totals_complete))
        beside = None
        if more is not None and board.roll_up.unsigned:
            beside = text("with those not signed: {total}", total=number(more))
        lines.append((field, total_text(total, len(board.lines), missing), beside))
    return lines


def change_texts(board: SheetBoard) -> list[Text]:
    """Return what has changed below since the area signed."""
    titles = {field.code: field.title for field in board.kind.fields}
    return [
        text("Changed below since signing: {field} {change}", field=titles[code], change=f"{change:+,}")
        for code, change in board.changes.items()
        if code in titles
    ]


def board_words(board: SheetBoard) -> str:
    """Return of how many zones a sheet is there, and who is missing."""
    missing = "、".join(board.names[code] for code in board.roll_up.missing)
    words = translate(
        "{part}/{all} filled in, {final} signed",
        part=len(board.roll_up.complete),
        all=len(board.lines),
        final=len(board.roll_up.final),
    )
    return translate("{words}; missing: {names}", words=words, names=missing) if missing else words


def sign_text(outcome: SignOutcome) -> Text:
    """Return what came of signing."""
    return text(
        "Signed: {count} sheets now, {part}/{all} in all.",
        count=outcome.count,
        part=len(outcome.roll_up.final),
        all=len(outcome.roll_up.expected),
    )


def line_words(line: SheetLine, field: FormField) -> str:
    """Return the value of a field of a line of a board."""
    return value_words(field, line.values.get(field.code))


def due_words(due: datetime) -> str:
    """Return until when a sheet is to be filled."""
    return translate("due {time}", time=short_time(due))
