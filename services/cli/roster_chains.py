"""``gridmuster roster text|sign-up``: open shifts as a chain (接龙) to paste into a chat, and what comes back."""

from datetime import datetime
from typing import Annotated

import typer

from services import rostering
from services.cli.roster import RosterNumber, roster_app
from services.cli.shell import StoreOption, context_for
from services.coverage import load_inputs

CommunityOption = Annotated[str, typer.Option("--community", help="社区编号；值守表只有一个社区时可不写")]


@roster_app.command("text")
def text_command(
    number: RosterNumber,
    store: StoreOption = "",
    community: CommunityOption = "",
    day: Annotated[datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="只写哪一天")] = None,
    people: Annotated[bool, typer.Option("--people", help="写谁在班（姓名已隐去），不写空缺")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """写出一个社区的空缺，可直接贴进群里接龙：不含姓名。"""
    context = context_for(store)
    inputs = load_inputs(context)
    board = rostering.read_board(context, number, inputs)
    write = rostering.write_duty_text if people else rostering.write_open_chain
    typer.echo(write(board, inputs, community, day and day.date()))
