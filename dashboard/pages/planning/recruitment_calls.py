"""Calls for volunteers: people to spare whom no team covers, asked in turn by the nearest weak grids."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain, show_note
from dashboard.pages.planning import page_state as desks
from dashboard.pages.planning.map import plan_tables
from dashboard.pages.planning.page_state import PlanningState
from geo.schema import Layer
from services import planning
from services.i18n import _
from services.planning import RecentCalls
from services.rules.recruitment import ROTATION_DAYS, Call, CallFacts, call_text

_MOST: Final = 30
"""More calls than this are not written at once."""
_STYLE: Final = Path(__file__).parent / "recruitment_calls.css"


def show_calls(desk: PlanningState) -> None:
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
    task = left.text_input(_("Task"), desk.settings.purpose, key="call-task", max_chars=60)
    meeting = middle.text_input(_("Meeting point"), _("Community post"), key="call-place", max_chars=60)
    contact = right.text_input(_("Report to"), key="call-contact", max_chars=60, placeholder=_("Name and telephone"))
    askings = planning.read_askings(cache.context(), desk.window)
    calls = find_calls(desk, askings)
    if not calls:
        show_note(_("Nobody to ask: no grid within reach has people to spare."))
        return
    people = planning.people_asked(desk.snapshot, calls[:_MOST])
    _show_all(desk, people, askings)
    with st.container(horizontal=True, key="calls", gap="small"):
        for code, asked in people.items():
            texts = [
                _words(desk, call, task.strip(), meeting.strip(), contact.strip())
                for call in calls[:_MOST]
                if str(desk.snapshot.grids.index[call.giver]) == code
            ]
            _show_card(desk, code, asked, texts, askings)
    if len(calls) > _MOST:
        show_note(_("and {n} more", n=len(calls) - _MOST))


def find_calls(desk: PlanningState, askings: RecentCalls) -> tuple[Call, ...]:
    """Return the calls of the window with the plan made: teams that are free at home are not asked twice."""
    grids = plan_tables(desk)[Layer.GRIDS]
    return planning.find_calls(desk.snapshot, grids, desk.moves, desk.settings.reach_minutes, askings)


def _show_all(desk: PlanningState, people: Mapping[str, int], askings: RecentCalls) -> None:
    waiting = {code: asked for code, asked in people.items() if code not in askings.given_out}
    if len(waiting) > 1:
        st.button(
            _("Note all {n} as given out", n=len(waiting)), key="call-all", on_click=_give_out, args=(desk, waiting)
        )


def _show_card(desk: PlanningState, code: str, asked: int, texts: list[str], askings: RecentCalls) -> None:
    """Show the calls for one chat group, when it was last asked, and the button that notes them as given out."""
    given = askings.given_out.get(code)
    with st.container(key=f"call-{code}", gap="small", width=340):
        for words in texts:
            st.code(words, language=None, wrap_lines=True)
        st.caption(plain(_asked_words(code, askings)))
        if given is not None:
            said = _("Given out {at}: {n} people", at=f"{given.at:%m-%d %H:%M}", n=given.people)
            st.markdown(f":green[:material/check: {plain(said)}]")
        if given is None or given.people < asked:
            label = _("Note as given out: {n} people", n=asked)
            st.button(label, key=f"give-{code}", on_click=_give_out, args=(desk, {code: asked}))


def _asked_words(code: str, askings: RecentCalls) -> str:
    """Return when a grid was last asked for another window, and how often."""
    before = askings.before.get(code)
    if before is None:
        return _("Not asked for other windows in the last {days} days", days=ROTATION_DAYS)
    return _(
        "Last asked {at}: {n} people; {times} times in {days} days",
        at=f"{before.at:%m-%d %H:%M}",
        n=before.people,
        times=askings.times[code],
        days=ROTATION_DAYS,
    )


def _give_out(desk: PlanningState, people: Mapping[str, int]) -> None:
    desks.attempt(lambda: planning.give_out(cache.context(), desk.window, people))


def _words(desk: PlanningState, call: Call, task: str, meeting: str, contact: str) -> str:
    codes = desk.snapshot.grids.index
    giver, receiver = (desk.snapshot.name(str(codes[k])) for k in (call.giver, call.receiver))
    skill = "、".join(desk.settings.skills.get(str(codes[call.receiver]), ()))
    facts = CallFacts(
        giver,
        receiver,
        meeting,
        desk.window,
        call.persons,
        skill,
        task,
        contact or _("(to be filled in)"),
        call.minutes,
    )
    return "\n".join(_(line) for line in call_text(facts))
