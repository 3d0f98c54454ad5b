"""The teams that were formed on the spot: who stands in them, and taking one apart that was formed by mistake."""

from collections import Counter
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.planning import page_state
from services import planning
from services.catalog.actions import Action
from services.i18n import _, text
from services.planning import TeamSheet
from services.rules.roles import may
from services.rules.team_templates import ROLE_NAMES

_STYLE: Final = Path(__file__).parent / "recruitment_calls.css"


def show_formed() -> None:
    """Show every team that was formed on the spot, with a button that takes it apart after asking."""
    sheets = planning.list_formed_teams(cache.context())
    if not sheets:
        return
    st.html(_STYLE)
    with st.container(key="formed", gap="small"):
        show_heading(_("Teams formed here"), _("{n} teams", n=len(sheets)))
        for sheet in sheets:
            _show_team(sheet)


def _show_team(sheet: TeamSheet) -> None:
    team = sheet.team
    with st.container(horizontal=True, key=f"team-{team.code}", gap="small", vertical_alignment="center"):
        people = _("{n} people", n=team.size)
        st.markdown(f"**{plain(team.name)}** {plain(people)} · {plain(sheet.home_name)}  \n{plain(_who(sheet))}")
        if may(cache.context().actor, Action.FORM_TEAM):
            with st.popover(_("Dissolve…"), type="tertiary", key=f"dissolve-{team.code}"):
                _ask(sheet)


def _who(sheet: TeamSheet) -> str:
    """Return the members with their places and how many were typed in; nothing for those who may not see people."""
    if sheet.count is None:
        return ""
    named = [f"{_(ROLE_NAMES[m.role])} {m.masked_name}" for m in sheet.members]
    typed = max(sheet.team.size - sheet.count, 0)
    lines = [f"{words} ×{n}" if n > 1 else words for words, n in Counter(named).items()]
    return "、".join([*lines, *([_("{n} typed in by name", n=typed)] if typed else [])])


def _ask(sheet: TeamSheet) -> None:
    """Ask before the team goes; why it cannot go is said on the spot."""
    team = sheet.team
    show_note(_("Its members are free again. What the team has done stays in its history."))
    label = plain(_("Dissolve {team}", team=team.name))
    if st.button(label, key=f"dissolve-yes-{team.code}", type="primary", width="stretch"):
        with show_refusal():
            planning.disband_team(cache.context(), team.code)
            page_state.tell(text("“{name}” is dissolved.", name=team.name), tone="good")
            st.rerun()
