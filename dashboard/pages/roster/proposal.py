"""Who could fill the open seats: looked for in the background, told in a sentence, taken over by one step."""

from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.roster import actions
from dashboard.streamlit import state
from dashboard.streamlit.fragments import show_at_work
from dashboard.streamlit.job import QUICK_S, Job
from geo.optimise import Progress
from services import rostering
from services.i18n import _, text
from services.rostering import OPEN_REASONS, DutyProposal, RosterBoard, RosterState
from services.wording import number

SECONDS: Final = 60.0
_SEARCH: Final = "roster-search"
_FOUND: Final = "roster-found"

DutySearch = Job[DutyProposal, Progress]


def show_proposal(board: RosterBoard) -> None:
    """Show the search under way, or what was found."""
    search: DutySearch | None = state.saved_value(_SEARCH)
    if search is not None and search.wait(QUICK_S):
        _finish(search)
        search = None
    if board.roster.state is RosterState.CLOSED:
        return
    found = _found(board)
    with st.container(key="roster-proposal", gap="small"):
        if search is not None:
            show_at_work(_show_search)
        elif found is not None:
            _show_found(found)


def show_proposal_button(board: RosterBoard) -> None:
    """Show the button that looks for people, where seats are open."""
    is_busy = state.saved_value(_SEARCH) is not None or _found(board) is not None
    if board.roster.state is not RosterState.CLOSED and board.figures.open and not is_busy:
        note = _("Looks for people for all open seats at once: as many as possible, loads shared out, near home.")
        st.button(_("Propose people"), key="roster-propose", help=note, on_click=_begin, args=(board.roster.id,))


def _begin(roster_id: int) -> None:
    state.forget(_FOUND)
    context, inputs = cache.context(), cache.coverage_inputs()
    search: DutySearch = Job(
        lambda tell, is_cancelled: rostering.propose_duties(
            context, roster_id, inputs, seconds=SECONDS, is_cancelled=is_cancelled, report=tell
        )
    )
    state.keep(_SEARCH, search.start())


def _finish(search: DutySearch) -> None:
    state.forget(_SEARCH)
    with attempt(actions.NAME):
        state.keep(_FOUND, search.result())


def _found(board: RosterBoard) -> DutyProposal | None:
    """Return the proposal for the roster as it stands, None for none."""
    found: DutyProposal | None = state.saved_value(_FOUND)
    is_current = found is not None and (found.roster_id, found.revision) == (board.roster.id, board.roster.revision)
    return found if is_current else None


def _show_search() -> None:
    search: DutySearch | None = state.saved_value(_SEARCH)
    if search is None or search.is_done:
        st.rerun()
    progress = search.last_step()
    share = min(progress.seconds / SECONDS, 1.0) if progress else 0.0
    words = _("Stopping …") if search.is_cancelled else _("Looking for people")
    st.progress(share, text=plain(words))
    st.button(_("Stop and keep the best"), key="roster-stop", disabled=search.is_cancelled, on_click=search.cancel)


def _show_found(found: DutyProposal) -> None:
    show_heading(_("Proposed"), proof_words(found))
    st.markdown(plain(proposal_words(found)))
    for why, missing in found.reasons.items():
        show_note(_("{n} seats stay open: {why}", n=number(missing), why=_(OPEN_REASONS[why])))
    with st.container(horizontal=True, gap="small"):
        label = _("Put in {n} person-shifts", n=number(len(found.seatings)))
        st.button(
            label, key="roster-accept", type="primary", disabled=not found.seatings, on_click=_accept, args=(found,)
        )
        st.button(_("Dismiss"), key="roster-dismiss", type="tertiary", on_click=state.forget, args=(_FOUND,))


def _accept(found: DutyProposal) -> None:
    with attempt(actions.NAME) as tell:
        rostering.accept_duties(cache.context(), found, cache.coverage_inputs(), event_id=actions.new_event())
        state.forget(_FOUND)
        tell(text("{count} person-shifts are in the roster; ↶ takes them out again.", count=len(found.seatings)))


def proposal_words(proposal: DutyProposal) -> str:
    """Return in a sentence what a proposal comes to."""
    most = max(proposal.loads, default=0)
    return _(
        "{filled} of {seats} seats would be taken, {away} of them by people of other communities; {idle} people have"
        " no duty, nobody more than {most}.",
        filled=number(proposal.filled),
        seats=number(proposal.seats),
        away=number(proposal.away),
        idle=number(proposal.loads.get(0, 0)),
        most=most,
    )


def proof_words(proposal: DutyProposal) -> str:
    """Return how good a proposal is known to be."""
    if proposal.is_proven:
        return _("nothing better is possible")
    return _("at most {percent}% from the best", percent=f"{100 * proposal.gap:.1f}")
