"""What the solver proposes: looked for in the background, shown as a list, taken as a whole or in part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.pager import show_pages, to_first_page
from dashboard.kit.widgets import plain, show_facts, show_heading, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.joint_windows import accept_joint, joint_windows, plans_of, show_joint, windows_fault
from dashboard.pages.planning.moves import move_words
from dashboard.pages.planning.page_state import PlanningView
from dashboard.pages.planning.price_curve import show_price_curve
from dashboard.pages.planning.search import Search, joint_search_for, search_for
from dashboard.streamlit import state
from dashboard.streamlit.fragments import show_at_work
from dashboard.streamlit.job import QUICK_S
from geo.optimise import StopReason
from services import planning
from services.i18n import _, text
from services.planning import WINDOWS_SECONDS, JointProposal, Move, Plan, PlanFigures, PlanProposal, plan_with
from services.planning.worklist import IdleTeams, Worklist
from services.rules.rounding import round_gap, shown_text
from services.wording import number

SECONDS: Final = 20.0
_SEARCH: Final = "reinforce-search"
_ASKED: Final = "reinforce-asked"
_SECONDS: Final = "reinforce-seconds"
_FOUND: Final = "reinforce-found"
_ALL_ARCS: Final = "proposal-all-arcs"
MOST_ARCS: Final = 10
"""So many moves are drawn on the map before all of them are asked for."""
_MOST_OPEN: Final = 12

ENDED_NAMES: Final = {
    StopReason.PROVEN: text("proven: no plan is better"),
    StopReason.TIME_LIMIT: text("best plan within the time limit"),
    StopReason.CANCELLED: text("stopped: best plan so far"),
    StopReason.NOTHING_TO_DO: text("nothing to do: nobody is missing, or no team may go there"),
}


@dataclass(frozen=True, slots=True)
class ProposalResult:
    """A proposal, and what it is for: another window, mode or state of the data makes it void."""

    proposal: PlanProposal
    plan: Plan
    """For which it was looked for: pinned moves and settings."""
    key: tuple[object, ...]
    idle: IdleTeams
    """Why the other teams stay at home when all of it is accepted."""
    joint: JointProposal | None = None
    """What is proposed for several windows, of which this is one."""


def key_of(planning_view: PlanningView) -> tuple[object, ...]:
    """Return what a proposal is for."""
    return planning_view.mode, planning_view.window, cache.shown_version()


def proposed_moves(planning_view: PlanningView) -> tuple[Move, ...]:
    """Return what is proposed and not decided on, for the map: the moves that close most, all where asked for."""
    found = _found(planning_view)
    if found is None:
        return ()
    return found.proposal.moves if state.widget_value(_ALL_ARCS) else found.proposal.moves[:MOST_ARCS]


def show_proposal(planning_view: PlanningView) -> None:
    """Show the button, the search under way, or what was found."""
    search: Search | None = state.saved_value(_SEARCH)
    if search is not None and search.wait(QUICK_S):
        _finish(planning_view, search)
        search = None
    with st.container(key="proposal", gap="small"):
        show_heading(_("Proposal"))
        if search is not None:
            show_at_work(_show_search)
            return
        found, fault = _found(planning_view), windows_fault(planning_view)
        label = _("Propose again: pinned moves stay") if found else _("Propose")
        st.button(
            label,
            key="propose",
            type="primary",
            width="stretch",
            disabled=planning_view.is_over or fault is not None,
            on_click=_begin,
            args=(planning_view,),
        )
        if planning_view.is_over:
            show_note(_("This window is over; choose one that ends in the future."))
        elif fault is not None:
            show_note(_(fault.text))
        elif found is None and len(joint_windows(planning_view)) > 1:
            show_note(_("Plans {n} windows together (see the conditions).", n=len(joint_windows(planning_view))))
        elif found is None:
            show_note(_("Looks for moves that leave the fewest people missing, at the price of people and ways."))
        else:
            _show_found(planning_view, found)


def _begin(planning_view: PlanningView) -> None:
    state.forget(_FOUND)
    page_state.tell()
    state.keep(_ASKED, planning_view.sketch)
    many = len(joint_windows(planning_view)) > 1
    seconds = WINDOWS_SECONDS if many else SECONDS
    state.keep(_SECONDS, seconds)
    search = (
        joint_search_for(plans_of(planning_view), seconds)
        if many
        else search_for(planning_view.snapshot, planning_view.sketch, seconds)
    )
    state.keep(_SEARCH, search.start())


def _finish(planning_view: PlanningView, search: Search) -> None:
    state.forget(_SEARCH)
    result = search.result()
    joint = result if isinstance(result, JointProposal) else None
    proposal = result.answers[0].proposal if isinstance(result, JointProposal) else result
    idle = Worklist(planning_view.snapshot, plan_with(planning_view.sketch, proposal)).count_idle()
    state.keep(_FOUND, ProposalResult(proposal, state.saved_value(_ASKED), key_of(planning_view), idle, joint))
    to_first_page("proposed")
    for nth in range(len(proposal.moves)):
        state.forget(f"take-{nth}")


def _found(planning_view: PlanningView) -> ProposalResult | None:
    found: ProposalResult | None = state.saved_value(_FOUND)
    return found if found is not None and found.key == key_of(planning_view) else None


def _show_search() -> None:
    search: Search | None = state.saved_value(_SEARCH)
    if search is None or search.is_done:
        st.rerun()
    progress = search.last_step()
    share = min(progress.seconds / float(state.saved_value(_SECONDS)), 1.0) if progress else 0.0
    words = _("Beginning …")
    if search.is_cancelled:
        words = _("Stopping …")
    elif progress is not None:
        words = _(
            "{cost} weighted people so far, at least {bound}",
            cost=number(progress.cost, 1),
            bound=number(progress.bound, 1),
        )
    st.progress(share, text=plain(words))
    st.button(_("Stop and keep the best"), key="propose-stop", disabled=search.is_cancelled, on_click=search.cancel)


def _show_found(planning_view: PlanningView, found: ProposalResult) -> None:
    proposal = found.proposal
    if found.joint is not None:
        show_joint(found.joint, planning_view.snapshot, accept=partial(_accept_joint, found.joint))
        show_heading(_("In this window"))
    if not proposal.moves:
        show_note(_("No move helps: nobody is missing, or no team within the rules can go. The list says why."))
        _show_open(planning_view, proposal)
        _show_prices(planning_view, found)
        return
    figures = planning.figures_of(planning_view.snapshot, plan_with(planning_view.sketch, proposal))
    st.markdown(plain(_result_words(planning_view, proposal, figures)))
    _show_open(planning_view, proposal)
    idle = _idle_words(found.idle) if found.joint is None else []  # the others may serve in another window
    for words in (*_price_words(planning_view, proposal), *idle):
        show_note(words)
    _show_prices(planning_view, found)
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Accept all") if found.joint is None else _("Accept in this window"),
            key="accept-all",
            type="primary" if found.joint is None else "secondary",
            on_click=_accept,
            args=(planning_view, planning.accept_all, proposal.moves),
        )
        st.button(_("Accept chosen"), key="accept-some", on_click=_accept_some, args=(planning_view, proposal.moves))
        st.button(_("Dismiss"), key="dismiss", type="tertiary", on_click=state.forget, args=(_FOUND,))
    if len(proposal.moves) > MOST_ARCS:
        label = _("Draw all {n}, not only the {most} largest", n=number(len(proposal.moves)), most=MOST_ARCS)
        st.toggle(label, key=_ALL_ARCS)
    with st.container(key="proposed", gap="small", height=min(60 + 74 * len(proposal.moves), 330)):
        for nth, move in show_pages("proposed", proposal.moves):
            st.checkbox(move_words(planning_view, move), value=True, key=f"take-{nth}", persist_state="page")
    with st.expander(_("How good it is")):
        show_note(_(ENDED_NAMES[proposal.ended]))
        show_facts(_facts(proposal))


def _show_prices(planning_view: PlanningView, found: ProposalResult) -> None:
    if found.joint is not None:
        return
    show_price_curve(planning_view, found.plan, found.proposal, found.key, propose=_begin)


def _result_words(planning_view: PlanningView, proposal: PlanProposal, figures: PlanFigures) -> str:
    """Return in a sentence what a proposal does."""
    return _(
        "Send {teams} teams, {people} people: missing {before} → {after}, weak grids {weak_before} → {weak_after}.",
        teams=number(len({move.team_code for move in proposal.moves})),
        people=number(sum(move.people for move in proposal.moves)),
        before=_missing(planning_view, figures.before.unmet),
        after=_missing(planning_view, figures.after.unmet),
        weak_before=number(figures.before.weak),
        weak_after=number(figures.after.weak),
    )


def _price_words(planning_view: PlanningView, proposal: PlanProposal) -> list[str]:
    """Return what decided beside the gaps: who is called out at home, grids with next to nobody, floor and prices."""
    homes = [move for move in proposal.moves if move.home_code == move.grid_code]
    lines = []
    if homes:
        lines.append(
            _(
                "{teams} of the teams ({people} people) are called out at home.",
                teams=number(len({move.team_code for move in homes})),
                people=number(sum(move.people for move in homes)),
            )
        )
    if proposal.bare_before:
        before, after = number(proposal.bare_before), number(proposal.bare)
        lines.append(_("Grids with next to nobody (below 10 %): {before} → {after}.", before=before, after=after))
    if proposal.floor_share < planning_view.settings.floor_share:
        share = f"{proposal.floor_share:.0%}"
        lines.append(_("People are short on the whole: a lending grid keeps {share} of its need.", share=share))
    return lines


def _idle_words(idle: IdleTeams) -> list[str]:
    """Return why the other teams stay at home."""
    words = (
        (idle.nobody_lacking, text("{n} teams stay free: no grid within their reach lacks anybody.")),
        (idle.needed, text("{n} teams stay at home: they are needed there, or would close too little.")),
        (idle.able, text("{n} teams could still close a little; the list of weak grids has them.")),
        (idle.resting, text("{n} teams have to rest: they are ordered shortly before or after.")),
    )
    return [_(said, n=number(count)) for count, said in words if count]


def _show_open(planning_view: PlanningView, proposal: PlanProposal) -> None:
    """Show which grids stay short and why."""
    short = proposal.open
    if not short:
        return
    needs = planning_view.snapshot.grids["need"].to_dict()
    with st.expander(_("{n} grids stay short: why", n=number(len(short))), expanded=not proposal.moves):
        for line in short[:_MOST_OPEN]:
            gap = round_gap(float(needs.get(line.grid_code, line.missing)), line.missing)
            name = line.grid_name or planning_view.snapshot.name(line.grid_code)
            st.caption(plain(f"{name} · {_('{number} missing', number=shown_text(gap))} · {_(line.reason)}"))
        if len(short) > _MOST_OPEN:
            st.caption(_("and {n} more", n=number(len(short) - _MOST_OPEN)))


def _facts(proposal: PlanProposal) -> list[tuple[str, str]]:
    """Return way, bound and how long it took. Persons in mixed estates count more."""
    bound = _("proven") if proposal.cost.is_proven else f"{100 * proposal.cost.gap:.2f}%"
    return [
        (_("Moves"), number(len(proposal.moves))),
        (_("Way"), _("{hours} h", hours=number(proposal.travel / 60, 1))),
        (_("Weighted gap, people and ways"), number(proposal.cost.value, 1)),
        (_("Its bound"), number(proposal.cost.bound, 1)),
        (_("Away from the bound"), bound),
        (_("Time"), _("{seconds} s", seconds=f"{proposal.seconds:.1f}")),
    ]


def _missing(planning_view: PlanningView, unmet: float) -> str:
    """Return people missing as the map says it."""
    need = float(planning_view.snapshot.grids["need"].sum())
    return shown_text(round_gap(need, unmet))


def _accept(planning_view: PlanningView, act: Callable[..., object], moves: Sequence[Move]) -> None:
    state.forget(_FOUND)
    page_state.edit(planning_view, act, moves)


def _accept_joint(joint: JointProposal) -> None:
    state.forget(_FOUND)
    accept_joint(joint)


def _accept_some(planning_view: PlanningView, moves: Sequence[Move]) -> None:
    """Accept what is ticked; on pages that were not looked at, everything is."""
    chosen = [move for nth, move in enumerate(moves) if state.widget_value(f"take-{nth}") is not False]
    if chosen:
        _accept(planning_view, planning.accept_some, chosen)
