"""Moving a team without a mouse: choose team, choose grid, see both ends, press the button."""

from typing import Any

import streamlit as st

from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.move_rows import grid_lines, team_lines
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from dashboard.streamlit.state import View
from geo.scenario import ZoneEffect
from geo.schema import Layer
from services import planning
from services.i18n import _
from services.planning import DIVISIBLE_KINDS, Move, MovePreview, PlanningSnapshot
from services.rules.rounding import round_balance, shown_text


def show_form(view: View, planning_view: PlanningView) -> dict[str, Any] | None:
    """Show the form; return the team of which only some are to be sent and how many, for the map."""
    with st.container(key="sendform", gap="small"):
        show_heading(_("Send a team"), _("or drag it on the map"))
        team = _choose_team(planning_view)
        grid = _choose_grid(view, planning_view)
        people = _choose_people(planning_view.snapshot, team) if team else 0
        if team and grid:
            _show_effect(planning_view, Move(team, grid, people))
    if team and people < planning_view.snapshot.teams[team].size:
        return {"team": team, "people": people}
    return None


def _choose_team(planning_view: PlanningView) -> str | None:
    """Show the teams, each with its size and where it is."""
    names = team_lines(planning_view.mode, planning_view.window)
    chosen = page_state.chosen_team()
    state.preset("team", chosen if chosen in names else None)
    args = (planning_view.snapshot,)
    return show_name_choice(
        _("Team"), names, key="team", placeholder=_("Choose a team"), on_choose=_take_team, args=args
    )


def _choose_grid(view: View, planning_view: PlanningView) -> str | None:
    """Show the grids, the weakest first; the one chosen on the map is chosen here."""
    names = grid_lines(planning_view.mode, planning_view.window)
    chosen = view.zone_code if view.zone_level is Layer.GRIDS else ""
    state.preset("target", chosen if chosen in names else None)
    args = (planning_view.snapshot,)
    return show_name_choice(
        _("Grid"), names, key="target", placeholder=_("Choose a grid"), on_choose=_take_grid, args=args
    )


def _take_team(snapshot: PlanningSnapshot) -> None:
    code = state.widget_value("team")
    page_state.choose_team(code if code in snapshot.teams else "")


def _take_grid(snapshot: PlanningSnapshot) -> None:
    code = state.widget_value("target")
    state.choose_zone(Layer.GRIDS.value, code if code in snapshot.rows else "")


def _choose_people(snapshot: PlanningSnapshot, code: str) -> int:
    """Show how many go, where the kind of team lets it be split."""
    team = snapshot.teams[code]
    if team.kind not in DIVISIBLE_KINDS or team.size < 2:
        return team.size
    return int(
        st.number_input(
            _("How many of them"),
            1,
            team.size,
            team.size,
            key=f"people-{code}",
            help=_("Volunteer teams may be sent in part; dragging sends as many as stand here."),
        )
    )


def _show_effect(planning_view: PlanningView, move: Move) -> None:
    seen = planning.preview(planning_view.snapshot, planning_view.sketch, move)
    show_note(effect_words(seen))
    for said in seen.breach_texts:
        st.caption(plain(_(said)))
    st.button(
        _("Send"),
        key="send",
        type="primary",
        width="stretch",
        disabled=not (seen.is_allowed or seen.needs_reason),
        on_click=_send,
        args=(planning_view, move),
    )


def _send(planning_view: PlanningView, move: Move) -> None:
    page_state.drop(planning_view, move, page_state.new_event())


def effect_words(preview: MovePreview) -> str:
    """Return what a move does at both ends, as the label of the map says it."""
    parts = [_end_words(preview.receiver)] if preview.receiver else []
    if preview.giver:
        parts.append(f"{_('lender')} {_end_words(preview.giver)}")
    if preview.uncounted:
        parts.append(_("{n} of them not counted by the lender", n=preview.uncounted))
    if preview.minutes is not None:
        parts.append(_("{minutes} min on foot", minutes=round(preview.minutes)))
    return " · ".join(part for part in parts if part)


def _end_words(end: ZoneEffect) -> str:
    """Return one end before and after: persons to spare, or missing."""
    if not end.need > 0:
        return _("No need")
    before, after = (
        round_balance(end.need, min(supply, end.need), max(supply - end.need, 0.0))
        for supply in (end.supply_before, end.supply_after)
    )
    gap = _("gap {before} → {after}", before=shown_text(before.gap), after=shown_text(after.gap))
    spare = _("to spare {before} → {after}", before=shown_text(before.surplus), after=shown_text(after.surplus))
    if before.gap and after.gap:
        return gap
    if not before.gap and not after.gap:
        return spare
    one, other = (gap, spare) if before.gap else (spare, gap)
    return _("{one}, {other}", one=one, other=other)
