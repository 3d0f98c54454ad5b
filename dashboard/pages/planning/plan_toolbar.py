"""The line of the plan: which one, undo and redo, what is allowed, and sending it."""

from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain
from dashboard.kit.words import MODE_NAMES, tell_apart
from dashboard.pages.planning import page_state as desks
from dashboard.pages.planning.page_state import PlanningState
from dashboard.streamlit import state
from services import planning
from services.coverage import travel_note
from services.i18n import _, text, translate
from services.planning import Plan, PlanSettings, PlanState

STATE_NAMES: Final = {
    PlanState.DRAFT: text("draft"),
    PlanState.COMMITTED: text("sent"),
    PlanState.DISCARDED: text("put away"),
}


def show_plan_bar(desk: PlanningState) -> None:
    """Show the plan that is open and what can be done to it."""
    with st.container(horizontal=True, key="planbar", gap="small", vertical_alignment="center"):
        _show_choice(desk)
        _show_steps(desk)
        with st.popover(_("Conditions"), help=_("Reach, floor and skills: for moves by hand and for proposals.")):
            _show_settings(desk)
        with st.popover(_("Plan…")):
            _show_file(desk)


def _show_choice(desk: PlanningState) -> None:
    plans = tell_apart({plan.id: _plan_words(desk, plan) for plan in planning.list_plans(cache.context())})
    state.preset("plan-choice", desk.plan.id if desk.plan else None)
    st.selectbox(
        _("Plan"),
        list(plans),
        index=None,
        key="plan-choice",
        placeholder=_("New plan: it begins with the first move"),
        format_func=lambda plan_id: plans.get(plan_id, str(plan_id)),
        label_visibility="collapsed",
        on_change=_open_plan,
        width=270,
    )


def _plan_words(desk: PlanningState, plan: Plan) -> str:
    """Return a plan in a line; its mode where it is another one than that of the page, its state where no draft."""
    mode = () if plan.mode == desk.mode else (_(MODE_NAMES[plan.mode]),)
    how = () if plan.state is PlanState.DRAFT else (_(STATE_NAMES[plan.state]),)
    return " · ".join((plan.name, *mode, *how))


def _open_plan() -> None:
    """Open what was chosen. A name that changed meanwhile comes as a text, which is no choice."""
    chosen = state.widget_value("plan-choice")
    if isinstance(chosen, int):
        desks.attempt(lambda: open_plan(planning.read_plan(cache.context(), chosen)))


def open_plan(plan: Plan) -> None:
    """Make a plan the one on the desk: its window and mode become those of the page."""
    window = f"{plan.window.start:%Y-%m-%dT%H:%M}/{plan.window.end:%Y-%m-%dT%H:%M}"
    state.change_view(window=window, mode=plan.mode.value)
    state.write_plan_id(plan.id)


def _show_steps(desk: PlanningState) -> None:
    context = cache.context()
    plan, can = desk.plan, desk.is_draft
    undoable, redoable = (plan.undoable, plan.redoable) if plan and can else (0, 0)
    st.button(
        _("Undo"),
        key="undo",
        icon=":material/undo:",
        disabled=not undoable,
        on_click=desks.change,
        args=(desk, lambda plan_id: planning.undo(context, plan_id, event_id=desks.new_event())),
    )
    st.button(
        _("Redo"),
        key="redo",
        icon=":material/redo:",
        disabled=not redoable,
        on_click=desks.change,
        args=(desk, lambda plan_id: planning.redo(context, plan_id, event_id=desks.new_event())),
    )
    st.button(
        _("Clear"),
        key="clear",
        disabled=not desk.moves,
        on_click=desks.change,
        args=(desk, lambda plan_id: planning.clear_plan(context, plan_id, event_id=desks.new_event())),
        help=_("Takes every move out; one undo brings all back."),
    )


def _show_settings(desk: PlanningState) -> None:
    with st.form("settings", border=False):
        note = translate(travel_note(desk.snapshot.coverage_inputs.travel_times.travel))
        reach = st.slider(_("Reach on foot (minutes)"), 5, 90, round(desk.settings.reach_minutes), 5, help=note)
        floor = st.slider(
            _("What a lending grid keeps (% of its own need)"), 0, 150, round(100 * desk.settings.floor_share), 10
        )
        purpose = st.text_input(_("What for (stands in the orders)"), desk.settings.purpose, max_chars=80)
        grid, asked = _asked_skills(desk)
        if st.form_submit_button(_("Apply"), type="primary", width="stretch"):
            kept = {code: names for code, names in desk.settings.skills.items() if code != grid}
            skills = kept | ({grid: tuple(asked)} if grid and asked else {})
            wanted = PlanSettings(float(reach), floor / 100, desk.settings.mixed_priority, skills, purpose.strip())
            change_settings(desk, wanted)
            st.rerun()


def _asked_skills(desk: PlanningState) -> tuple[str, list[str]]:
    """Show which skills the grid that is chosen asks for; nothing where no grid is chosen."""
    view = state.read_view()
    grid = view.zone_code if view.zone_level == "grids" else ""
    if not grid:
        st.caption(_("To ask for a skill in a grid, choose the grid on the map first."))
        return "", []
    offered = sorted({skill for team in desk.snapshot.teams.values() for skill in team.skills})
    asked = [skill for skill in desk.settings.skills.get(grid, ()) if skill in offered]
    label = _("Skills asked for in {grid}", grid=desk.snapshot.name(grid))
    return grid, list(st.multiselect(plain(label), offered, asked))


def change_settings(desk: PlanningState, settings: PlanSettings) -> None:
    """Give the draft other settings."""
    context = cache.context()
    desks.change(
        desk, lambda plan_id: planning.change_plan(context, plan_id, event_id=desks.new_event(), settings=settings)
    )


def _show_file(desk: PlanningState) -> None:
    """Show new, copy, rename and put away."""
    st.button(_("New empty plan"), key="plan-new", width="stretch", on_click=_new, args=(desk,))
    if desk.plan is None:
        return
    st.button(_("Copy"), key="plan-copy", width="stretch", on_click=_copy, args=(desk.plan,))
    name = st.text_input(_("Name"), desk.plan.name, key=f"plan-name-{desk.plan.id}", max_chars=60)
    st.button(
        _("Rename"), key="plan-rename", width="stretch", disabled=not name.strip(), on_click=_rename, args=(desk.plan,)
    )
    if desk.is_draft:
        st.button(_("Put away"), key="plan-discard", width="stretch", on_click=_discard, args=(desk.plan,))


def _new(desk: PlanningState) -> None:
    def make() -> None:
        open_plan(planning.create_plan(cache.context(), desk.window, desk.mode, event_id=desks.new_event()))

    desks.attempt(make)


def _copy(plan: Plan) -> None:
    desks.attempt(lambda: open_plan(planning.copy_plan(cache.context(), plan.id, event_id=desks.new_event())))


def _rename(plan: Plan) -> None:
    name = str(state.widget_value(f"plan-name-{plan.id}"))
    desks.attempt(lambda: planning.rename_plan(cache.context(), plan.id, name, event_id=desks.new_event()))


def _discard(plan: Plan) -> None:
    desks.attempt(lambda: planning.discard_plan(cache.context(), plan.id, event_id=desks.new_event()))
    state.write_plan_id(None)
