"""``gridmuster plan``: propose, look at, send and call back what the page 调度 does by hand."""

import contextlib
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Annotated
from uuid import uuid4

import typer

from geo.optimise import Progress
from services import planning
from services.accounts import read_imprint
from services.catalog.actions import Action
from services.cli.app import app
from services.cli.files import check_target, write_new
from services.cli.plan_texts import (
    STATE_NAMES,
    compare_plans,
    make_table,
    print_table,
    show_plan,
    show_stale_moves,
    tell_changes,
    tell_proposal,
    tell_refusal,
    tell_windows,
)
from services.cli.shell import Exit, StoreOption, complain, console, context_for, read_window, refuse, say
from services.context import Context
from services.coverage import load_inputs, travel_note
from services.export.facts import holds_demo, record_export
from services.export.orders import orders_pdf, orders_text, orders_xlsx
from services.i18n import text, translate
from services.modes import current_mode
from services.planning import Plan, PlanningSnapshot, PlanProposal, PlanSettings, PlanState
from services.planning.order_sheets import read_order_lines
from services.rules.rest import MOST_WINDOWS
from services.rules.windows import MODE_NAMES, Mode, Window, windows_after
from services.wording import full_window

plan_app = typer.Typer(no_args_is_help=True, help="方案与派单：拟订、查看、下达、召回。")
app.add_typer(plan_app, name="plan")

PlanNumber = Annotated[int, typer.Argument(help="方案编号")]
ORDER_FILES = (".txt", ".xlsx", ".pdf")


@plan_app.command("propose")
def propose_command(
    store: StoreOption = "",
    window: Annotated[
        str, typer.Option("--window", help="时段：now、tonight、tomorrow-morning、weekend，或“起/止”")
    ] = "tonight",
    windows: Annotated[
        str,
        typer.Option(
            "--windows", help="几个时段一起拟订（最多 5 个，用逗号分开），代替 --window；coming 为接下来 5 个"
        ),
    ] = "",
    mode: Annotated[Mode | None, typer.Option("--mode", help="状态；不写则用当前状态")] = None,
    name: Annotated[str, typer.Option("--name", help="方案名称")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="任务，写在派单上")] = "",
    reach: Annotated[float, typer.Option("--reach", min=0, help="步行多少分钟以内")] = 30.0,
    floor: Annotated[
        float, typer.Option("--floor", min=0, max=1, help="出借网格至少保留自身需求的几成；0 为不限")
    ] = 1.0,
    plain: Annotated[bool, typer.Option("--plain", help="缺的每个人都算一样重（默认缺得越多越要紧）")] = False,  # noqa: FBT002 - a flag of the shell
    keep_all: Annotated[bool, typer.Option("--keep-all", help="不够分时，出借网格也留足自身需求")] = False,  # noqa: FBT002 - a flag of the shell
    person_price: Annotated[
        float, typer.Option("--person-price", min=0, max=1, help="每派 1 人至少要补上几个人")
    ] = 0.1,
    part_price: Annotated[
        float, typer.Option("--part-price", min=0, max=2, help="志愿服务队每拆出一处还要多补上几个人；0 为不计")
    ] = 0.0,
    minutes_per_person: Annotated[
        float, typer.Option("--minutes-per-person", min=0, max=6000, help="走多少人·分钟抵 1 人；0 为不计")
    ] = 300.0,
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="最多算多少秒；按 Ctrl-C 可提前结束")] = 20.0,
) -> None:
    """拟订一个方案，存为草稿；几个时段一起拟订时，每个时段一份草稿。"""
    context = context_for(store)
    settings = PlanSettings(
        reach_minutes=reach,
        floor_share=floor,
        purpose=purpose,
        is_rising=not plain,
        keeps_mean_share=not keep_all,
        person_price=person_price,
        part_price=part_price,
        minutes_per_person=minutes_per_person,
    )
    chosen = mode or current_mode(context).mode
    if windows:
        _propose_together(context, _read_windows(context, window, windows), chosen, settings, name, seconds)
        return
    when = read_window(context, window)
    plan = planning.create_plan(context, when, chosen, event_id=_event(), name=name, settings=settings)
    snapshot = _board(context, plan)
    found = _propose(snapshot, plan, seconds)
    plan = planning.accept_all(context, plan.id, found.moves, event_id=_event())
    show_plan(snapshot, plan)
    tell_proposal(snapshot, found)
    console.print(translate(travel_note(snapshot.coverage_inputs.travel_times.travel)), markup=False, soft_wrap=True)


@plan_app.command("show")
def show_command(
    number: PlanNumber,
    store: StoreOption = "",
    beside: Annotated[int | None, typer.Option("--beside", help="与另一个方案对比")] = None,
) -> None:
    """查看一个方案：调配、前后对比、数据有没有变。"""
    context = context_for(store)
    plan = planning.read_plan(context, number)
    snapshot = _board(context, plan)
    show_plan(snapshot, plan)
    if plan.state is PlanState.DRAFT:
        tell_changes(planning.review_plan(context, number, snapshot.grids).changes)
        show_stale_moves(snapshot, plan)
    if beside is not None:
        other = planning.read_plan(context, beside)
        compare_plans((snapshot, plan), (_board(context, other), other))


@plan_app.command("commit")
def commit_command(
    number: PlanNumber,
    store: StoreOption = "",
    seen: Annotated[bool, typer.Option("--seen", help="数据变动已看过，按现在的数据下达")] = False,  # noqa: FBT002 - a flag of the shell
    rest: Annotated[bool, typer.Option("--rest", help="去掉不能下达的调配，下达其余的")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """下达一个方案：全部成为派单，或者一个也不下达。"""
    context = context_for(store)
    if seen:
        versions = planning.review_plan(context, number).versions
        planning.acknowledge(context, number, versions, event_id=_event())
    plan = planning.read_plan(context, number)
    minutes = planning.travel_minutes(_board(context, plan), plan)
    answer = planning.commit_plan(context, number, minutes)
    if rest and answer.obstacles and not answer.outdated:
        planning.drop_moves(context, number, [change.key for change in answer.obstacles], event_id=_event())
        tell_changes(answer.obstacles)
        answer = planning.commit_plan(context, number, minutes)
    if answer.is_sent:
        say("Plan {number} is sent out: {count} orders", number=number, count=len(answer.orders))
        if answer.released:
            say("{n} shifts of their people are open now", n=answer.released)
        return
    tell_refusal(answer)
    raise typer.Exit(Exit.FAILED)


@plan_app.command("list")
def list_command(
    store: StoreOption = "",
    discarded: Annotated[bool, typer.Option("--discarded", help="只列已作废的")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """列出方案，最近改动的在前。"""
    context = context_for(store)
    table = make_table(
        text("Number"),
        text("Name"),
        text("State"),
        text("Window"),
        text("Mode"),
        text("Moves"),
        text("People"),
        text("Changed"),
    )
    for plan in planning.list_plans(context, *([PlanState.DISCARDED] if discarded else [])):
        people = sum(move.people for move in plan.moves)
        changed = f"{plan.changed_at:%m-%d %H:%M} {plan.changed_by}"
        when = full_window(plan.window)
        row = (plan.name, translate(STATE_NAMES[plan.state]), when, translate(MODE_NAMES[plan.mode]))
        table.add_row(str(plan.id), *row, str(len(plan.moves)), str(people), changed)
    print_table(table)


@plan_app.command("orders")
def orders_command(
    number: PlanNumber,
    store: StoreOption = "",
    out: Annotated[Path | None, typer.Option("--out", help="结果文件：.txt .xlsx .pdf；不写则显示文字")] = None,
) -> None:
    """导出一个方案的派单：每队一份，每个接收社区一份名单。"""
    suffix = "" if out is None else check_target(out, ORDER_FILES, store)
    context = context_for(store)
    plan = planning.read_plan(context, number)
    lines = read_order_lines(context, planning.orders_of_plan(context, plan.id))
    if not lines:
        complain("Plan {number} has no orders; send it out first", number=number)
        raise typer.Exit(Exit.FAILED)
    if out is None:
        console.print(orders_text(lines), markup=False, soft_wrap=True)
        return
    record_export(context, f"orders:{number}", orders=len(lines))
    fictitious, imprint = holds_demo(context, Action.EXPORT), read_imprint(context)
    made = {
        ".txt": lambda: orders_text(lines).encode("utf-8-sig"),
        ".xlsx": lambda: orders_xlsx(lines, context.clock(), fictitious=fictitious, imprint=imprint),
        ".pdf": lambda: orders_pdf(lines, context.clock(), fictitious=fictitious, imprint=imprint),
    }[suffix]()
    write_new(out, made)
    say("{count} orders written to {file}", count=len(lines), file=str(out))


def _propose_together(
    context: Context, windows: Sequence[Window], mode: Mode, settings: PlanSettings, name: str, seconds: float
) -> None:
    """Look for a proposal for several windows, and make a draft of each."""
    coverage_inputs = load_inputs(context)
    snapshots = [planning.load_snapshot(context, coverage_inputs, window, mode) for window in windows]
    plans = [planning.sketch_plan(snapshot, settings) for snapshot in snapshots]
    with _watching(snapshots[0]) as (is_stopped, tell):
        found = planning.propose_windows(snapshots, plans, seconds=seconds, is_cancelled=is_stopped, report=tell)
    accepted = planning.accept_windows(context, found, event_id=_event(), name=name)
    for snapshot, plan in zip(snapshots, accepted, strict=True):
        show_plan(snapshot, plan)
    tell_windows(found)
    console.print(translate(travel_note(coverage_inputs.travel_times.travel)), markup=False, soft_wrap=True)


def _read_windows(context: Context, first: str, words: str) -> tuple[Window, ...]:
    """Return the windows that an option says; what cannot be planned together ends the command."""
    if words.strip() == "coming":
        begin = read_window(context, first)
        return (begin, *windows_after(begin, MOST_WINDOWS - 1))
    try:
        return planning.check_windows([read_window(context, each) for each in re.split("[,，]", words)])
    except planning.JointWindowsError as error:
        refuse(error.text)


def _propose(snapshot: PlanningSnapshot, plan: Plan, seconds: float) -> PlanProposal:
    """Look for a proposal."""
    with _watching(snapshot) as (is_stopped, tell):
        return planning.propose_plan(snapshot, plan, seconds=seconds, is_cancelled=is_stopped, report=tell)


@contextlib.contextmanager
def _watching(snapshot: PlanningSnapshot) -> Iterator[tuple[Callable[[], bool], Callable[[Progress], None]]]:
    """Give what says that Ctrl-C was pressed, and what is told how far a search is, for one line on a terminal."""

    def tell(progress: Progress) -> None:
        cost, bound = f"{progress.cost:,.1f}", f"{progress.bound:,.1f}"
        status.update(translate("{cost} weighted people so far, at least {bound}", cost=cost, bound=bound))

    ways = translate("Working out the ways along the roads")
    with stoppable() as stopped, console.status(ways) as status:
        snapshot.find_walks(lambda share: status.update(f"{ways} {share:.0%}"))
        yield stopped.is_set, tell


def _event() -> str:
    return uuid4().hex


def _board(context: Context, plan: Plan) -> PlanningSnapshot:
    return planning.load_snapshot(context, load_inputs(context), plan.window, plan.mode)


@contextlib.contextmanager
def stoppable() -> Iterator[Event]:
    """Give an event that Ctrl-C sets, so that the best plan so far is kept."""
    stopped = Event()
    before = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
