"""``gridmuster package``: posts and hours that units take over, their batches, and what is open in them."""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

import typer

from services import rostering
from services.cli.app import app
from services.cli.plan_texts import make_table, print_table
from services.cli.shell import Exit, StoreOption, context_for, refuse, say
from services.context import Context
from services.coverage import load_inputs
from services.i18n import text, translate
from services.rostering import PackageOffer, PackageView
from services.rostering.duty_words import duty_text
from services.rostering.package_texts import batch_words, day_words, package_notes, post_words, split_names
from services.rules.roster.packages import (
    PACKAGE_STATE_NAMES,
    OpenSeatNotice,
    PackagePost,
    parse_package_hours,
    take_turns,
    weekday_bits,
)
from services.rules.roster.pattern import HoursError
from services.rules.windows import Window
from services.wording import short_window

package_app = typer.Typer(no_args_is_help=True, help="承包：单位整段接下岗位的班次，分批派人。")
app.add_typer(package_app, name="package")

PackageNumber = Annotated[int, typer.Argument(help="承包编号")]
PackageShiftNumber = Annotated[int, typer.Argument(help="班次编号，由 package shifts 列出")]
_WEEK_DAYS = 7
_MOST_LINES = 30
_NOTICES = {
    OpenSeatNotice.LATER: text("for the unit"),
    OpenSeatNotice.UNIT: text("for the unit, within 24 hours"),
    OpenSeatNotice.COMMUNITY: text("for the community"),
}


@package_app.command("offer")
def offer_command(
    unit: Annotated[list[str], typer.Option("--unit", help="单位编号；写几个就依次各承包一周")],
    community: Annotated[str, typer.Option("--community", help="社区编号")],
    posts: Annotated[str, typer.Option("--posts", help="岗位编号，用逗号隔开")],
    start: Annotated[datetime, typer.Option("--start", formats=["%Y-%m-%d"], help="第一天，如 2026-11-30")],
    hours: Annotated[str, typer.Option("--hours", help="一天里从几点到几点，如 08-22；22-06 跨零点")] = "08-22",
    days: Annotated[int, typer.Option("--days", min=1, max=31, help="几天；几个单位轮流时不用写，每家一周")] = 7,
    weekdays: Annotated[str, typer.Option("--weekdays", help="星期几，1 到 7，如 12345")] = "1234567",
    name: Annotated[str, typer.Option("--name", help="承包名称")] = "",
    store: StoreOption = "",
) -> None:
    """向单位发出承包；单位接受以前不占席位。"""
    own = tuple(_post(code.strip(), hours, weekdays) for code in posts.split(",") if code.strip())
    turns = take_turns(unit, start.date()) if len(unit) > 1 else [(unit[0], None)]
    context = context_for(store)
    for code, week in turns:
        offer = PackageOffer(
            unit_code=code,
            community_code=community,
            start=week.start.date() if week else start.date(),
            days=_WEEK_DAYS if week else days,
            posts=own,
            name=name,
        )
        made = rostering.offer_package(context, offer, event_id=uuid4().hex)
        say("Package {number} is offered to {unit}", number=made.id, unit=code)
        _tell(_view(context, made.id))


@package_app.command("accept")
def accept_command(
    number: PackageNumber,
    store: StoreOption = "",
    people: Annotated[int | None, typer.Option("--people", min=1, help="单位能派多少人；不写则按名册人数")] = None,
) -> None:
    """代单位接受承包：岗位和时段里的席位从此归该单位。"""
    context = context_for(store)
    rostering.accept_package(context, number, people)
    say("Package {number} is accepted: its seats are the unit's now", number=number)
    _tell(_view(context, number))


@package_app.command("decline")
def decline_command(number: PackageNumber, store: StoreOption = "") -> None:
    """代单位谢绝承包。"""
    rostering.decline_package(context_for(store), number)
    say("Package {number} is declined", number=number)


@package_app.command("withdraw")
def withdraw_command(number: PackageNumber, store: StoreOption = "") -> None:
    """撤回承包：席位重新空出，什么都不删除。"""
    opened = rostering.withdraw_package(context_for(store), number)
    say("Package {number} is withdrawn: {n} seats that its people had are open again", number=number, n=opened)


@package_app.command("batches")
def batches_command(
    number: PackageNumber,
    store: StoreOption = "",
    split: Annotated[int | None, typer.Option("--split", min=1, help="分成几批，首尾相接")] = None,
    people: Annotated[int | None, typer.Option("--people", min=1, help="一共多少人；不写则按承诺或名册人数")] = None,
    batch: Annotated[int | None, typer.Option("--batch", min=1, help="第几批")] = None,
    names: Annotated[str, typer.Option("--names", help="这一批的人：全名或人员编号，用逗号隔开")] = "",
    out: Annotated[str, typer.Option("--out", help="从这一批移出的人员编号")] = "",
) -> None:
    """分批，填报每批的人；不写选项则只列出。"""
    if (names or out) and batch is None:
        refuse("Say which batch: --batch 1")
    context = context_for(store)
    if split is not None:
        rostering.split_package(context, number, people or _view(context, number).capacity.people, split)
    if batch is not None and names:
        rostering.name_batch(context, number, batch, split_names(names))
    if batch is not None and out:
        rostering.leave_batch(context, number, batch, out)
    view = _view(context, number)
    for each in view.package.batches:
        said = "、".join(f"{view.names[code]} {code}" for code in sorted(each.members) if code in view.names)
        if said:
            say("{member}: {said}", member=translate(batch_words(each)), said=said)
        else:
            say(batch_words(each))


@package_app.command("seat")
def seat_command(
    number: PackageNumber,
    roster: Annotated[int, typer.Argument(help="值守表编号")],
    store: StoreOption = "",
) -> None:
    """把批次里的人依次排进承包的空缺，存为一步，可以撤销。"""
    context = context_for(store)
    found = rostering.seat_batches(context, roster, number, load_inputs(context), event_id=uuid4().hex)
    if found is None:
        return
    say("{n} person-shifts are taken by people of the batches, {open} stay open", n=found.seated, open=found.open)
    for member, breach in found.elsewhere.items():
        say("{member}: {said}", member=member, said=translate(breach.text))


@package_app.command("shifts")
def shifts_command(number: PackageNumber, store: StoreOption = "") -> None:
    """列出承包的班次：席位、本单位谁在班；姓名已隐去，# 后是值守编号。"""
    seats = rostering.read_package_seats(context_for(store), number)
    table = make_table(text("Shift"), text("Time of the shift"), text("Taken"), text("People of the unit"))
    for each in seats.shifts:
        own = "、".join(f"{duty_text(duty, seats.names, {})} {duty.member_code} #{duty.id}" for duty in each.own)
        taken = f"{each.filled}/{each.shift.seats}"
        table.add_row(str(each.shift.id), f"{short_window(each.shift.window)}", taken, own)
    print_table(table)


@package_app.command("put")
def put_command(
    number: PackageNumber,
    shift: PackageShiftNumber,
    names: Annotated[str, typer.Argument(help="本单位的人：全名或人员编号，用逗号隔开")],
    store: StoreOption = "",
    reason: Annotated[str, typer.Option("--reason", help="破例的理由")] = "",
) -> None:
    """把本单位的人排进承包的一个班次，存为一步，可以撤销。"""
    context = context_for(store)
    people = split_names(names)
    inputs = load_inputs(context)
    rostering.seat_unit_members(context, number, shift, people, inputs, event_id=uuid4().hex, reason=reason)
    say("{n} people are put into the shift.", n=len(people))


@package_app.command("take")
def take_command(
    number: PackageNumber,
    shift: PackageShiftNumber,
    duty: Annotated[int, typer.Argument(help="值守编号，由 package shifts 列出")],
    store: StoreOption = "",
) -> None:
    """把本单位的人从承包的一个班次撤下。"""
    rostering.take_out_unit_duty(context_for(store), number, shift, duty, event_id=uuid4().hex)
    say("Taken out of the shift.")


@package_app.command("release")
def release_command(
    number: PackageNumber,
    start: Annotated[datetime, typer.Option("--from", help="从何时开始的班次，如 2026-11-30T08:00")],
    end: Annotated[datetime, typer.Option("--until", help="到何时以前开始的班次，如 2026-12-01T00:00")],
    store: StoreOption = "",
    post: Annotated[str, typer.Option("--post", help="只释放这个岗位（编号）；不写则全部")] = "",
) -> None:
    """把一段时间的席位释放给社区。"""
    rostering.release_seats(context_for(store), number, Window(start, end), post)
    say("The seats of package {number} in this time are the community's again", number=number)


@package_app.command("list")
def list_command(
    store: StoreOption = "",
    open_only: Annotated[bool, typer.Option("--open", help="列出承包里的空缺和时间；有空缺时退出码为 3")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """列出承包，时间最近的在前：状态、岗位、席位。"""
    views = rostering.list_packages(context_for(store))
    if open_only:
        _tell_open(views)
        return
    table = make_table(
        text("Number"), text("Unit"), text("Community"), text("State"), text("Period"), text("Posts"), text("Seats")
    )
    for view in views:
        table.add_row(
            str(view.package.id),
            view.unit,
            view.community,
            translate(PACKAGE_STATE_NAMES[view.state]),
            day_words(view),
            "\n".join(post_words(view)),
            f"{view.filled}/{view.seats}",
        )
    print_table(table)


def _tell_open(views: list[PackageView]) -> None:
    live = [view for view in views if view.is_held]
    table = make_table(
        text("Number"), text("Unit"), text("Time of the shift"), text("Post"), text("Open"), text("Who fills them")
    )
    rows = [(view, each) for view in live for each in view.open_spans]
    for view, each in rows[:_MOST_LINES]:
        who = text("given back") if each.is_given_back else _NOTICES[each.notice]
        post = view.posts[each.post_code]
        table.add_row(str(view.package.id), view.unit, short_window(each.window), post, str(each.open), translate(who))
    print_table(table)
    if len(rows) > _MOST_LINES:
        say("… and {count} more", count=len(rows) - _MOST_LINES)
    if rows:
        raise typer.Exit(Exit.ROWS_REJECTED)


def _tell(view: PackageView) -> None:
    if view.seats:
        say(view.capacity.text)
    for note in package_notes(view):
        say(note)


def _view(context: Context, number: int) -> PackageView:
    found = next((view for view in rostering.list_packages(context) if view.package.id == number), None)
    if found is None:
        refuse("There is no package with the number {number}.", number=number)
    return found


def _post(code: str, hours: str, weekdays: str) -> PackagePost:
    try:
        start, end = parse_package_hours(hours)
    except HoursError as error:
        refuse(error.text)
    if not weekdays or set(weekdays) - set("1234567"):
        refuse("Give days of the week as digits from 1 to 7, like 12345.")
    return PackagePost(code, start, end, weekday_bits([int(day) - 1 for day in weekdays]))
