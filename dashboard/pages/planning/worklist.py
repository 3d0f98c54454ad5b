"""The weak grids, the worst first: who can reach each, and one press that sends the best."""

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.pager import show_pages, to_first_page
from dashboard.kit.widgets import bring_into_view, show_heading, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from dashboard.streamlit.state import View
from geo.schema import Layer
from services.i18n import _, text
from services.planning import Move
from services.planning.worklist import OPEN_REASON_TEXTS, ReachableTeam, ReachableTeams, WeakGrid, Worklist, WorkOrder
from services.rules.rounding import persons_text, shown_text
from services.wording import number

ORDER_NAMES: Final = {
    WorkOrder.GAP: text("By gap"),
    WorkOrder.RESIDENTS: text("By residents"),
    WorkOrder.MIXED: text("Mixed estates first"),
}
_NAME: Final = "worklist"
_KEPT: Final = "reinforce-worklist"
_ORDER: Final = "worklist-order"
_MOST_TEAMS: Final = 5
_LEAST_COST: Final = 0.05
_STYLE: Final = Path(__file__).parent / "worklist.css"


def open_worklist(planning_view: PlanningView) -> Worklist:
    """Return the weak grids with the plan made; worked out anew only when the plan or what it stands on changed."""
    plan = planning_view.plan
    key = (
        cache.shown_version(),
        planning_view.mode,
        planning_view.window,
        (plan.id, plan.revision) if plan and planning_view.is_draft else None,
    )
    kept = state.saved_value(_KEPT)
    if kept is None or kept[0] != key:
        kept = (key, Worklist(planning_view.snapshot, planning_view.sketch))
        state.keep(_KEPT, kept)
    worklist: Worklist = kept[1]
    return worklist


def show_worklist(view: View, planning_view: PlanningView) -> None:
    """Show the weak grids with the teams that can reach them; the one that is chosen on the map is chosen here."""
    worklist = open_worklist(planning_view)
    order = WorkOrder(str(state.widget_value(_ORDER) or WorkOrder.GAP))
    grids = worklist.weak_grids(order)
    st.html(_STYLE)
    if state.take_weak():
        bring_into_view(_NAME, "weak")
    with st.container(key=_NAME, gap="small"):
        show_heading(_("Weak grids"), number(len(grids)))
        if not grids:
            show_note(_("Every grid has the people it needs."))
            return
        st.segmented_control(
            _("Order of the list"),
            list(ORDER_NAMES),
            key=_ORDER,
            default=WorkOrder.GAP,
            required=True,
            format_func=lambda each: _(ORDER_NAMES[each]),
            label_visibility="collapsed",
            on_change=to_first_page,
            args=(_NAME,),
        )
        shown = [grid for _position, grid in show_pages(_NAME, grids)]
        chosen = view.zone_code if view.zone_level is Layer.GRIDS else ""
        shown[:0] = [grid for grid in grids if grid.code == chosen and grid not in shown]
        rows = [_row(worklist, grid, is_chosen=grid.code == chosen) for grid in shown]
        label = _("Weak grids: arrows move, Enter sends the best team, Space chooses the grid")
        tree = part("div", "gm-work", *rows, list="yes", label=label)
        show_panel("worklist-rows", [tree], lambda word: _press(planning_view, word))


def _press(planning_view: PlanningView, word: str) -> None:
    """Choose a grid, or send a team there: the one that is named, or the best."""
    what, code, team, people = (*word.split("|"), "", "")[:4]
    if what == "choose":
        state.choose_zone(Layer.GRIDS.value, code)
        return
    best = None if team else open_worklist(planning_view).teams_for(code).best
    if best is not None:
        team, people = best.team.code, str(best.people)
    if team:
        page_state.drop(planning_view, Move(team, code, int(people)), page_state.new_event())


def _row(worklist: Worklist, grid: WeakGrid, *, is_chosen: bool) -> Part:
    found = worklist.teams_for(grid.code)
    estates = _("{n} mixed estates", n=grid.mixed_estates) if grid.mixed_estates else ""
    facts = [_("{n} residents", n=number(grid.residents)), *([estates] if estates else [])]
    head = choice(
        "gm-work-head",
        f"choose|{grid.code}",
        part("b", "", grid.name),
        part("em", "", _("{number} missing", number=shown_text(grid.gap))),
        part("small", "", " · ".join(facts)),
        pressed="true" if is_chosen else "false",
        enter=f"best|{grid.code}",
    )
    if found.reason is not None:
        return part("div", "gm-work-row", head, part("p", "gm-work-why", _(OPEN_REASON_TEXTS[found.reason])))
    shown = found.teams[: _MOST_TEAMS if is_chosen else 1]
    lines = [_team_line(grid, one, is_best=one is found.best) for one in shown]
    return part("div", "gm-work-row", head, *lines, *_rest(found, is_chosen=is_chosen))


def _rest(found: ReachableTeams, *, is_chosen: bool) -> list[Part]:
    more = len(found.teams) - (_MOST_TEAMS if is_chosen else 1)
    return [part("p", "gm-work-more", _("and {n} more", n=number(more)))] if more > 0 and is_chosen else []


def _team_line(grid: WeakGrid, one: ReachableTeam, *, is_best: bool) -> Part:
    facts = [
        _("{n} people", n=one.people) if one.people == one.team.size else _part_words(one),
        _("{minutes} min on foot", minutes=round(one.minutes)),
        _("closes {number}", number=persons_text(one.closes)),
    ]
    if one.costs >= _LEAST_COST:
        facts.append(_("its home lacks {number} more", number=persons_text(one.costs)))
    return part(
        "div",
        "gm-work-team",
        part("p", "", part("b", "", one.team.name), part("span", "", " · ".join(facts))),
        choice(
            "gm-send gm-best" if is_best else "gm-send",
            f"send|{grid.code}|{one.team.code}|{one.people}",
            _("Send"),
            label=_("Send {team} to {grid}", team=one.team.name, grid=grid.name),
        ),
    )


def _part_words(one: ReachableTeam) -> str:
    return _("{n} of {size}", n=one.people, size=one.team.size)
