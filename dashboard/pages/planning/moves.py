"""The moves of the plan as a table, with the same actions as the map: pin, take back."""

import streamlit as st

from dashboard.kit.pager import show_pages
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from services import planning
from services.i18n import _
from services.planning import Move, PlanningSnapshot
from services.wording import number


def show_moves(planning_view: PlanningView) -> None:
    """Show the moves of the plan."""
    moves = planning_view.moves
    with st.container(key="movesbox", gap="small"):
        show_heading(_("Moves"), _("{n} moves", n=number(len(moves))) if moves else "")
        if not moves:
            show_note(_("No moves yet. Drag a team from the tray onto a grid, or let a plan be proposed."))
            return
        for nth, move in show_pages("moves", moves):
            _show_move(planning_view, nth, move)


def _show_move(planning_view: PlanningView, nth: int, move: Move) -> None:
    snapshot = planning_view.snapshot
    with st.container(horizontal=True, key=f"move-{nth}", gap="small", vertical_alignment="center"):
        st.markdown(move_words(planning_view, move))
        st.button(
            _("Unpin") if move.pinned else _("Pin: a proposal leaves it as it is"),
            icon=":material/keep:" if move.pinned else ":material/keep_off:",
            key=f"pin-{move.team_code}-{move.grid_code}",
            type="tertiary",
            on_click=page_state.edit,
            args=(planning_view, planning.unpin if move.pinned else planning.pin, [move.key]),
        )
        st.button(
            plain(_("Take back: {team}", team=_team_name(snapshot, move))),
            icon=":material/undo:",
            key=f"back-{move.team_code}-{move.grid_code}",
            type="tertiary",
            on_click=page_state.edit,
            args=(planning_view, planning.take_back, move.team_code),
            kwargs={"grid_code": move.grid_code},
        )


def move_words(planning_view: PlanningView, move: Move) -> str:
    """Return a move as Markdown: team, people, way, from, to."""
    snapshot = planning_view.snapshot
    team = snapshot.teams.get(move.team_code)
    name, home = _team_name(snapshot, move), team.home_code if team else move.home_code
    minutes = snapshot.minutes(move.team_code, move.grid_code)
    facts = [_("{n} people", n=move.people)]
    is_home = bool(home) and home == move.grid_code
    if is_home:
        facts.append(_("called out at home"))
    elif minutes is not None:
        facts.append(_("{minutes} min on foot", minutes=round(minutes)))
    where = snapshot.place_name(move.grid_code, move.estate_code)
    line = where if is_home else f"{snapshot.name(home) if home else '–'} → {where}"
    said, why = plain(" · ".join(facts)), _why(move)
    return f"**{plain(name)}** {said}  \n{plain(line)}" + (f"  \n{plain(why)}" if why else "")


def _team_name(snapshot: PlanningSnapshot, move: Move) -> str:
    team = snapshot.teams.get(move.team_code)
    return team.name if team else move.team_code


def _why(move: Move) -> str:
    if move.reason:
        return _("Overruled: {reason}", reason=move.reason)
    return _(move.why) if move.why else ""
