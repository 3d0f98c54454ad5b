"""Packages (承包) on the page 值守: which units hold seats of the roster, and whom they named put into them."""

from typing import Final
from uuid import uuid4

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.roster import actions
from dashboard.streamlit import session, state
from dashboard.streamlit.fragments import keep_language
from services import rostering
from services.catalog.actions import Action
from services.i18n import Text, _, text
from services.rostering import BatchSeating, PackageView, Roster, RosterBoard, RosterState
from services.rostering.package_texts import batch_words, day_words, package_notes, post_words
from services.rules.roster.packages import PACKAGE_STATE_NAMES

_OPEN: Final = "roster-packages"


def show_package_button(board: RosterBoard) -> None:
    """Show what opens the packages of a roster, to those who see packages, where there are any."""
    count = len(_numbers_of(board))
    if count and session.can(Action.VIEW_PACKAGES):
        st.button(
            _("Packages ({n})…", n=count),
            key="roster-packages-button",
            help=_("Posts and hours that units take over"),
            on_click=_open,
        )


def show_packages() -> None:
    """Show the dialog of packages where it is open and nothing else is asked."""
    roster_id = actions.shown_roster()
    if roster_id is not None and state.saved_value(_OPEN) and actions.question() is None:
        board = cache.roster_board(roster_id)
        st.dialog(_("Packages of units"), width="large", on_dismiss=_close)(keep_language(_draw))(board)


def _open() -> None:
    state.keep(_OPEN, value=True)


def _close() -> None:
    state.forget(_OPEN)


def _numbers_of(board: RosterBoard) -> set[int]:
    """Return the numbers of the packages that hold posts of a roster."""
    return {package.id for package in board.packages if any(post.post_code in board.posts for post in package.posts)}


def _draw(board: RosterBoard) -> None:
    numbers, roster = _numbers_of(board), board.roster
    for view in (view for view in cache.packages() if view.package.id in numbers):
        show_heading(f"◇ {view.unit} · {view.community}", _(PACKAGE_STATE_NAMES[view.state]))
        show_note(f"{day_words(view)}：{'；'.join(post_words(view))}")
        for note in package_notes(view):
            show_note(_(note))
        for batch in view.package.batches:
            show_note(_(batch_words(batch)))
        if roster.state is not RosterState.CLOSED:
            _show_seating(roster, view)


def _show_seating(roster: Roster, view: PackageView) -> None:
    """Offer to put whom the unit named into the open seats."""
    if not any(batch.members for batch in view.package.batches):
        show_note(_("The unit has named nobody yet, on the page Packages."))
        return
    if st.button(_("Put in whom the unit named"), key=f"package-seat-{view.package.id}"):
        _close()
        _seat(roster.id, view.package.id)
        st.rerun()


def _seat(roster_id: int, number: int) -> None:
    with attempt(actions.NAME) as tell:
        found = rostering.seat_batches(
            cache.context(), roster_id, number, cache.coverage_inputs(), event_id=uuid4().hex
        )
        if found is not None:
            tell(seating_text(found))


def seating_text(seating: BatchSeating) -> Text:
    """Return what became of the seats of a package, with the first who is elsewhere then."""
    said = text(
        "{n} person-shifts are taken by people of the batches, {open} stay open", n=seating.seated, open=seating.open
    )
    if not seating.elsewhere:
        return said
    member, breach = next(iter(seating.elsewhere.items()))
    return text("{said}. {member}: {why}", said=said, member=member, why=breach.text)
