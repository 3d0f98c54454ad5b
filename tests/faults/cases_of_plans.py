"""Use cases that write plans, orders, teams and calls."""

from collections.abc import Callable
from typing import Any, Final

from geo.schema import Layer
from services.context import Context
from services.export.facts import record_export
from services.planning import (
    MeetingPoint,
    Move,
    acknowledge,
    clear_plan,
    commit_plan,
    copy_plan,
    create_plan,
    disband_team,
    discard_plan,
    form_team,
    give_out,
    note_meeting_points,
    pin,
    recall_order,
    recall_orders,
    redo,
    relieve_order,
    rename_plan,
    reopen_plan,
    report_orders,
    restore_plan,
    send,
    take_back,
    undo,
    withdraw_reports,
)
from services.planning.drafts import change_plan
from services.planning.model import PlanSettings
from services.planning.moves import accept_all, drop_moves, unpin
from services.planning.order_sheets import read_order_lines
from services.planning.orders import orders_between
from services.planning.team_forming import Holder
from services.rules.order_steps import OrderStep
from services.rules.team_templates import one_plus_n
from services.rules.windows import Mode
from tests.services.planning.conftest import EVENING

from .case import Case, nothing

CHANGE: Final = "services.planning.drafts.change_once"
MOVES: Final = [Move("T1", "G3", 12), Move("T2", "G2", 6)]
BOTH: Final = [("T1", "G2"), ("T2", "G3")]


def draft(office: Context) -> int:
    plan = create_plan(office, EVENING, Mode.EMERGENCY, event_id="a", name="今晚")
    send(office, plan.id, Move("T1", "G2", 12), event_id="b")
    send(office, plan.id, Move("T2", "G3", 6), event_id="c")
    return plan.id


def order(office: Context) -> int:
    commit_plan(office, draft(office))
    return orders_between(office, EVENING)[0].id


def both(office: Context) -> list[int]:
    order(office)
    return [each.id for each in orders_between(office, EVENING)]


def sent(office: Context) -> int:
    plan_id = draft(office)
    commit_plan(office, plan_id)
    return plan_id


def reported(office: Context) -> int:
    number = order(office)
    report_orders(office, [number], OrderStep.RECEIVED)
    return number


def formed(office: Context) -> str:
    return form(office, None).code


def form(office: Context, _: object) -> Any:
    held = [Holder("M001"), Holder("M002"), Holder(name="外来人")]
    return form_team(office, grid_code="G1", name="新队", template=one_plus_n(3), holders=held, event_id="form")


def another_plan(make: Callable[[Context, int], object]) -> Callable[[Context], int]:
    """Return what makes a draft and does something to it."""

    def prepare(office: Context) -> int:
        plan_id = draft(office)
        make(office, plan_id)
        return plan_id

    return prepare


NEAR: Final = PlanSettings(reach_minutes=20)

CASES: Final = (
    Case(
        "create a plan",
        ("services.planning.drafts.create_plan",),
        nothing,
        lambda o, _: create_plan(o, EVENING, Mode.ROUTINE, event_id="new"),
    ),
    Case("copy a plan", ("services.planning.drafts.copy_plan",), draft, lambda o, k: copy_plan(o, k, event_id="n")),
    Case("rename a plan", (CHANGE,), draft, lambda o, k: rename_plan(o, k, "新名", event_id="n")),
    Case("change a plan", (CHANGE,), draft, lambda o, k: change_plan(o, k, event_id="n", mode=Mode.ROUTINE)),
    Case("change settings", (CHANGE,), draft, lambda o, k: change_plan(o, k, event_id="n", settings=NEAR)),
    Case(
        "undo settings",
        (CHANGE,),
        another_plan(lambda o, k: change_plan(o, k, event_id="s", settings=NEAR)),
        lambda o, k: undo(o, k, event_id="n"),
    ),
    Case("discard a plan", (CHANGE,), draft, lambda o, k: discard_plan(o, k, event_id="n")),
    Case(
        "restore a plan",
        (CHANGE,),
        another_plan(lambda o, k: discard_plan(o, k, event_id="d")),
        lambda o, k: restore_plan(o, k, event_id="n"),
    ),
    Case("send", (CHANGE,), draft, lambda o, k: send(o, k, Move("T3", "G2", 8), event_id="n")),
    Case("take a move back", (CHANGE,), draft, lambda o, k: take_back(o, k, "T1", event_id="n")),
    Case("clear a plan", (CHANGE,), draft, lambda o, k: clear_plan(o, k, event_id="n")),
    Case("drop moves", (CHANGE,), draft, lambda o, k: drop_moves(o, k, BOTH, event_id="n")),
    Case("pin", (CHANGE,), draft, lambda o, k: pin(o, k, BOTH, event_id="n")),
    Case(
        "unpin",
        (CHANGE,),
        another_plan(lambda o, k: pin(o, k, BOTH, event_id="p")),
        lambda o, k: unpin(o, k, BOTH, event_id="n"),
    ),
    Case("accept all", (CHANGE,), draft, lambda o, k: accept_all(o, k, MOVES, event_id="n")),
    Case("undo", (CHANGE,), draft, lambda o, k: undo(o, k, event_id="n")),
    Case(
        "redo",
        (CHANGE,),
        another_plan(lambda o, k: undo(o, k, event_id="u")),
        lambda o, k: redo(o, k, event_id="n"),
    ),
    Case("acknowledge", (CHANGE,), draft, lambda o, k: acknowledge(o, k, {"grids": 1}, event_id="n")),
    Case("commit a plan", ("services.planning.commit.commit_plan",), draft, commit_plan),
    Case(
        "recall",
        ("services.planning.recall.recall_order",),
        order,
        lambda o, k: recall_order(o, k, reason="雨停了"),
    ),
    Case(
        "recall several",
        ("services.planning.recall.recall_orders",),
        both,
        lambda o, numbers: recall_orders(o, numbers, reason="雨停了"),
    ),
    Case(
        "take a plan back that was just sent",
        ("services.planning.recall.reopen_plan",),
        sent,
        lambda o, k: reopen_plan(o, k, event_id="n"),
    ),
    Case(
        "note meeting points",
        ("services.planning.meeting_points.note_meeting_points",),
        nothing,
        lambda o, _: note_meeting_points(o, {(Layer.GRIDS, code): MeetingPoint(code, "李四") for code in ("G2", "G3")}),
    ),
    Case(
        "report an order",
        ("services.planning.order_reports.report_orders",),
        order,
        lambda o, k: report_orders(o, [k], OrderStep.ARRIVED),
    ),
    Case(
        "take a report back",
        ("services.planning.order_reports.withdraw_reports",),
        reported,
        lambda o, k: withdraw_reports(o, [k], OrderStep.RECEIVED),
    ),
    Case(
        "relieve",
        ("services.planning.recall.relieve_order",),
        order,
        lambda o, k: relieve_order(o, k, "T3", reason="换班"),
    ),
    Case("form a team", ("services.planning.team_forming.form_team",), nothing, form),
    Case("dissolve a team", ("services.planning.disband.disband_team",), formed, disband_team),
    Case(
        "give calls out",
        ("services.planning.recruitment_calls.give_out",),
        nothing,
        lambda o, _: give_out(o, EVENING, {"G2": 5, "G3": 2}),
    ),
    Case(
        "take order sheets",
        ("services.planning.order_sheets.read_order_lines",),
        order,
        lambda o, _: read_order_lines(o, orders_between(o, EVENING)),
    ),
    Case(
        "export",
        ("services.export.facts.record_export",),
        nothing,
        lambda o, _: record_export(o, "coverage", rows=4),
    ),
)
