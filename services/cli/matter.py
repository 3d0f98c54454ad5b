"""``gridmuster matter``: what is asked of whom, and sheets; what is done to a matter are plain commands."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from uuid import uuid4

import typer

from services import matters
from services.cli.app import app
from services.cli.plan_texts import make_table, print_table
from services.cli.shell import Exit, StoreOption, console, context_for, refuse, say
from services.i18n import Text, text, translate
from services.matters import MatterDraft, MatterView, SheetBoard
from services.matters.texts import (
    board_words,
    change_texts,
    due_words,
    field_lines,
    line_words,
    sign_text,
    state_text,
    time_words,
    total_lines,
    value_words,
)
from services.rules.matters.clock import Urgency
from services.rules.matters.kinds import MatterKind
from services.rules.matters.machine import VERB_NAMES
from services.rules.matters.sheets import SHEET_STATE_NAMES
from services.wording import short_time

matter_app = typer.Typer(no_args_is_help=True, help="事项：谁请谁办什么、何时办结；台账报表谁填了、谁没填。")
app.add_typer(matter_app, name="matter")
KindCode = Annotated[str, typer.Argument(help="类型代码，见 matter kinds")]
PeriodOption = Annotated[str, typer.Option("--period", help="期次，如 2026-11-29、2026-W48；不写为本期")]
FieldOption = Annotated[list[str] | None, typer.Option("--field", help="填一栏：代码=值，可多次给出")]
_HEADERS: Final = (
    text("Number"),
    text("Kind"),
    text("Matter"),
    text("Asked by"),
    text("Done by"),
    text("State"),
    text("Time left"),
)


@matter_app.command("kinds")
def kinds_command(
    store: StoreOption = "",
    check: Annotated[Path | None, typer.Option("--check", help="只检查这个文件（TOML）里的类型能不能用")] = None,
    declare: Annotated[Path | None, typer.Option("--declare", help="登记这个文件（TOML）里的类型")] = None,
    area: Annotated[str, typer.Option("--area", help="登记给哪个辖区：layer:code；不写为全部")] = "",
) -> None:
    """列出事项和报表的类型；检查或登记新的类型。"""
    context = context_for(store)
    if check or declare:
        content = (check or declare or Path()).read_text(encoding="utf-8-sig")
        for kind in matters.check_kinds(context, content):
            say("{kind}: {count} fields to be filled in each time", kind=kind.title, count=len(kind.typed_fields))
        if declare:
            say("Declared: {codes}", codes="、".join(matters.declare_kinds(context, content, area)))
        return
    table = make_table(text("Kind"), text("Name"), text("Every"), text("In force"), text("Source"))
    for entry, holds in matters.read_kinds(context):
        kind = entry.kind
        answer = translate("yes") if holds else translate("no")
        table.add_row(kind.code, kind.title, kind.every or "", answer, kind.source)
    print_table(table)


@matter_app.command("ask")
def ask_command(
    kind: KindCode,
    title: Annotated[str, typer.Argument(help="什么事，几个字；不写姓名、电话、门牌")],
    subject: Annotated[str, typer.Option("--subject", help="关于哪里：layer:code，如 grids:440114001001")],
    asker: Annotated[str, typer.Option("--asker", help="谁发起：layer:code，如 communities:440114001")],
    store: StoreOption = "",
    owner: Annotated[str, typer.Option("--to", help="请谁办：layer:code；不写为上级")] = "",
    body: Annotated[str, typer.Option("--body", help="说明")] = "",
    urgency: Annotated[Urgency, typer.Option("--urgency", help="缓急：instant day normal hard")] = Urgency.NORMAL,
    due: Annotated[
        datetime | None, typer.Option("--due", help="何时办结，如 2026-11-30T18:00：交办、决定、订单要写")
    ] = None,
    cause: Annotated[str, typer.Option("--cause", help="吹哨的情形：residents enforcement emergency")] = "",
    field: FieldOption = None,
) -> None:
    """发起一件事：吹哨、申请物资、反馈、交办、决定、申诉、居民订单。"""
    draft = MatterDraft(
        kind=kind,
        subject=subject,
        title=title,
        owner=owner,
        asker=asker,
        body=body,
        urgency=urgency,
        due=due,
        cause=cause,
        values=_values(field),
    )
    say("Matter {number} is asked.", number=matters.ask_matter(context_for(store), draft, event_id=uuid4().hex))


@matter_app.command("inbox")
def inbox_command(
    store: StoreOption = "",
    late: Annotated[bool, typer.Option("--late", help="只看逾期的；有逾期时退出码为 3")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """列出 90 天内的事项，逾期的在前。"""
    lists = matters.read_matters(context_for(store))
    rows = lists.late if late else lists.matters
    if not rows:
        say("Nothing is waiting.")
        return
    table = make_table(*_HEADERS)
    for view in rows:
        table.add_row(*_cells(view, lists.now))
    print_table(table)
    if late:
        raise typer.Exit(Exit.ROWS_REJECTED)


def _cells(view: MatterView, now: datetime) -> tuple[str, ...]:
    time = time_words(view, now)
    state = translate(state_text(view))
    return str(view.id), view.kind.title, view.title, view.asker, view.owner, state, time


@matter_app.command("show")
def show_command(
    matter: Annotated[int, typer.Argument(help="事项编号")],
    store: StoreOption = "",
) -> None:
    """看一件事：正文、各栏、经过。"""
    context = context_for(store)
    record = matters.read_matter(context, matter)
    view = record.view
    say("{kind} {number}: {title}", kind=view.kind.title, number=view.id, title=view.title)
    say("{asker} → {owner}, about {subject}", asker=view.asker, owner=view.owner, subject=view.subject)
    console.print(translate(state_text(view)), time_words(view, context.clock()), markup=False)
    if view.body:
        console.print(view.body, markup=False)
    for title, value in field_lines(view):
        say("{member}: {said}", member=title, said=value)
    for event in record.events:
        words = " ".join(word for word in (event.words, event.owner) if word)
        say(
            "{time} {actor}: {verb} {words}",
            time=short_time(event.at),
            actor=event.actor,
            verb=translate(VERB_NAMES[event.verb]),
            words=words,
        )


@matter_app.command("sheets")
def sheets_command(
    kind: KindCode,
    area: Annotated[str, typer.Argument(help="看哪一级汇总：layer:code，如 subdistricts:440114")],
    store: StoreOption = "",
    period: PeriodOption = "",
) -> None:
    """看一张报表：各地填了没有、合计、缺谁；有缺的退出码为 3。"""
    board = matters.read_board(context_for(store), kind, area, period)
    _tell(board)
    table = make_table(text("Code"), text("Name"), text("State"), *(Text(field.title) for field in board.kind.fields))
    for line in board.lines:
        values = (line_words(line, field) for field in board.kind.fields)
        table.add_row(line.zone.code, line.name, translate(SHEET_STATE_NAMES[line.state]), *values)
    print_table(table)
    if board.roll_up.missing:
        raise typer.Exit(Exit.ROWS_REJECTED)


@matter_app.command("fill")
def fill_command(
    kind: KindCode,
    zone: Annotated[str, typer.Option("--zone", help="哪个社区或网格（编号）")],
    field: Annotated[list[str], typer.Option("--field", help="填一栏：代码=值，可多次给出")],
    store: StoreOption = "",
    period: PeriodOption = "",
    draft: Annotated[bool, typer.Option("--draft", help="只保存草稿")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """填报一张报表；程序知道的栏不用填。"""
    context = context_for(store)
    matters.fill_sheet(context, kind, zone, _values(field), period=period, is_draft=draft)
    level = next(entry.kind.level for entry, _holds in matters.read_kinds(context) if entry.kind.code == kind)
    form = matters.read_form(context, kind, f"{level}:{zone}", period)
    say("{kind} {period}, {zone}: {state}", kind=form.kind.title, period=form.period, zone=form.zone_name,
        state=translate(SHEET_STATE_NAMES[form.state]))  # fmt: skip
    for note in form.notes(form.values):
        title = next(each.title for each in form.kind.fields if each.code == note.code)
        say("{member}: {said}", member=title, said=translate(note.text))


@matter_app.command("sign")
def sign_command(
    kind: KindCode,
    area: Annotated[str, typer.Argument(help="哪一级签：layer:code，如 subdistricts:440114")],
    store: StoreOption = "",
    period: PeriodOption = "",
) -> None:
    """签收下级已填报的报表，缺的写明；以后补来的再签一次。"""
    context = context_for(store)
    say(sign_text(matters.sign_sheets(context, kind, area, period=period)))
    _tell(matters.read_board(context, kind, area, period))


@matter_app.command("rollup")
def rollup_command(
    kind: KindCode,
    area: Annotated[str, typer.Argument(help="哪一级：layer:code")],
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪一天")],
    end: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="到哪一天")],
    store: StoreOption = "",
) -> None:
    """把几期已签的报表合起来：存量取最后一期，流量相加。"""
    boards, totals = matters.read_totals(context_for(store), kind, area, start.date(), end.date())
    if not boards:
        refuse("There is no period between these days.")
    declared: MatterKind = boards[0].kind
    periods = "、".join(board.period for board in boards if board.roll_up.final)
    say("Signed periods: {periods}", periods=periods or "–")
    for field in declared.fields:
        if field.code in totals:
            say("{member}: {said}", member=field.title, said=value_words(field, totals[field.code]))


def _tell(board: SheetBoard) -> None:
    """Say what a board comes to, and who is missing."""
    say("{kind} {period}, {zone}: {state}", kind=board.kind.title, period=board.period, zone=board.area_name,
        state=due_words(board.due))  # fmt: skip
    console.print(board_words(board), markup=False, soft_wrap=True)
    for field, total, more in total_lines(board):
        beside = f"  {translate(more)}" if more else ""
        say("{member}: {said}", member=field.title, said=f"{translate(total)}{beside}")
    for change in change_texts(board):
        say(change)


def _values(fields: list[str] | None) -> dict[str, str | int | None]:
    """Return what options say of fields, by code."""
    pairs = [field.partition("=") for field in fields or []]
    if any(not separator for _code, separator, _value in pairs):
        refuse("Give a field as code=value.")
    return {code.strip(): value for code, _separator, value in pairs}
