"""The seats of a package shift by shift: who of the unit stands in one, and who else could."""

from collections.abc import Collection
from datetime import date
from uuid import uuid4

import streamlit as st

from dashboard import cache
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.outcome import attempt, show_refusal
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.packages import actions
from dashboard.streamlit import session, state
from services import rostering
from services.catalog.actions import Action
from services.i18n import _, text
from services.rostering import PackageSeats, PackageShift, PackageView, RankedPerson
from services.rostering.duty_words import duty_text, fit_words, hour_words
from services.rostering.package_texts import split_names
from services.rules.roster.duties import DUTY_STATE_NAMES, Duty
from services.wording import day_name, number

_DAY, _SHIFT = "package-seats-day", "package-seats-shift"
_NAMES, _REASON = "package-seats-names", "package-seats-reason"


def show_seats(view: PackageView) -> None:
    """Show the shifts of a day of a package, and the one that is chosen with its people."""
    seats = rostering.read_package_seats(cache.context(), view.package.id)
    if not seats.shifts:
        return
    own = sum(duty.fills for each in seats.shifts for duty in each.own)
    show_heading(_("Seats shift by shift"), _("{n} seats taken by people of the unit", n=number(own)))
    day = _choose_day(sorted({each.shift.window.start.date() for each in seats.shifts}))
    here = [each for each in seats.shifts if each.shift.window.start.date() == day]
    several = len(view.package.posts) > 1
    chips = [_chip(each, view.posts[each.shift.post_code] if several else "") for each in here]
    show_panel("package-shifts", [part("div", "gm-shifts", *chips)], lambda word: state.keep(_SHIFT, int(word)))
    chosen = next((each for each in here if each.shift.id == state.saved_value(_SHIFT)), None)
    if chosen is None:
        show_note(_("Choose a shift: here stands who of the unit is in it, and who could take an open seat."))
    else:
        _show_shift(view, seats, chosen)


def _choose_day(days: list[date]) -> date:
    """Show the days of the package; return the one that is chosen, at first today or the first that is to come."""
    today = cache.context().clock().date()
    if state.saved_value(_DAY) not in days:
        state.keep(_DAY, next((day for day in days if day >= today), days[-1]))
    st.pills(
        _("Day"),
        days,
        key=_DAY,
        required=True,
        format_func=lambda day: f"{day:%m-%d} {day_name(day)}",
        label_visibility="collapsed",
    )
    chosen: date = state.saved_value(_DAY)
    return chosen


def _chip(each: PackageShift, post: str) -> Part:
    shift = each.shift
    hours = f"{post} {hour_words(shift.window)}".strip()
    tone = "gm-full" if each.filled >= shift.seats else "gm-short"
    is_shown = state.saved_value(_SHIFT) == shift.id
    count = part("em", "", f"{each.filled}/{shift.seats}")
    label = _("{when}: {n} of {seats} seats taken", when=hours, n=each.filled, seats=shift.seats)
    return choice(
        f"gm-shift {tone}",
        str(shift.id),
        part("span", "", hours),
        count,
        label=label,
        pressed="true" if is_shown else "false",
    )


def _show_shift(view: PackageView, seats: PackageSeats, each: PackageShift) -> None:
    may_change = each.is_open and session.can(Action.ANSWER_PACKAGE)
    names = {view.package.unit_code: view.unit}
    rows = [_own_row(each, duty, seats, names, may_change=may_change) for duty in each.own]
    others = each.filled - sum(duty.fills for duty in each.own)
    if others:
        rows.append(part("p", "gm-quiet", _("{n} seats are taken by others", n=number(others))))
    if not rows:
        rows.append(part("p", "gm-quiet", _("Nobody of the unit is in this shift.")))
    show_panel("package-seated", [part("div", "gm-people", *rows)], lambda word: _take_out(view.package.id, word))
    if not may_change:
        show_note(_("It has begun or was given back: nothing can be changed here."))
    elif each.filled < each.shift.seats:
        _show_candidates(view, each)


def _own_row(each: PackageShift, duty: Duty, seats: PackageSeats, units: dict[str, str], *, may_change: bool) -> Part:
    groups = {duty.group: units.get(duty.group[1], duty.group[1])} if duty.group else {}
    step = part("em", f"gm-step gm-{duty.state.value}", _(DUTY_STATE_NAMES[duty.state]))
    name = part("b", "", duty_text(duty, seats.names, groups))
    cells = [name, part("span", "gm-quiet", duty.member_code), step]
    if may_change:
        cells.append(choice("gm-say", f"{each.shift.id}:{duty.id}", _("Take out")))
    return part("div", "gm-person", part("div", "gm-order-head gm-says", *cells))


def _show_candidates(view: PackageView, each: PackageShift) -> None:
    """Show whom the unit named for its batches, and where others of it are typed."""
    package, shift = view.package, each.shift
    with show_refusal():
        people = rostering.find_batch_candidates(cache.context(), package.id, shift.id, cache.package_inputs())
        rows = [_candidate_row(person, each) for person in people]
        if rows:
            show_panel(
                "package-candidates",
                [part("div", "gm-people gm-candidates", *rows)],
                lambda code: _put_in(package.id, shift.id, [code]),
            )
        else:
            show_note(_("Nobody who was named for a batch is free then; type others of the unit."))
    with st.container(horizontal=True, key="package-seats-typed", gap="small", vertical_alignment="bottom"):
        st.text_input(_("Others of the unit: name in full, or code"), key=f"{_NAMES}-{shift.id}", max_chars=200)
        st.text_input(_("Why, where a rule is set aside"), key=_REASON, max_chars=120)
        st.button(_("Put in"), key="package-seat-put", on_click=_put_typed, args=(package.id, shift.id))


def _candidate_row(person: RankedPerson, each: PackageShift) -> Part:
    code = person.candidate.member_code
    head = part("p", "gm-order-head", part("b", "", person.name), part("span", "gm-quiet", code))
    rules = [part("p", "gm-broken", _(breach.text)) for breach in person.candidate.breaches]
    fit = part("p", "gm-quiet", fit_words(person, each.shift.window.start))
    says = part("div", "gm-says", choice("gm-say", code, _("Put in"), label=f"{_('Put in')} {person.name} {code}"))
    return part("div", "gm-person", head, fit, *rules, says)


def _put_typed(number_: int, shift_id: int) -> None:
    names = split_names(str(state.widget_value(f"{_NAMES}-{shift_id}") or ""))
    if names:
        _put_in(number_, shift_id, names)


def _put_in(package_id: int, shift_id: int, names: Collection[str]) -> None:
    reason = str(state.widget_value(_REASON) or "")
    with attempt(actions.NAME) as tell:
        rostering.seat_unit_members(
            cache.context(),
            package_id,
            shift_id,
            names,
            cache.package_inputs(),
            event_id=uuid4().hex,
            reason=reason,
        )
        tell(text("{n} people are put into the shift.", n=len(names)))


def _take_out(package_id: int, word: str) -> None:
    shift_id, duty_id = map(int, word.split(":"))
    with attempt(actions.NAME) as tell:
        rostering.take_out_unit_duty(cache.context(), package_id, shift_id, duty_id, event_id=uuid4().hex)
        tell(text("Taken out of the shift."))
