"""The card of a shift: who stands in it and what can be said of them, and who could be asked, the first one first."""

import streamlit as st

from dashboard import cache
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.roster import actions
from dashboard.pages.roster.board import day_words, unit_words
from dashboard.streamlit import state
from services import rostering
from services.i18n import _
from services.rostering import GroupCandidate, RankedPerson, RosterBoard, RosterState
from services.rostering.duty_words import fit_words, hour_words
from services.rostering.group_texts import group_text
from services.rostering.package_texts import batch_words
from services.rules.roster.duties import DUTY_STATE_NAMES, LIVE, Duty, DutyState, Shift

MOST_CANDIDATES = 20
_WHOM, _PEOPLE, _GROUPS = "roster-whom", "people", "groups"

_MAY_CONFIRM = frozenset({DutyState.ASKED, DutyState.RESERVE, DutyState.ABSENT, DutyState.RELEASED})


def show_shift(board: RosterBoard) -> None:
    """Show the shift that is chosen; where none is, how to choose one."""
    shift = next((each for each in board.shifts if each.id == actions.shown_shift()), None)
    if shift is None:
        show_heading(_("Shift"))
        show_note(_("Choose a shift on the board: here stands who is in it, and who could take an open seat."))
        return
    post = board.posts[shift.post_code]
    when = f"{day_words(shift.window.start.date())} {hour_words(shift.window)}"
    show_heading(post.name, when)
    _show_people(board, shift)
    if board.roster.state is not RosterState.CLOSED:
        _show_choice(board, shift)


def _show_people(board: RosterBoard, shift: Shift) -> None:
    open_seats = board.open_seats(shift)
    said = _("{open} of {seats} seats are open", open=open_seats, seats=shift.seats)
    if board.seats_by_shift.get(shift.id, 0) > shift.seats:
        said = _("{n} more than {seats} seats", n=board.seats_by_shift[shift.id] - shift.seats, seats=shift.seats)
    rows = [
        part("p", "gm-quiet", said),
        part("p", "gm-quiet", reserve_words(board, shift)),
        *(part("p", "gm-quiet", words) for words in package_words(board, shift)),
        *(_duty_row(board, duty) for duty in board.by_shift.get(shift.id, ())),
    ]
    show_panel("roster-shift", [part("div", "gm-people", *rows)], actions.press)


def package_words(board: RosterBoard, shift: Shift) -> list[str]:
    """Return which unit has taken over a shift, which batch comes, and whether the seats are its own alone now."""
    package = board.package_of(shift)
    if package is None:
        return []
    words = [unit_words(board, shift)]
    if (batch := package.batch_at(shift.window.start)) is not None:
        words.append(_(batch_words(batch)))
    reserved = package.reserves(shift.post_code, shift.window.start, cache.context().clock())
    words.append(
        _("Until 12 hours before it begins only people of the unit can be put in.")
        if reserved
        else _("Less than 12 hours before it begins anybody can be put in.")
    )
    return words


def reserve_words(board: RosterBoard, shift: Shift) -> str:
    """Return how many should stand by in the community at the time of a shift, and how many do."""
    reserve = board.reserve(shift)
    return _(
        "{seats} seats in this community then: {wanted} to stand by, {there} do",
        seats=reserve.seats,
        wanted=reserve.enough,
        there=reserve.there,
    )


def _duty_row(board: RosterBoard, duty: Duty) -> Part:
    state_words = part("em", f"gm-step gm-{duty.state.value}", _(DUTY_STATE_NAMES[duty.state]))
    code = duty.member_code or duty.team_code or duty.unit_code
    name = part("b", "", board.who(duty))
    head = part("p", "gm-order-head", name, part("span", "gm-quiet", code), state_words)
    says = part("div", "gm-says", *_says(board, duty))
    return part("div", "gm-person", head, says, drag=f"duty:{duty.id}", drop=f"duty:{duty.id}")


def _says(board: RosterBoard, duty: Duty) -> list[Part]:
    """Return the buttons of somebody in a shift: what can be said of them next."""
    if board.roster.state is RosterState.CLOSED:
        return []
    published = board.roster.state is RosterState.PUBLISHED
    begun = duty.window.start <= cache.context().clock()
    wanted = [
        (DutyState.CONFIRMED, published and duty.state in _MAY_CONFIRM),
        (DutyState.ABSENT, published and begun and duty.state in {DutyState.CONFIRMED, DutyState.ASKED}),
        (DutyState.EXCUSED, published and duty.state in {DutyState.CONFIRMED, DutyState.ASKED}),
        (DutyState.DONE, published and begun and duty.state is DutyState.CONFIRMED),
        (DutyState.RESERVE, duty.state in {DutyState.PROPOSED, DutyState.ASKED}),
        (DutyState.PROPOSED, not published and duty.state is DutyState.RESERVE),
    ]
    says = [
        choice("gm-say", f"state:{duty_state.value}:{duty.id}", _(DUTY_STATE_NAMES[duty_state]))
        for duty_state, is_sayable in wanted
        if is_sayable
    ]
    if duty.state in LIVE:
        says.append(choice("gm-undo", f"out:{duty.id}", _("Take out")))
    return says


def _show_choice(board: RosterBoard, shift: Shift) -> None:
    """Show who could be asked: people by name, or teams and units."""
    names = {_PEOPLE: _("By name"), _GROUPS: _("Teams and units")}
    if state.saved_value(_WHOM) not in names:
        state.keep(_WHOM, _PEOPLE)
    whom = st.segmented_control(
        _("Who could be asked"), list(names), key=_WHOM, required=True, format_func=lambda each: names[each]
    )
    (_show_groups if whom == _GROUPS else _show_candidates)(board, shift)


def _show_candidates(board: RosterBoard, shift: Shift) -> None:
    with show_refusal():
        people = cache.seat_candidates(board.roster.id, shift.id, MOST_CANDIDATES)
        if not people:
            show_note(_("Nobody of this area is free then."))
            return
        rows = [_candidate_row(person, shift) for person in people]
        show_panel("roster-candidates", [part("div", "gm-people gm-candidates", *rows)], actions.press)


def _candidate_row(person: RankedPerson, shift: Shift) -> Part:
    code = person.candidate.member_code
    reasons = fit_words(person, shift.window.start)
    head = part("p", "gm-order-head", part("b", "", person.name), part("span", "gm-quiet", code))
    rules = [part("p", "gm-broken", _(breach.text)) for breach in person.candidate.breaches]
    says = [
        choice("gm-say", f"put:{shift.id}:{code}", _("Put in")),
        choice("gm-undo", f"reserve:{shift.id}:{code}", _("As a reserve")),
    ]
    lines = [head, part("p", "gm-quiet", reasons), *rules, part("div", "gm-says", *says)]
    return part("div", "gm-person", *lines, drag=f"member:{code}")


def _show_groups(board: RosterBoard, shift: Shift) -> None:
    """Show the teams and units that could give people who are not named."""
    with show_refusal():
        groups = rostering.find_groups(cache.context(), board.roster.id, shift.id, cache.coverage_inputs())
        if not groups:
            show_note(_("No team is at home in this area, and no unit belongs to this community."))
            return
        rows = [_group_row(group, shift, board.open_seats(shift)) for group in groups]
        show_panel("roster-groups", [part("div", "gm-people gm-candidates", *rows)], actions.press)


def _group_row(group: GroupCandidate, shift: Shift, open_seats: int) -> Part:
    kind = group.layer.value.removesuffix("s")
    head = part("p", "gm-order-head", part("b", "", group.name), part("span", "gm-quiet", group.code))
    numbers = [] if group.order_id else sorted({1, group.most(open_seats)}, reverse=True)
    says = [choice("gm-say", f"{kind}:{shift.id}:{group.code}:{n}", _("Put in {n} people", n=n)) for n in numbers]
    lines = [head, part("p", "gm-quiet", group_text(group)), part("div", "gm-says", *says)]
    return part("div", "gm-person", *lines, **({} if group.order_id else {"drag": f"{kind}:{group.code}"}))
