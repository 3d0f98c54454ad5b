"""The strip: a cell for each shift of a week, whatever the post: so high as it has seats, filled as far as they are."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.pages.roster import actions
from dashboard.pages.roster.board import day_words, seats_sentence
from dashboard.streamlit import state
from services.i18n import _
from services.rostering import RosterBoard
from services.rostering.duty_words import hour_words
from services.rules.roster.slots import SlotFigures
from services.rules.windows import Window
from services.wording import number

STYLE = Path(__file__).with_name("slot_bars.css")
WEEK_DAYS = 7
_OFF = "off"


def shown_slot(board: RosterBoard, community: str = "") -> Window | None:
    """Return the shift that is chosen on the strip of a community, or of all of them; None for none."""
    return actions.shown_slot([slot.window for slot in board.slots.get(community, ())])


def show_slots(board: RosterBoard, community: str) -> None:
    """Show the week in which the chosen day lies, for a community or all of them; a click chooses day and shift."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    days = board.roster.dates
    place = _week_of(days)
    week = days[place * WEEK_DAYS : (place + 1) * WEEK_DAYS]
    slots = board.slots.get(community, ())
    shown = [slot for slot in slots if slot.window.start.date() in week]
    chosen = shown_slot(board, community)
    parts = [_head(slots, chosen, _weeks(days, place)), _bars(shown, chosen)]
    show_panel("roster-strip", [part("div", "gm-strip", *parts)], _press)


def _week_of(days: Sequence[date]) -> int:
    """Return in which week of a roster the chosen day lies, else today; else it is the first."""
    today = cache.context().clock().date()
    day = next((day for day in (state.saved_value(actions.DAY), today) if day in days), days[0])
    return days.index(day) // WEEK_DAYS


def _press(word: str) -> None:
    """Choose a shift (``2026-11-30T20:00/…``), the week of a day (``2026-12-07``), or neither."""
    start, _slash, end = word.partition("/")
    if end:
        actions.choose_slot(Window(datetime.fromisoformat(start), datetime.fromisoformat(end)))
        return
    actions.choose_slot(None)
    if start != _OFF:
        actions.close_shift()
        state.keep(actions.DAY, date.fromisoformat(start))


def totals_words(slots: Sequence[SlotFigures]) -> str:
    """Return what some shifts come to."""
    return _(
        "{seats} seats · {filled} taken · {open} open",
        seats=number(sum(slot.seats for slot in slots)),
        filled=number(sum(slot.filled for slot in slots)),
        open=number(sum(slot.open for slot in slots)),
    )


def _head(slots: Sequence[SlotFigures], chosen: Window | None, weeks: Sequence[Part]) -> Part:
    """Return the line above the cells: what is chosen, else everything, with the ways back and to other weeks."""
    if chosen is None:
        words = [part("b", "", _("Shift by shift")), part("span", "", totals_words(slots))]
    else:
        own = [slot for slot in slots if slot.window == chosen]
        when = f"{day_words(chosen.start.date())} {hour_words(chosen)}"
        words = [
            part("b", "", when),
            part("span", "", totals_words(own)),
            choice("gm-link", _OFF, _("Leave this shift")),
        ]
    key = part("span", "gm-strip-key", _("height: seats · solid: taken · hatched: night"))
    return part("div", "gm-strip-head", *words, *weeks, key)


def _weeks(days: Sequence[date], place: int) -> list[Part]:
    """Return the ways to the other weeks of a roster that has several."""
    firsts = days[::WEEK_DAYS]
    return [
        choice("gm-link", f"{first}", _("Week from {day}", day=f"{first:%m-%d}"))
        for week, first in enumerate(firsts)
        if week != place
    ]


def _bars(slots: Sequence[SlotFigures], chosen: Window | None) -> Part:
    most = max((slot.seats for slot in slots), default=0)
    days = []
    columns = 1
    for day, group in groupby(slots, key=lambda slot: slot.window.start.date()):
        cells = [_slot_cell(slot, most, is_chosen=slot.window == chosen) for slot in group]
        columns = max(columns, len(cells))
        name = part("span", "gm-strip-name", day_words(day))
        days.append(part("div", "gm-strip-day", part("div", "gm-strip-cells", *cells), name))
    return part("div", "gm-strip-days", *days, list="1", columns=str(columns), label=_("Shifts of the week"))


def _slot_cell(slot: SlotFigures, most: int, *, is_chosen: bool) -> Part:
    sentence = slot_sentence(slot)
    filled = part("b", "", height=f"{100 * slot.filled / slot.seats:.1f}%" if slot.seats else "0")
    bar = part("i", "", filled, height=f"{100 * slot.seats / most:.1f}%" if most else "0")
    style = "gm-slot" + " gm-night" * slot.is_night + " gm-open" * (slot.seats > 0 and not slot.filled)
    word = f"{slot.window.start.isoformat()}/{slot.window.end.isoformat()}"
    return choice(style, word, bar, label=sentence, hint=sentence, pressed="true" if is_chosen else "false")


def slot_sentence(slot: SlotFigures) -> str:
    """Return what a cell says to whoever does not see it."""
    when = f"{day_words(slot.window.start.date())} {hour_words(slot.window)}"
    sentence = seats_sentence(when, slot.filled, slot.seats)
    return sentence + _(", at night") if slot.is_night else sentence
