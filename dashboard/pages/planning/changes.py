"""What changed underneath a plan: need, people and gap of its grids and its teams before and after, as a table."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.kit.widgets import show_note
from dashboard.pages.planning.page_state import PlanningView
from services import planning
from services.i18n import _
from services.planning import BeforeAfter, StaleMove
from services.wording import number

_STYLE: Final = Path(__file__).parent / "changes.css"


def show_changes(planning_view: PlanningView) -> None:
    """Show what is no longer as it was when the plan's moves were made, closed until it is asked for."""
    if not planning_view.moves or planning_view.plan is None:
        return
    shifts = planning.find_stale_moves(planning_view.snapshot, planning_view.plan)
    if not shifts:
        return
    # Streamlit's own key keeps it open or closed while the figures change.
    with st.expander(_("What changed: {n}", n=len(shifts)), key="plan-changes"):
        st.html(_STYLE)
        st.html(_table(planning_view, shifts))
        show_note(_("Persons, without this plan: when the moves were made → now. All figures are those of now."))


def _table(planning_view: PlanningView, shifts: Iterable[StaleMove]) -> str:
    heads = "".join(
        f'<th scope="col">{escape(word)}</th>' for word in (_("Grid or team"), _("Need"), _("Supply"), _("Gap"))
    )
    rows = "".join(_row(planning_view, shift) for shift in shifts)
    return f'<table class="gm-shifts"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _row(planning_view: PlanningView, shift: StaleMove) -> str:
    said = "、".join(_(words) for words in shift.texts)
    moves = _("Moves: {moves}", moves="、".join(_moves(planning_view, shift)))
    figures = "".join(_cell(span) for span in (shift.need, shift.supply, shift.gap))
    name = f'<th scope="row">{escape(shift.name)}<small>{escape(said)}</small></th>'
    return f'<tr>{name}{figures}</tr><tr class="gm-why"><td colspan="4">{escape(moves)}</td></tr>'


def _moves(planning_view: PlanningView, shift: StaleMove) -> Sequence[str]:
    snapshot = planning_view.snapshot
    teams = {code: team.name for code, team in snapshot.teams.items()}
    return [f"{teams.get(m.team_code, m.team_code)} → {snapshot.name(m.grid_code)}" for m in shift.moves]


def _cell(span: BeforeAfter | None) -> str:
    if span is None:
        return "<td>–</td>"
    if not span.differs:
        return f"<td>{_figure(span.after)}</td>"
    return f"<td><b>{_figure(span.before)} → {_figure(span.after)}</b></td>"


def _figure(persons: float | None) -> str:
    return "–" if persons is None else escape(number(persons, 1))
