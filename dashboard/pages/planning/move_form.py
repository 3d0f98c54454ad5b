"""Moving a team without dragging: the team of the tray, a grid of the list or the map, both ends, the button."""

from typing import Any, Final

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
from services.i18n import _, text
from services.planning import DIVISIBLE_KINDS, Move, MovePreview, PlanningSnapshot
from services.rules.rounding import persons_text, round_balance, round_gap, shown_text

_WORTH_SAYING: Final = 0.5
"""Persons: a smaller difference is not explained."""


def team_in_part(snapshot: PlanningSnapshot) -> dict[str, Any] | None:
    """Return the team of which the form says that only some are to be sent and how many, for the map."""
    team = snapshot.teams.get(page_state.chosen_team())
    people = state.widget_value(_people_key(team.code)) if team else None
    return {"team": team.code, "people": people} if team and people is not None and people < team.size else None


def show_form(view: View, planning_view: PlanningView) -> None:
    """Show the form."""
    with st.container(key="sendform", gap="small"):
        show_heading(_("Send a team"), _("or drag it on the map"))
        team = _show_team(planning_view)
        grid = _choose_grid(view, planning_view, team)
        people = _choose_people(planning_view.snapshot, team) if team else 0
        if team and grid:
            _show_effect(planning_view, Move(team, grid, people))


def _show_team(planning_view: PlanningView) -> str | None:
    """Show the team that is chosen in the tray, which is the one place where teams are chosen."""
    names = team_lines(planning_view.mode, planning_view.window)
    chosen = page_state.chosen_team()
    if chosen not in names:
        show_note(_("Choose a team in the list on the map, then a grid there or here."))
        return None
    with st.container(horizontal=True, key="chosen-team", gap="small", vertical_alignment="center"):
        st.markdown(plain(names[chosen]))
        st.button(
            _("Let go of the team"),
            icon=":material/close:",
            key="team-none",
            type="tertiary",
            on_click=page_state.choose_team,
            args=("",),
        )
    return chosen


def _choose_grid(view: View, planning_view: PlanningView, team: str | None) -> str | None:
    """Show the grids, the weakest first, of a team only those in its reach; that of the map is chosen here."""
    names = grid_lines(planning_view.mode, planning_view.window)
    chosen = view.zone_code if view.zone_level is Layer.GRIDS else ""
    if team:
        near = _in_reach(planning_view, team)
        names = {code: line for code, line in names.items() if code in near or code == chosen}
    state.preset("target", chosen if chosen in names else None)
    args = (planning_view.snapshot,)
    return show_name_choice(
        _("Grid"), names, key="target", placeholder=_("Choose a grid"), on_choose=_take_grid, args=args
    )


def _in_reach(planning_view: PlanningView, team: str) -> set[str]:
    """Return the grids that a team reaches in time, its own too; all for a team without a home."""
    snapshot, reach = planning_view.snapshot, planning_view.settings.reach_minutes
    home = snapshot.teams[team].home_code
    if snapshot.position(home) < 0:
        return set(snapshot.rows)
    minutes = snapshot.minutes_to(home)
    return {code for code, k in snapshot.rows.items() if minutes[k] <= reach or code == home}


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
            key=_people_key(code),
            help=_("Volunteer teams may be sent in part; dragging sends as many as stand here."),
        )
    )


def _people_key(code: str) -> str:
    return f"people-{code}"


def _show_effect(planning_view: PlanningView, move: Move) -> None:
    seen = planning.preview(planning_view.snapshot, planning_view.sketch, move)
    show_note(effect_words(seen))
    for words in (_loss_words(planning_view.snapshot, seen), excess_words(seen)):
        if words:
            show_note(words)
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


def _loss_words(snapshot: PlanningSnapshot, preview: MovePreview) -> str:
    """Return why the home loses less than the people who leave it."""
    move = preview.move
    lost = snapshot.home_loss(move.team_code, move.people)
    if not preview.giver or move.people - lost < _WORTH_SAYING:
        return ""
    words = text("{people} leave; {lost} of them were counted at home in this window")
    return _(words, people=move.people, lost=persons_text(lost))


def excess_words(preview: MovePreview) -> str:
    """Return how many more people a move brings than are missing; empty where it brings none more."""
    if not preview.excess or preview.receiver is None:
        return ""
    missing = shown_text(round_gap(preview.receiver.need, preview.missing))
    words = text("{missing} missing, {people} sent: {excess} too many")
    return _(words, missing=missing, people=preview.move.people, excess=preview.excess)


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
