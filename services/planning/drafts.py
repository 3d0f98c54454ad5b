"""Drafts that save themselves: every change is one small transaction, and a change sent twice is made once.

Every function takes the ``event_id`` that the client made for what the user did. A second call with the same id changes
nothing and returns the plan as it stands.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.i18n import translate
from services.planning.errors import PastWindowError, PlanClosedError, UnknownPlanError
from services.planning.model import (
    ENTRY_COLUMNS,
    Plan,
    PlanEntry,
    PlanSettings,
    PlanState,
    Step,
    StepKind,
    area_from_json,
    entry_from_row,
    iso,
    plan_from_rows,
    settings_to_json,
    step_from_row,
    step_to_row,
    versions_of_plan,
)
from services.rules.areas import EVERYWHERE, Area, OutsideAreaError
from services.rules.windows import Mode, Window
from services.use_cases import use_case
from services.wording import short_time

NEW_SETTINGS = PlanSettings()


@use_case(Action.PLAN, "plan")
def create_plan(
    work: Work,
    window: Window,
    mode: Mode,
    *,
    event_id: str,
    name: str = "",
    settings: PlanSettings = NEW_SETTINGS,
) -> Plan:
    """Make an empty draft for a window; without a name it is named after the window.

    Raises
    ------
    PastWindowError
        If the window is over.
    """
    if window.end <= work.now:
        raise PastWindowError
    title = name.strip() or translate("Plan for {start}", start=short_time(window.start))
    made = work.tx.plans.find_plan(event_id)
    if made is None:
        content = _content(title, window, mode, settings, work.actor.area)
        row = _new_row(work, event_id) | content
        plan_id = work.tx.plans.add_plan(**row, versions=_versions(work.tx), position=0, copied_from=None)
    else:
        plan_id = made["id"]
    work.note(plan=plan_id)
    return fetch_plan_for(work.context, work.tx, plan_id)


@use_case(Action.PLAN, "plan:{plan_id}")
def copy_plan(work: Work, plan_id: int, *, event_id: str, name: str = "") -> Plan:
    """Make a draft with the moves, the steps and the settings of another plan, whatever its state.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    """
    plan = fetch_plan_for(work.context, work.tx, plan_id)
    made = work.tx.plans.find_plan(event_id)
    if made is not None:
        return fetch_plan(work.tx, made["id"])
    copy_id = add_copy(work, plan, name.strip() or translate("{name} (copy)", name=plan.name), event_id)
    work.note(copy=copy_id)
    return fetch_plan(work.tx, copy_id)


def add_copy(work: Work, plan: Plan, name: str, event_id: str) -> int:
    """Write a draft with the moves, the steps and the settings of a plan, and return its number."""
    plans = work.tx.plans
    row = _new_row(work, event_id) | _content(name, plan.window, plan.mode, plan.settings, plan.area)
    kept = plans.read_plan(plan.id) or {}
    same = {key: kept[key] for key in ("versions", "position")}
    copy_id = plans.add_plan(**row, **same, copied_from=plan.id)
    for step in plans.read_steps([plan.id]).get(plan.id, []):
        plans.add_step(copy_id, **{key: step[key] for key in step if key != "plan_id"})
    return copy_id


def read_plan(context: Context, plan_id: int) -> Plan:
    """Return a plan as it stands.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    """
    with context.look(Action.PLAN) as tx:
        return fetch_plan_for(context, tx, plan_id)


def find_plans(
    context: Context, *states: PlanState, window: Window | None = None, mode: Mode | None = None
) -> list[PlanEntry]:
    """Return plans without their moves, the one changed last first; without states drafts and committed ones.

    Plans that were made for a wider or another area than the actor's are left out.

    Parameters
    ----------
    window, mode
        Only plans of exactly these; None for all.
    """
    with context.look(Action.PLAN) as tx:
        return [entry_from_row(row) for row in _plan_rows(context, tx, states, window, mode, ENTRY_COLUMNS)]


def list_plans(context: Context, *states: PlanState) -> list[Plan]:
    """Return the same as ``find_plans`` with the moves of all plans, which takes a second query."""
    with context.look(Action.PLAN) as tx:
        rows = _plan_rows(context, tx, states, None, None)
        steps = tx.plans.read_steps([row["id"] for row in rows])
        return [plan_from_rows(row, steps.get(row["id"], [])) for row in rows]


def _plan_rows(
    context: Context,
    tx: Transaction,
    states: Sequence[PlanState],
    window: Window | None,
    mode: Mode | None,
    columns: Sequence[str] = (),
) -> list[Mapping[str, Any]]:
    where: dict[str, Collection[str]] = {"state": states or (PlanState.DRAFT, PlanState.COMMITTED)}
    if window is not None:
        where |= {"window_start": [iso(window.start)], "window_end": [iso(window.end)]}
    if mode is not None:
        where["mode"] = [mode]
    if context.actor.area == EVERYWHERE:
        return tx.plans.read_plans(where, columns)
    rows = tx.plans.read_plans(where, (*columns, "settings") if columns else ())
    scope = context.scope_in(tx)
    return [row for row in rows if scope.covers(area_from_json(row["settings"]))]


def rename_plan(context: Context, plan_id: int, name: str, *, event_id: str) -> Plan:
    """Give a plan another name; an empty one leaves it as it is. Closed plans can be renamed too."""

    def rename(work: Work, _plan: Plan) -> None:
        if name.strip():
            work.tx.plans.set_plan(plan_id, name=name.strip())

    return change_once(context, plan_id, event_id, rename)


def change_plan(
    context: Context,
    plan_id: int,
    *,
    event_id: str,
    window: Window | None = None,
    mode: Mode | None = None,
    settings: PlanSettings | None = None,
) -> Plan:
    """Change window, mode or settings of a draft; what is None stays. Moves stay as they are.

    What weighs on moves is a step that can be undone; what is told with the orders, window and mode are none.

    Raises
    ------
    PastWindowError
        If the window is over.
    """
    if window is not None and window.end <= context.clock():
        raise PastWindowError

    def change(work: Work, plan: Plan) -> None:
        require_draft(plan)
        content = _content(plan.name, window or plan.window, mode or plan.mode, settings or plan.settings, plan.area)
        work.tx.plans.set_plan(plan_id, **content)
        if settings is not None and _weighed(settings) != _weighed(plan.settings):
            _add_step(work, plan, Step(StepKind.SETTINGS, settings=(plan.settings, settings)))

    return change_once(context, plan_id, event_id, change)


def _weighed(settings: PlanSettings) -> PlanSettings:
    return replace(settings, purpose="", bring="")


def discard_plan(context: Context, plan_id: int, *, event_id: str) -> Plan:
    """Put a draft away; ``restore_plan`` brings it back."""

    def discard(work: Work, plan: Plan) -> None:
        require_draft(plan)
        work.tx.plans.set_plan(plan_id, state=PlanState.DISCARDED.value)

    return change_once(context, plan_id, event_id, discard)


def restore_plan(context: Context, plan_id: int, *, event_id: str) -> Plan:
    """Bring a discarded draft back; any other plan stays as it is."""

    def restore(work: Work, plan: Plan) -> None:
        if plan.state is PlanState.DISCARDED:
            work.tx.plans.set_plan(plan_id, state=PlanState.DRAFT.value)

    return change_once(context, plan_id, event_id, restore)


def undo(context: Context, plan_id: int, *, event_id: str) -> Plan:
    """Undo the last step; without one nothing happens."""
    return _walk(context, plan_id, event_id, lambda plan: max(plan.undoable - 1, 0))


def redo(context: Context, plan_id: int, *, event_id: str) -> Plan:
    """Do the step again that was undone last; without one nothing happens."""
    return _walk(context, plan_id, event_id, lambda plan: plan.undoable + min(plan.redoable, 1))


def take_step(context: Context, plan_id: int, event_id: str, make: Callable[[Transaction, Plan], Step | None]) -> Plan:
    """Add the step that ``make`` returns for the draft as it stands (None: nothing to do); undone steps are forgotten.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    PlanClosedError
        If the plan is no draft.
    """

    def step_on(work: Work, plan: Plan) -> None:
        require_draft(plan)
        step = make(work.tx, plan)
        if step is not None:
            _add_step(work, plan, step)

    return change_once(context, plan_id, event_id, step_on)


def _add_step(work: Work, plan: Plan, step: Step) -> None:
    position = plan.undoable + 1
    work.tx.plans.add_step(plan.id, position, **step_to_row(step), at=work.at, actor=work.actor.name)
    work.tx.plans.set_plan(plan.id, position=position)
    work.note(step=step.kind.value, removed=len(step.removed), added=len(step.added))


@use_case(Action.PLAN, "plan:{plan_id}")
def change_once(work: Work, plan_id: int, event_id: str, change: Callable[[Work, Plan], None]) -> Plan:
    """Make a change of a plan, told how it stands, unless its event has come before; return it as it stands then.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    """
    plan = fetch_plan_for(work.context, work.tx, plan_id)
    if work.tx.plans.note_event(plan_id, event_id, work.at):
        change(work, plan)
        work.tx.plans.set_plan(plan_id, changed_at=work.at, changed_by=work.actor.name)
        return fetch_plan(work.tx, plan_id)
    work.note(repeated=1)
    return plan


def fetch_plan(tx: Transaction, plan_id: int) -> Plan:
    """Return a plan inside a transaction.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    """
    row = tx.plans.read_plan(plan_id)
    if row is None:
        raise UnknownPlanError(plan_id)
    return plan_from_rows(row, tx.plans.read_steps([plan_id]).get(plan_id, []))


def fetch_plan_for(context: Context, tx: Transaction, plan_id: int) -> Plan:
    """Return a plan inside a transaction, if it is of the actor's area.

    Raises
    ------
    OutsideAreaError
        If it was made for a wider or another area.
    """
    plan = fetch_plan(tx, plan_id)
    if not context.scope_in(tx).covers(plan.area):
        raise OutsideAreaError([f"#{plan_id}"])
    return plan


def require_draft(plan: Plan) -> None:
    """Do nothing if a plan may be changed.

    Raises
    ------
    PlanClosedError
        If it is no draft.
    """
    if plan.state is not PlanState.DRAFT:
        raise PlanClosedError(plan.name)


def _walk(context: Context, plan_id: int, event_id: str, to: Callable[[Plan], int]) -> Plan:
    def walk(work: Work, plan: Plan) -> None:
        require_draft(plan)
        position = to(plan)
        rows = work.tx.plans.read_steps([plan_id]).get(plan_id, [])
        steps = [step_from_row(row) for row in rows[min(position, plan.undoable) : max(position, plan.undoable)]]
        content = {"position": position} | _settings_after(plan, steps, is_undone=position < plan.undoable)
        work.tx.plans.set_plan(plan_id, **content)

    return change_once(context, plan_id, event_id, walk)


def _settings_after(plan: Plan, steps: Sequence[Step], *, is_undone: bool) -> dict[str, object]:
    """Return what the settings of a plan become when steps are undone or done again; what orders tell stays."""
    changes = [step.settings for step in steps if step.settings is not None]
    if not changes:
        return {}
    settings = changes[0][0] if is_undone else changes[-1][1]
    kept = replace(settings, purpose=plan.settings.purpose, bring=plan.settings.bring)
    return {"settings": settings_to_json(kept, plan.area)}


def _new_row(work: Work, event_id: str) -> dict[str, object]:
    who = work.actor.name
    made = {"created_at": work.at, "created_by": who, "changed_at": work.at, "changed_by": who}
    return made | {"state": PlanState.DRAFT.value, "revision": 1, "event_id": event_id}


def _content(name: str, window: Window, mode: Mode, settings: PlanSettings, area: Area) -> dict[str, object]:
    return {
        "name": name,
        "window_start": iso(window.start),
        "window_end": iso(window.end),
        "mode": mode.value,
        "settings": settings_to_json(settings, area),
    }


def _versions(tx: Transaction) -> str:
    return json.dumps(versions_of_plan(tx.versions()))
