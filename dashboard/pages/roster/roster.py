"""值守: the roster of a period: its shifts, who stands in them, what is open, and who could be asked."""

from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.outcome import show_outcome
from dashboard.kit.widgets import Tile, TileNote, show_figures, show_heading, show_note
from dashboard.kit.words import tell_apart
from dashboard.live.live_reload import version_shown, watch_changes
from dashboard.pages.roster import actions
from dashboard.pages.roster.board import day_words, show_board, show_communities, show_communities_by_shift
from dashboard.pages.roster.chain import show_chain, show_chain_button
from dashboard.pages.roster.dialogs import (
    open_close,
    open_confirmation,
    open_generation,
    open_internal_sheet,
    open_new,
    open_publication,
    show_question,
)
from dashboard.pages.roster.map import show_roster_map
from dashboard.pages.roster.packages import show_package_button, show_packages
from dashboard.pages.roster.proposal import show_proposal, show_proposal_button
from dashboard.pages.roster.shift_card import show_shift
from dashboard.pages.roster.slot_bars import show_slots, shown_slot
from dashboard.streamlit import session, state
from dashboard.web.routes import XLSX_TYPE, issue_download
from services.catalog.actions import Action
from services.export.calendars import ICS_TYPE, export_calendar
from services.export.file_names import file_name
from services.export.rosters import export_roster
from services.i18n import _, text
from services.rostering import ROSTER_STATE_NAMES, Roster, RosterBoard, RosterState, community_names
from services.rules.windows import MODE_NAMES
from services.wording import number

STYLE = Path(__file__).with_name("roster.css")


def main() -> None:
    """Draw the page."""
    shown = version_shown()
    if not is_ready(STYLE):
        return
    rosters = cache.rosters()
    _show_bar(rosters)
    show_outcome(actions.NAME)
    show_question()
    show_chain()
    show_packages()
    roster_id = actions.shown_roster()
    if roster_id in {roster.id for roster in rosters} and roster_id is not None:
        _show_roster(cache.roster_board(roster_id))
    else:
        _show_beginning(has_rosters=bool(rosters))
    watch_changes(shown)


def _show_bar(rosters: list[Roster]) -> None:
    """Show which roster is open and what can be done to it."""
    names = tell_apart({roster.id: roster_words(roster) for roster in rosters})
    opened = actions.shown_roster()
    state.preset(actions.CHOICE, opened if opened in names else None)
    with st.container(horizontal=True, key="rosterbar", gap="small", vertical_alignment="bottom"):
        show_name_choice(
            _("Duty roster"),
            names,
            key=actions.CHOICE,
            placeholder=_("Choose a roster") if names else _("There is no roster yet"),
            on_choose=actions.open_chosen,
            label_visibility="collapsed",
            width=400,
        )
        st.button(_("New roster…"), key="roster-new", on_click=open_new)
        roster = next((each for each in rosters if each.id == actions.shown_roster()), None)
        if roster is not None:
            _show_steps(roster)


def _show_steps(roster: Roster) -> None:
    st.button(_("Generate shifts…"), key="roster-generate", on_click=open_generation)
    if roster.state is RosterState.DRAFT:
        st.button(_("Publish…"), key="roster-publish", type="primary", on_click=open_publication)
    else:
        st.button(_("Confirm…"), key="roster-confirm", on_click=open_confirmation)
        st.button(_("Close…"), key="roster-close", on_click=open_close)
    st.button("↶", key="roster-undo", help=_("Undo"), disabled=not roster.undoable, on_click=actions.step_back)
    st.button("↷", key="roster-redo", help=_("Redo"), disabled=not roster.redoable, on_click=actions.step_on)


def roster_words(roster: Roster) -> str:
    """Return a roster in a line: name, days, and how it stands."""
    days = f"{roster.dates[0]:%m-%d} – {roster.dates[-1]:%m-%d}"
    return f"{roster.name} · {days} · {_(ROSTER_STATE_NAMES[roster.state])}"


def _show_beginning(*, has_rosters: bool) -> None:
    show_heading(_("Who stands where, and when"))
    show_note(
        _(
            "A roster holds the posts of an area for some days: shifts follow from need, people are put into their"
            " seats, and once it is published it is noted who has confirmed."
        )
    )
    if has_rosters:
        show_note(_("Choose a roster above, or make another one with “New roster…”."))
    else:
        show_note(_("Begin with “New roster…”."))


def _show_roster(board: RosterBoard) -> None:
    figures = board.figures
    empty = (TileNote(_("{n} shifts without anybody", n=number(figures.empty))),) if figures.empty else ()
    show_figures(
        [
            Tile(
                _("Seats taken"),
                number(figures.filled),
                _("person-shifts"),
                (TileNote(_("of {seats}", seats=number(figures.seats))),),
            ),
            Tile(
                _("Open seats"),
                number(figures.open),
                _("{n} by night", n=number(figures.open_by_night)),
                empty,
            ),
            Tile(_("To be confirmed"), number(figures.to_confirm), _("person-shifts")),
            Tile(_("Reserve"), number(figures.reserves), _("person-shifts")),
        ]
    )
    if board.left_out:
        show_note(
            _(
                "{n} shifts at posts no longer in use are left out; “Generate shifts…” makes them anew.",
                n=number(board.left_out),
            )
        )
    if not board.shifts:
        show_note(_("There are no shifts yet. “Generate shifts…” makes them from need; nobody has to be named for it."))
        return
    show_proposal(board)
    communities = community_names(board, cache.coverage_inputs())
    show_slots(board, _chosen_community(communities))
    left, right = st.columns([5, 2], gap="medium")
    with left:
        _show_left(board)
    with right:
        if actions.shown_shift() is None:
            show_roster_map(board, communities, _chosen_community(communities))
        show_shift(board)


def _show_left(board: RosterBoard) -> None:
    communities = community_names(board, cache.coverage_inputs())
    with st.container(horizontal=True, key="roster-pickers", vertical_alignment="bottom"):
        if len(communities) > 1:
            if state.saved_value(actions.COMMUNITY) not in communities:
                state.keep(actions.COMMUNITY, None)
            show_name_choice(
                _("Community"),
                tell_apart(communities),
                key=actions.COMMUNITY,
                placeholder=_("Every community"),
                on_choose=actions.close_shift,
                width=220,
            )
        community = _chosen_community(communities)
        day = _show_days(board.roster) if community else None
        show_proposal_button(board)
        _show_sheet(board.roster)
        show_chain_button()
        show_package_button(board)
    mode = _(MODE_NAMES[board.roster.mode])
    if community and day:
        show_heading(communities[community], f"{day_words(day)} · {mode}")
        show_board(board, community, day, shown_slot(board, community))
    elif (slot := shown_slot(board)) is not None:
        show_heading(_("Seats taken by community and shift"), f"{day_words(slot.start.date())} · {mode}")
        show_communities_by_shift(board, communities, slot)
    else:
        show_heading(_("Seats taken by community and day"), mode)
        show_communities(board, communities)


def _show_sheet(roster: Roster) -> None:
    """Show the ways to the workbook to print and to the calendar, to those who may export."""
    if session.can(Action.EXPORT):
        name = file_name(roster.period.start, ".xlsx", cache.own_area_name() or "", text("Roster"), has_hour=False)
        make = partial(make_sheet, roster.id)
        st.link_button(_("Sheet to print (XLSX)"), issue_download(name, XLSX_TYPE, make))
        if session.can(Action.UNMASK):
            st.button(_("For the office…"), key="roster-internal", on_click=open_internal_sheet)
        name = file_name(roster.period.start, ".ics", cache.own_area_name() or "", text("Roster"), has_hour=False)
        st.link_button(_("Calendar (ICS)"), issue_download(name, ICS_TYPE, partial(make_calendar, roster.id)))


def make_sheet(roster_id: int) -> bytes:
    """Return the workbook of a roster, as whoever is at the page may have it."""
    return export_roster(cache.context(), roster_id, cache.coverage_inputs())


def make_calendar(roster_id: int) -> bytes:
    """Return the shifts of a roster as a calendar, as whoever is at the page may have it."""
    return export_calendar(cache.context(), roster_id, cache.coverage_inputs())


def _chosen_community(communities: dict[str, str]) -> str:
    if len(communities) == 1:
        return next(iter(communities))
    chosen = state.saved_value(actions.COMMUNITY)
    return chosen if chosen in communities else ""


def _show_days(roster: Roster) -> date:
    days = roster.dates
    if state.saved_value(actions.DAY) not in days:
        today = cache.context().clock().date()
        state.keep(actions.DAY, today if today in days else days[0])
    st.segmented_control(
        _("Day"),
        days,
        key=actions.DAY,
        required=True,
        format_func=day_words,
        on_change=actions.close_shift,
    )
    chosen: date = state.saved_value(actions.DAY)
    return chosen


main()
