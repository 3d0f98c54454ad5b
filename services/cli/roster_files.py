"""``gridmuster roster sheet|calendar``: a roster as a workbook to print and post, and as a calendar."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.files import check_target, write_new
from services.cli.roster import RosterNumber, roster_app
from services.cli.shell import StoreOption, context_for, refuse, say
from services.coverage import load_inputs
from services.export.calendars import export_calendar
from services.export.rosters import export_clear_roster, export_roster


@roster_app.command("sheet")
def sheet_command(
    number: RosterNumber,
    out: Annotated[Path, typer.Option("--out", help="结果文件：.xlsx")],
    store: StoreOption = "",
    clear: Annotated[bool, typer.Option("--clear", help="内部版：写姓名，不要张贴")] = False,  # noqa: FBT002 - a flag of the shell
    reason: Annotated[str, typer.Option("--reason", help="内部版要写明用途")] = "",
) -> None:
    """导出一张值守表：每个社区一张表；张贴版姓名已隐去，内部版（--clear）写姓名，另有按人的表，留审计记录。"""
    check_target(out, (".xlsx",), store)
    context = context_for(store)
    of = context, number, load_inputs(context)
    write_new(out, export_clear_roster(*of, reason=reason) if clear else export_roster(*of))
    say("Roster {number} written to {file}", number=number, file=str(out))


@roster_app.command("calendar")
def calendar_command(
    number: RosterNumber,
    out: Annotated[Path, typer.Option("--out", help="结果文件：.ics")],
    store: StoreOption = "",
    unit: Annotated[str, typer.Option("--unit", help="只要这个单位（编号）和它的队伍、党员的值守，不写姓名")] = "",
    member: Annotated[str, typer.Option("--member", help="只要这个人（编号）的值守")] = "",
) -> None:
    """导出日历文件，供手机或办公日历导入：不写姓名；不选单位或个人时为全部班次。"""
    if unit and member:
        refuse("Give a unit or a member, not both")
    check_target(out, (".ics",), store)
    context = context_for(store)
    write_new(out, export_calendar(context, number, load_inputs(context), unit_code=unit, member_code=member))
    say("The calendar of roster {number} is written to {file}", number=number, file=str(out))
