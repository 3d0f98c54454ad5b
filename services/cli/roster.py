"""``gridmuster roster``: make, fill, look at and publish what the page 值守 does by hand."""

from datetime import datetime, time
from typing import Annotated
from uuid import uuid4

import typer

from geo.optimise import Progress
from services import rostering
from services.cli.app import app
from services.cli.plan import stoppable
from services.cli.plan_texts import make_table, print_table
from services.cli.roster_texts import shift_row, tell_capacity, tell_figures, tell_handover, tell_proposal
from services.cli.shell import Exit, StoreOption, complain, console, context_for, refuse, say
from services.context import Context
from services.coverage import CoverageInputs, load_inputs
from services.i18n import text, translate
from services.modes import current_mode
from services.rostering import RosterSettings, RosterState
from services.rostering.group_texts import group_text
from services.rostering.handover_texts import HEADERS, row_texts
from services.rules.areas import parse_area
from services.rules.norm_texts import DAY_PART_NAMES
from services.rules.roster.duties import DUTY_STATE_NAMES, DutyState
from services.rules.roster.free_times import FreeAnswer
from services.rules.roster.pattern import HoursError, Pattern, parse_hours
from services.rules.roster.posts import PostKind
from services.rules.windows import MODE_NAMES, Mode
from services.wording import full_window, short_time
from services.wording import number as digits

roster_app = typer.Typer(no_args_is_help=True, help="值守表：生成班次、排人、发布。")
app.add_typer(roster_app, name="roster")

RosterNumber = Annotated[int, typer.Argument(help="值守表编号")]
ShiftNumber = Annotated[int, typer.Argument(help="班次编号")]
Why = Annotated[str, typer.Option("--reason", help="为什么破例（违反可以破例的规则时必须写）")]
_MOST_LINES = 30


@roster_app.command("new")
def new_command(
    area: Annotated[
        str, typer.Option("--area", help="范围，必须写明：图层:编号，如 communities:440114001；全部写 all")
    ],
    start: Annotated[datetime, typer.Option("--start", formats=["%Y-%m-%d"], help="第一天，如 2026-11-30")],
    days: Annotated[int, typer.Option("--days", min=1, max=31, help="几天")] = 7,
    store: StoreOption = "",
    mode: Annotated[Mode | None, typer.Option("--mode", help="状态；不写则用当前状态")] = None,
    name: Annotated[str, typer.Option("--name", help="值守表名称")] = "",
) -> None:
    """新建一张空的值守表。"""
    context = context_for(store)
    chosen = mode or current_mode(context).mode
    made = rostering.create_roster(context, parse_area(area), start.date(), days, chosen, event_id=_event(), name=name)
    say("Roster {number} “{name}” is made; generate its shifts next", number=made.id, name=made.name)


@roster_app.command("list")
def list_command(store: StoreOption = "") -> None:
    """列出值守表，时间最近的在前。"""
    table = make_table(text("Number"), text("Name"), text("State"), text("Period"), text("Mode"), text("Covers"))
    for roster in rostering.list_rosters(context_for(store), *RosterState):
        table.add_row(
            str(roster.id),
            roster.name,
            translate(rostering.ROSTER_STATE_NAMES[roster.state]),
            full_window(roster.period),
            translate(MODE_NAMES[roster.mode]),
            str(roster.area),
        )
    print_table(table)


@roster_app.command("generate")
def generate_command(
    number: RosterNumber,
    store: StoreOption = "",
    hours: Annotated[str, typer.Option("--hours", help="一天里的哪些小时，如 08-22")] = "00-24",
    pattern: Annotated[
        Pattern, typer.Option("--pattern", help="班制：2h 每两小时，four 四班，halves 两批，8h 三班")
    ] = Pattern.TWO_HOURS,
    kinds: Annotated[str, typer.Option("--kinds", help="岗位类型，用逗号隔开；不写则全部")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """按需求生成班次；先说清要多少人次、最多排得满多少。"""
    settings = _settings(hours, pattern, kinds)
    context = context_for(store)
    inputs = load_inputs(context)
    if dry_run:
        roster, plan, people = rostering.look_at_shifts(context, number, inputs, settings)
        tell_capacity(rostering.capacity_of(roster, plan.total, people))
        say("Nothing was written: {count} shifts at {posts} posts", count=plan.count, posts=len(plan.posts))
        return
    made = rostering.generate_shifts(context, number, inputs, settings, event_id=_event())
    tell_capacity(rostering.capacity_of(made.roster, made.seats, made.people))
    say("{count} shifts are there; {posts} posts were made for them", count=made.shifts, posts=made.new_posts)
    if made.no_longer_needed:
        say("{count} shifts are no longer needed and stay, as somebody stands in them", count=made.no_longer_needed)


@roster_app.command("show")
def show_command(
    number: RosterNumber,
    store: StoreOption = "",
    open_only: Annotated[bool, typer.Option("--open", help="只列有空缺的班次")] = False,  # noqa: FBT002 - a flag of the shell
    day: Annotated[datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="只列哪一天")] = None,
) -> None:
    """查看一张值守表：席位、空缺、谁在哪一班。"""
    board = rostering.read_board(*_of(context_for(store), number))
    tell_figures(board)
    shifts = [
        shift
        for shift in board.shifts
        if (day is None or shift.window.start.date() == day.date()) and (not open_only or board.open_seats(shift))
    ]
    table = make_table(
        text("Shift"), text("Time of the shift"), text("Post"), text("People"), text("Open"), text("Who is in it")
    )
    for shift in shifts[:_MOST_LINES]:
        table.add_row(*shift_row(board, shift))
    print_table(table)
    if len(shifts) > _MOST_LINES:
        say("… and {count} more", count=len(shifts) - _MOST_LINES)


@roster_app.command("handover")
def handover_command(
    store: StoreOption = "",
    at: Annotated[datetime | None, typer.Option("--at", help="看哪一刻，如 2026-11-30T20:00；不写则为现在")] = None,
    community: Annotated[str, typer.Option("--community", help="只看这个社区（编号）")] = "",
) -> None:
    """交接：按已发布的值守表，每个岗位谁在岗，两小时内谁离岗、谁到岗，缺几人；无人的岗位在前。"""
    context = context_for(store)
    handover = rostering.read_handover(context, load_inputs(context), at or context.clock()).within(community)
    tell_handover(handover)
    table = make_table(*HEADERS)
    for row in handover.rows[:_MOST_LINES]:
        table.add_row(*row_texts(handover, row))
    print_table(table)
    if len(handover.rows) > _MOST_LINES:
        say("… and {count} more", count=len(handover.rows) - _MOST_LINES)
    if handover.figures.unmanned or handover.figures.unmanned_soon:
        raise typer.Exit(Exit.ROWS_REJECTED)


@roster_app.command("candidates")
def candidates_command(number: RosterNumber, shift: ShiftNumber, store: StoreOption = "") -> None:
    """一个班次可以请谁，最合适的在前；然后是可以出人的队伍和单位。"""
    context = context_for(store)
    inputs = load_inputs(context)
    table = make_table(text("Code"), text("Name"), text("Answer"), text("Duties"), text("Walk (min)"), text("Rules"))
    for person in rostering.find_candidates(context, number, shift, inputs):
        candidate = person.candidate
        minutes = "" if candidate.minutes is None else f"{candidate.minutes:.0f}"
        rules = " ".join(translate(breach.text) for breach in candidate.breaches)
        answer = translate(rostering.ANSWER_NAMES[candidate.answer])
        table.add_row(candidate.member_code, person.name, answer, str(candidate.count), minutes, rules)
    print_table(table)
    groups = make_table(text("Code"), text("Team or unit"), text("How many"))
    for group in rostering.find_groups(context, number, shift, inputs):
        groups.add_row(group.code, group.name, group_text(group))
    print_table(groups)


@roster_app.command("propose")
def propose_command(
    number: RosterNumber,
    store: StoreOption = "",
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="最多算多少秒；按 Ctrl-C 可提前结束")] = 60.0,
    alone: Annotated[bool, typer.Option("--alone", help="各社区只排自己的人，不互相支援")] = False,  # noqa: FBT002 - a flag of the shell
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """拟排：为空缺的席位找人，存为一步，可以撤销。"""
    context, _number, inputs = _of(context_for(store), number)

    def tell(progress: Progress) -> None:
        status.update(translate("{seconds} s so far", seconds=round(progress.seconds)))

    with stoppable() as stopped, console.status(translate("Looking for people")) as status:
        found = rostering.propose_duties(
            context, number, inputs, seconds=seconds, is_alone=alone, is_cancelled=stopped.is_set, report=tell
        )
    tell_proposal(found)
    if not dry_run:
        rostering.accept_duties(context, found, inputs, event_id=_event())
        say(
            "{count} duties are in the roster; “roster undo {number}” takes them out",
            count=len(found.seatings),
            number=number,
        )


@roster_app.command("capacity")
def capacity_command(
    number: RosterNumber,
    store: StoreOption = "",
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="最多算多少秒；按 Ctrl-C 可提前结束")] = 60.0,
) -> None:
    """力量测算：不点名，先看最多排得满多少。"""
    context, _number, inputs = _of(context_for(store), number)
    with stoppable() as stopped, console.status(translate("Looking for people")):
        most = rostering.find_roster_capacity(context, number, inputs, seconds=seconds, is_cancelled=stopped.is_set)
    if most is None:
        complain("Nothing was found in this time; give it longer with --seconds.")
        raise typer.Exit(Exit.FAILED)
    say("At most {filled} of {seats} seats can be filled", filled=digits(most.filled), seats=digits(most.seats))
    for part, (filled, seats) in most.parts.items():
        say(
            "{part}: {filled} of {seats}",
            part=translate(DAY_PART_NAMES[part]),
            filled=digits(filled),
            seats=digits(seats),
        )


@roster_app.command("away")
def away_command(
    member: Annotated[str, typer.Argument(help="人员编号")],
    start: Annotated[datetime, typer.Option("--from", help="从何时，如 2026-11-30T08:00")],
    end: Annotated[datetime, typer.Option("--until", help="到何时，如 2026-12-02T00:00")],
    store: StoreOption = "",
) -> None:
    """记下一个人请假：这段时间不排班，不记原因。"""
    rostering.note_absence(context_for(store), member, start, end)
    say("{member} is away from {start} to {end}", member=member, start=short_time(start), end=short_time(end))


@roster_app.command("free")
def free_command(
    member: Annotated[str, typer.Argument(help="人员编号")],
    hours: Annotated[str, typer.Option("--hours", help="一天里的哪些小时，如 18-22")],
    answer: Annotated[FreeAnswer, typer.Option("--answer", help="yes 能来，if_needed 缺人时能来，no 来不了")],
    weekday: Annotated[
        int, typer.Option("--weekday", min=0, max=9, help="0 周一 … 6 周日，7 休息日，8 工作日，9 每天")
    ] = 9,
    store: StoreOption = "",
) -> None:
    """记下一个人每周什么时候能来、来不了。"""
    try:
        day = parse_hours(hours)
    except HoursError as error:
        refuse(error.text)
    if answer not in {FreeAnswer.YES, FreeAnswer.IF_NEEDED, FreeAnswer.NO}:
        refuse("Give yes, if_needed or no")
    context = context_for(store)
    start, end = time(day.start), time(day.end % 24)
    rostering.note_free_time(context, member, start, end, answer, weekday=weekday, since=context.clock().date())
    say("{member}, {hours}: {answer}", member=member, hours=hours, answer=translate(rostering.ANSWER_NAMES[answer]))


@roster_app.command("put")
def put_command(
    number: RosterNumber,
    shift: ShiftNumber,
    member: Annotated[str, typer.Argument(help="人员编号；排队伍或单位的人时不写")] = "",
    store: StoreOption = "",
    team: Annotated[str, typer.Option("--team", help="队伍编号：排它的几个人，不写姓名")] = "",
    unit: Annotated[str, typer.Option("--unit", help="单位编号：排它的几个人，不写姓名")] = "",
    heads: Annotated[int, typer.Option("--heads", min=1, help="队伍或单位的几个人")] = 1,
    reason: Why = "",
    reserve: Annotated[bool, typer.Option("--reserve", help="列为备勤")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """把一个人，或一个队伍、单位的几个人排进一个班次。"""
    if [bool(member), bool(team), bool(unit)].count(True) != 1 or (member and heads > 1):
        refuse("Give one member, or a team or a unit with --heads")
    context = context_for(store)
    state = DutyState.RESERVE if reserve else None
    seating = rostering.Seating(shift, member, state, team_code=team, unit_code=unit, heads=heads)
    inputs = load_inputs(context)
    rostering.put_duties(context, number, [seating], inputs, event_id=_event(), reason=reason)
    if member:
        say("{member} is in shift {shift}", member=member, shift=shift)
    else:
        say("{n} people of {group} are in shift {shift}", n=heads, group=team or unit, shift=shift)


@roster_app.command("take")
def take_command(
    number: RosterNumber,
    duty: Annotated[int, typer.Argument(help="值守编号")],
    store: StoreOption = "",
) -> None:
    """把一个人从班次里撤下。"""
    rostering.take_out(context_for(store), number, [duty], event_id=_event())
    say("Duty {number} is taken out", number=duty)


@roster_app.command("swap")
def swap_command(
    number: RosterNumber,
    one: Annotated[int, typer.Argument(help="值守编号")],
    other: Annotated[int, typer.Argument(help="另一个值守编号")],
    store: StoreOption = "",
    reason: Why = "",
) -> None:
    """让两个人互换班次。"""
    context = context_for(store)
    rostering.swap_duties(context, number, (one, other), load_inputs(context), event_id=_event(), reason=reason)
    say("Duties {one} and {other} are swapped", one=one, other=other)


@roster_app.command("state")
def state_command(
    number: RosterNumber,
    duty: Annotated[int, typer.Argument(help="值守编号")],
    state: Annotated[
        DutyState, typer.Argument(help="confirmed 已确认，reserve 备勤，absent 未到，excused 请假，done 已完成")
    ],
    store: StoreOption = "",
) -> None:
    """记下一个人这一班说定到哪一步。"""
    rostering.set_duty_state(context_for(store), number, [duty], state, event_id=_event())
    say("Duty {number}: {state}", number=duty, state=translate(DUTY_STATE_NAMES[state]))


@roster_app.command("undo")
def undo_command(number: RosterNumber, store: StoreOption = "") -> None:
    """撤销最后一步。"""
    rostering.undo_roster(*_of(context_for(store), number), event_id=_event())
    say("The last step of roster {number} is undone", number=number)


@roster_app.command("publish")
def publish_command(number: RosterNumber, store: StoreOption = "") -> None:
    """发布一张值守表：排上的人转为待确认。"""
    done = rostering.publish_roster(*_of(context_for(store), number), event_id=_event())
    say(
        "Roster {number} is published: {people} of {seats} seats are taken, {waiting} people are to confirm",
        number=number,
        people=digits(done.people),
        seats=digits(done.seats),
        waiting=digits(done.to_confirm),
    )
    if done.missing:
        say("Missing: {people}", people=rostering.missing_words(done.missing))
    if done.people < done.seats or done.missing:
        raise typer.Exit(Exit.ROWS_REJECTED)


@roster_app.command("confirm")
def confirm_command(
    number: RosterNumber,
    community: Annotated[str, typer.Option("--community", help="只记这个社区（编码）")] = "",
    day: Annotated[datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="只记这一天")] = None,
    store: StoreOption = "",
) -> None:
    """把待确认的人一次记为已确认：整张表、一个社区或一天。"""
    context, _, inputs = _of(context_for(store), number)
    board = rostering.read_board(context, number, inputs)
    names = rostering.community_names(board, inputs)
    if community and community not in names:
        there = "、".join(f"{code} {name}" for code, name in names.items())
        refuse("The roster has no posts in {community}; it has them in {there}", community=community, there=there)
    duties = [duty.id for duty in board.to_confirm(community, day.date() if day else None)]
    rostering.set_duty_state(context, number, duties, DutyState.CONFIRMED, event_id=_event())
    say("{n} duties of roster {number} are noted as confirmed", n=digits(len(duties)), number=number)


@roster_app.command("close")
def close_command(number: RosterNumber, store: StoreOption = "") -> None:
    """关闭一张值守表：不再改动。"""
    rostering.close_roster(context_for(store), number, event_id=_event())
    say("Roster {number} is closed", number=number)


def _settings(hours: str, pattern: Pattern, kinds: str) -> RosterSettings:
    chosen = tuple(kind.strip() for kind in kinds.replace("，", ",").split(",") if kind.strip())
    if wrong := [kind for kind in chosen if kind not in set(PostKind)]:
        refuse("There is no kind of post {kind}; give of {kinds}", kind=wrong[0], kinds=" ".join(PostKind))
    try:
        return RosterSettings(pattern, parse_hours(hours), chosen)
    except HoursError as error:
        refuse(error.text)


def _of(context: Context, number: int) -> tuple[Context, int, CoverageInputs]:
    return context, number, load_inputs(context)


def _event() -> str:
    return uuid4().hex
