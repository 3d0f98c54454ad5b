"""Calls for volunteers: people to spare whom no team covers, asked in turn by the nearest weak grids."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.map import plan_tables
from dashboard.pages.planning.page_state import PlanningView
from geo.schema import Layer
from services import planning
from services.i18n import _
from services.planning import RecentCalls
from services.rules.recruitment import ROTATION_DAYS, Call, CallFacts, call_text
from services.wording import number, short_time

_MOST: Final = 30
"""More calls than this are not written at once."""
_STYLE: Final = Path(__file__).parent / "recruitment_calls.css"


def show_calls(planning_view: PlanningView) -> None:
    """Show whom to ask, when each was last asked, and the text of each call for its chat group."""
    st.html(_STYLE)
    show_note(_("For people to spare that no team covers; the nearest grids are asked in turn."))
    show_note(
        _(
            "Who was asked least often in the last {days} days comes first, of those who was not asked for longest, "
            "then the nearest.",
            days=ROTATION_DAYS,
        )
    )
    left, middle, right = st.columns(3)
    task = left.text_input(_("Task"), planning_view.settings.purpose, key="call-task", max_chars=60)
    meeting = middle.text_input(_("Meeting point"), _("Community post"), key="call-place", max_chars=60)
    contact = right.text_input(_("Report to"), key="call-contact", max_chars=60, placeholder=_("Name and telephone"))
    askings = planning.read_askings(cache.context(), planning_view.window)
    calls = find_calls(planning_view, askings)
    if not calls:
        show_note(_("Nobody to ask: no grid within reach has people to spare."))
        return
    people = planning.people_asked(planning_view.snapshot, calls[:_MOST])
    _show_all(planning_view, people, askings)
    with st.container(horizontal=True, key="calls", gap="small"):
        for code, asked in people.items():
            texts = [
                _words(planning_view, call, task.strip(), meeting.strip(), contact.strip())
                for call in calls[:_MOST]
                if str(planning_view.snapshot.grids.index[call.giver]) == code
            ]
            _show_card(planning_view, code, asked, texts, askings)
    if len(calls) > _MOST:
        show_note(_("and {n} more", n=number(len(calls) - _MOST)))


def find_calls(planning_view: PlanningView, recent_calls: RecentCalls) -> tuple[Call, ...]:
    """Return the calls of the window with the plan made: teams that are free at home are not asked twice."""
    grids = plan_tables(planning_view)[Layer.GRIDS]
    return planning.find_calls(
        planning_view.snapshot, grids, planning_view.moves, planning_view.settings.reach_minutes, recent_calls
    )


def _show_all(planning_view: PlanningView, people: Mapping[str, int], askings: RecentCalls) -> None:
    waiting = {code: asked for code, asked in people.items() if code not in askings.given_out}
    if len(waiting) > 1:
        st.button(
            _("Note all {n} as given out", n=number(len(waiting))),
            key="call-all",
            on_click=_give_out,
            args=(planning_view, waiting),
        )


def _show_card(planning_view: PlanningView, code: str, asked: int, texts: list[str], askings: RecentCalls) -> None:
    """Show the calls for one chat group, when it was last asked, and the button that notes them as given out."""
    given = askings.given_out.get(code)
    with st.container(key=f"call-{code}", gap="small", width=340):
        for words in texts:
            st.code(words, language=None, wrap_lines=True)
        st.caption(plain(_asked_words(code, askings)))
        if given is not None:
            said = _("Given out {at}: {n} people", at=short_time(given.at), n=given.people)
            st.markdown(f":green[:material/check: {plain(said)}]")
        if given is None or given.people < asked:
            label = _("Note as given out: {n} people", n=asked)
            st.button(label, key=f"give-{code}", on_click=_give_out, args=(planning_view, {code: asked}))


def _asked_words(code: str, askings: RecentCalls) -> str:
    """Return when a grid was last asked for another window, and how often."""
    before = askings.before.get(code)
    if before is None:
        return _("Not asked for other windows in the last {days} days", days=ROTATION_DAYS)
    return _(
        "Last asked {at}: {n} people; {times} times in {days} days",
        at=short_time(before.at),
        n=before.people,
        times=askings.times[code],
        days=ROTATION_DAYS,
    )


def _give_out(planning_view: PlanningView, people: Mapping[str, int]) -> None:
    with page_state.attempt():
        planning.give_out(cache.context(), planning_view.window, people)


def _words(planning_view: PlanningView, call: Call, task: str, meeting: str, contact: str) -> str:
    codes = planning_view.snapshot.grids.index
    giver, receiver = (planning_view.snapshot.name(str(codes[k])) for k in (call.giver, call.receiver))
    skill = "、".join(planning_view.settings.skills.get(str(codes[call.receiver]), ()))
    facts = CallFacts(
        giver,
        receiver,
        meeting,
        planning_view.window,
        call.persons,
        skill,
        task,
        contact or _("(to be filled in)"),
        call.minutes,
    )
    return "\n".join(_(line) for line in call_text(facts))
