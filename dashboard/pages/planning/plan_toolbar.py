"""The line of the plan: which one, undo and redo, what is allowed, and sending it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from dashboard import cache
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.widgets import plain
from dashboard.kit.words import tell_apart
from dashboard.pages.planning import page_state
from dashboard.pages.planning.joint_windows import show_windows_choice
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from services import planning
from services.coverage import travel_note
from services.i18n import _, text, translate
from services.planning import Plan, PlanEntry, PlanSettings, PlanState
from services.planning.price_curve import MOST_MINUTES
from services.rules.windows import MODE_NAMES, format_window

STATE_NAMES: Final = {
    PlanState.DRAFT: text("draft"),
    PlanState.COMMITTED: text("sent"),
    PlanState.DISCARDED: text("put away"),
}


def show_plan_bar(planning_view: PlanningView) -> None:
    """Show the plan that is open and what can be done to it."""
    with st.container(horizontal=True, key="planbar", gap="small", vertical_alignment="center"):
        _show_choice(planning_view)
        _show_steps(planning_view)
        with st.popover(_("Conditions"), help=_("Reach, floor and skills: for moves by hand and for proposals.")):
            show_windows_choice(planning_view)
            _show_settings(planning_view)
        with st.popover(_("Plan…")):
            _show_file(planning_view)


def _show_choice(planning_view: PlanningView) -> None:
    plans = tell_apart({plan.id: _plan_words(planning_view, plan) for plan in planning.find_plans(cache.context())})
    state.preset("plan-choice", planning_view.plan.id if planning_view.plan else None)
    show_name_choice(
        _("Plan"),
        plans,
        key="plan-choice",
        placeholder=_("New plan: it begins with the first move"),
        on_choose=_open_plan,
        label_visibility="collapsed",
        width=270,
    )


def _plan_words(planning_view: PlanningView, plan: PlanEntry) -> str:
    """Return a plan in a line; its mode where it is another one than that of the page, its state where no draft."""
    mode = () if plan.mode == planning_view.mode else (_(MODE_NAMES[plan.mode]),)
    how = () if plan.state is PlanState.DRAFT else (_(STATE_NAMES[plan.state]),)
    return " · ".join((plan.name, *mode, *how))


def _open_plan() -> None:
    """Open what was chosen. A name that changed meanwhile comes as a text, which is no choice."""
    chosen = state.widget_value("plan-choice")
    if isinstance(chosen, int):
        with page_state.attempt():
            open_plan(planning.read_plan(cache.context(), chosen))


def open_plan(plan: Plan) -> None:
    """Open a plan: its window and mode become those of the page."""
    state.change_view(window=format_window(plan.window), mode=plan.mode.value)
    state.write_plan_id(plan.id)


def _show_steps(planning_view: PlanningView) -> None:
    plan, can = planning_view.plan, planning_view.is_draft
    undoable, redoable = (plan.undoable, plan.redoable) if plan and can else (0, 0)
    _show_edit(planning_view, _("Undo"), "undo", planning.undo, is_possible=undoable > 0, icon=":material/undo:")
    _show_edit(planning_view, _("Redo"), "redo", planning.redo, is_possible=redoable > 0, icon=":material/redo:")
    hint = _("Takes every move out; one undo brings all back.")
    _show_edit(
        planning_view, _("Clear"), "clear", planning.clear_plan, is_possible=bool(planning_view.moves), help=hint
    )


def _show_edit(
    planning_view: PlanningView, label: str, key: str, act: Callable[..., object], *, is_possible: bool, **looks: Any
) -> None:
    args = (planning_view, act)
    st.button(label, key=key, disabled=not is_possible, on_click=page_state.edit, args=args, **looks)


def _show_settings(planning_view: PlanningView) -> None:
    with st.form("settings", border=False):
        note = translate(travel_note(planning_view.snapshot.coverage_inputs.travel_times.travel))
        reach = st.slider(
            _("Reach on foot (minutes)"), 5, 90, round(planning_view.settings.reach_minutes), 5, help=note
        )
        floor = st.slider(
            _("What a lending grid keeps (% of its own need)"),
            0,
            150,
            round(100 * planning_view.settings.floor_share),
            10,
        )
        weighed = _weighed(planning_view.settings)
        purpose = st.text_input(_("What for (stands in the orders)"), planning_view.settings.purpose, max_chars=80)
        grid, asked = _asked_skills(planning_view)
        if st.form_submit_button(_("Apply"), type="primary", width="stretch"):
            kept = {code: names for code, names in planning_view.settings.skills.items() if code != grid}
            skills = kept | ({grid: tuple(asked)} if grid and asked else {})
            wanted = replace(
                weighed, reach_minutes=float(reach), floor_share=floor / 100, skills=skills, purpose=purpose.strip()
            )
            page_state.edit(planning_view, planning.change_plan, settings=wanted)
            st.rerun()


def _weighed(settings: PlanSettings) -> PlanSettings:
    """Show what a proposal weighs against each other; return the settings with what was chosen."""
    rising = st.toggle(
        _("Who has least comes first"),
        settings.is_rising,
        help=_("A person missing counts 1, 2, 3 or 4 by the quarter of the need that is missing; else always 1."),
    )
    shared = st.toggle(
        _("Share the shortage"),
        settings.keeps_mean_share,
        help=_(
            "Where people are short on the whole, a lending grid keeps the share of its need that is met on average."
        ),
    )
    left, right = st.columns(2)
    person = left.number_input(
        _("One more person sent must close"),
        0.0,
        1.0,
        settings.person_price,
        0.05,
        "%.2g",
        help=_("In people missing: at 0.1, ten people are sent for one missing at most. 0: people cost nothing."),
    )
    minutes = right.number_input(
        _("Minutes on foot per person missing"),
        0.0,
        MOST_MINUTES,
        settings.minutes_per_person,
        50.0,
        "%.0f",
        help=_("At 300, ten people walk half an hour for one person missing at most. 0: ways cost nothing."),
    )
    part = left.number_input(
        _("One more part of a team must close"),
        0.0,
        2.0,
        settings.part_price,
        0.1,
        "%.2g",
        help=_("In people missing, besides its people: above 0 volunteer teams are cut into fewer, larger parts."),
    )
    return replace(
        settings,
        is_rising=rising,
        keeps_mean_share=shared,
        person_price=person,
        part_price=part,
        minutes_per_person=minutes,
    )


def _asked_skills(planning_view: PlanningView) -> tuple[str, list[str]]:
    """Show which skills the grid that is chosen asks for; nothing where no grid is chosen."""
    view = state.read_view()
    grid = view.zone_code if view.zone_level == "grids" else ""
    if not grid:
        st.caption(_("To ask for a skill in a grid, choose the grid on the map first."))
        return "", []
    offered = sorted({skill for team in planning_view.snapshot.teams.values() for skill in team.skills})
    asked = [skill for skill in planning_view.settings.skills.get(grid, ()) if skill in offered]
    label = _("Skills asked for in {grid}", grid=planning_view.snapshot.name(grid))
    return grid, list(st.multiselect(plain(label), offered, asked))


def _show_file(planning_view: PlanningView) -> None:
    """Show new, copy, rename and put away."""
    st.button(_("New empty plan"), key="plan-new", width="stretch", on_click=_new, args=(planning_view,))
    if planning_view.plan is None:
        return
    st.button(_("Copy"), key="plan-copy", width="stretch", on_click=_copy, args=(planning_view.plan,))
    name = st.text_input(_("Name"), planning_view.plan.name, key=f"plan-name-{planning_view.plan.id}", max_chars=60)
    st.button(
        _("Rename"),
        key="plan-rename",
        width="stretch",
        disabled=not name.strip(),
        on_click=_rename,
        args=(planning_view.plan,),
    )
    if planning_view.is_draft:
        st.button(_("Put away"), key="plan-discard", width="stretch", on_click=_discard, args=(planning_view.plan,))


def _new(planning_view: PlanningView) -> None:
    window, mode = planning_view.window, planning_view.mode
    with page_state.attempt():
        open_plan(planning.create_plan(cache.context(), window, mode, event_id=page_state.new_event()))


def _copy(plan: Plan) -> None:
    with page_state.attempt():
        open_plan(planning.copy_plan(cache.context(), plan.id, event_id=page_state.new_event()))


def _rename(plan: Plan) -> None:
    name = state.widget_value(f"plan-name-{plan.id}")
    if name is None:
        return
    with page_state.attempt():
        planning.rename_plan(cache.context(), plan.id, name, event_id=page_state.new_event())


def _discard(plan: Plan) -> None:
    with page_state.attempt():
        planning.discard_plan(cache.context(), plan.id, event_id=page_state.new_event())
    state.write_plan_id(None)
