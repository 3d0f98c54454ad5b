"""Calls for volunteers: people to spare whom no team covers, asked in turn by the nearest weak grids."""

from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.reinforce.desk import Desk
from dashboard.reinforce.map import plan_tables
from dashboard.widgets import show_note
from geo.schema import Layer
from geo.travel import DETOUR, WALKING_M_PER_MINUTE, Pairs, pairs_within, walking_minutes
from services import planning
from services.i18n import _
from services.rules.recruitment import Call, CallFacts, call_text, plan_calls

_MOST: Final = 30
"""More calls than this are not written at once."""


def show_calls(desk: Desk) -> None:
    """Show whom to ask, and the text of each call for its chat group."""
    show_note(_("For people to spare that no team covers; the nearest grids are asked in turn."))
    left, middle, right = st.columns(3)
    task = left.text_input(_("Task"), desk.settings.purpose, key="call-task", max_chars=60)
    meeting = middle.text_input(_("Meeting point"), _("Community post"), key="call-place", max_chars=60)
    contact = right.text_input(_("Report to"), key="call-contact", max_chars=60, placeholder=_("Name and telephone"))
    calls = find_calls(desk)
    if not calls:
        show_note(_("Nobody to ask: no grid within reach has people to spare."))
        return
    with st.container(horizontal=True, key="calls", gap="small"):
        for call in calls[:_MOST]:
            st.code(_words(desk, call, task.strip(), meeting.strip(), contact.strip()), language=None, width=330)
    if len(calls) > _MOST:
        show_note(_("and {n} more", n=len(calls) - _MOST))


def find_calls(desk: Desk) -> tuple[Call, ...]:
    """Return the calls of the window with the plan made: teams that are free at home are not asked twice."""
    board, grids = desk.board, plan_tables(desk)[Layer.GRIDS]
    metres = desk.settings.reach_minutes * WALKING_M_PER_MINUTE / DETOUR
    near = pairs_within(board.basis.levels[Layer.GRIDS].points, metres)
    reach = Pairs(near.origin, near.destination, walking_minutes(near.cost))
    spare = grids["surplus"].to_numpy(dtype=np.float64) - _in_teams(desk)
    return plan_calls(spare, grids["gap"].to_numpy(dtype=np.float64), reach, np.zeros(len(grids)))


def _in_teams(desk: Desk) -> NDArray[np.float64]:
    """Return how many people at home in each grid stand in teams that can still be sent."""
    planned: dict[str, int] = {}
    for move in desk.moves:
        planned[move.team_code] = planned.get(move.team_code, 0) + move.people
    people = np.zeros(len(desk.board.grids))
    for code, row in planning.team_table(desk.board).iterrows():
        home = desk.board.position(row["home_code"])
        if home >= 0:
            people[home] += max(row["free"] - planned.get(str(code), 0), 0)
    return people


def _words(desk: Desk, call: Call, task: str, meeting: str, contact: str) -> str:
    codes = desk.board.grids.index
    giver, receiver = (desk.board.name(str(codes[k])) for k in (call.giver, call.receiver))
    facts = CallFacts(giver, receiver, meeting, desk.window, call.persons, "", task, contact or "–", call.minutes)
    return "\n".join(_(line) for line in call_text(facts))
