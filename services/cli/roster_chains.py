"""``gridmuster roster text|sign-up``: open shifts as a chain (接龙) to paste into a chat, and what comes back."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from services import rostering
from services.cli.plan_texts import make_table, print_table
from services.cli.roster import RosterNumber, roster_app
from services.cli.shell import Exit, StoreOption, context_for, refuse, say
from services.coverage import load_inputs
from services.i18n import text, translate
from services.imports import ImportFileError
from services.imports.read.text_files import decode
from services.rostering import ChainReading, PastedChain
from services.rostering.chain_words import (
    SIGN_UP_STATE_NAMES,
    person_words,
    reason_words,
    seat_words,
    vanished_words,
)

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
    of_day = day and day.date()
    if people:
        typer.echo(rostering.write_duty_text(board, inputs, community, of_day))
    else:
        typer.echo(rostering.write_open_chain(board, inputs, community, of_day, context.clock()))


@roster_app.command("sign-up")
def sign_up_command(
    number: RosterNumber,
    file: Annotated[Path, typer.Argument(help="存有接龙文字的文件（UTF-8）")],
    store: StoreOption = "",
    community: CommunityOption = "",
    posted: Annotated[
        datetime | None,
        typer.Option("--posted", formats=["%Y-%m-%d"], help="接龙是哪天发的，“明天”从那天算"),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="把没有疑问的写入，存为一步；不写则只看")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """读群里的接龙：先看每条排到哪里，再写入没有疑问的。"""
    try:
        words, _ = decode(file.read_bytes())
    except (OSError, ImportFileError):
        refuse("{file} cannot be read as a text", file=str(file))
    context = context_for(store)
    inputs = load_inputs(context)
    board = rostering.read_board(context, number, inputs)
    chosen = rostering.chain_community(board, inputs, community)
    pasted = PastedChain(words, (posted or context.clock()).date(), chosen)
    found = rostering.read_chain(context, number, pasted, inputs)
    _tell_chain(found)
    if write:
        rostering.write_chain(context, number, pasted, inputs, event_id=uuid4().hex, shifts=found.shifts)
        if found.changes:
            say(
                "{count} changes are in the roster; “roster undo {number}” takes them out",
                count=found.changes,
                number=number,
            )
        else:
            say("Nothing was changed in the roster")
    if found.doubts:
        raise typer.Exit(Exit.ROWS_REJECTED)


def _tell_chain(found: ChainReading) -> None:
    say(found.summary)
    for note in found.notes:
        say(note)
    if gone := vanished_words(found):
        say("In an earlier paste and not in this one, left as they are: {names}", names=gone)
    table = make_table(text("No."), text("Entry"), text("Outcome"), text("Who"), text("Shifts"), text("Why"))
    for each in found.reading.sign_ups:
        table.add_row(
            str(each.entry.number),
            each.text,
            translate(SIGN_UP_STATE_NAMES[each.state]),
            person_words(found, each),
            seat_words(found, each),
            reason_words(each),
        )
    print_table(table)
