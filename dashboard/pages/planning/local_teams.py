"""The teams that were formed on the spot: who stands in them, and taking one apart that was formed by mistake."""

from collections import Counter
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.frame.use_case_button import show_use_cases
from dashboard.kit.outcome import show_outcome
from dashboard.kit.widgets import plain, show_heading
from services import planning
from services.i18n import _
from services.planning import TeamSheet
from services.rules.team_templates import ROLE_NAMES
from services.use_cases import use_cases_of

_FORMED: Final = "formed"
_STYLE: Final = Path(__file__).parent / "recruitment_calls.css"


def show_formed() -> None:
    """Show every team that was formed on the spot, with what can be done with it."""
    show_outcome(_FORMED)
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
        show_use_cases(use_cases_of("team"), _FORMED, {"team_code": team.code})


def _who(sheet: TeamSheet) -> str:
    """Return the members with their places and how many were typed in; nothing for those who may not see people."""
    if sheet.count is None:
        return ""
    named = [f"{_(ROLE_NAMES[m.role])} {m.masked_name}" for m in sheet.members]
    typed = max(sheet.team.size - sheet.count, 0)
    lines = [f"{words} ×{n}" if n > 1 else words for words, n in Counter(named).items()]
    return "、".join([*lines, *([_("{n} typed in by name", n=typed)] if typed else [])])
