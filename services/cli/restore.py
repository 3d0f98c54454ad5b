"""``gridmuster restore``: a backup into the place of a store, whole or not at all."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.app import app
from services.cli.shell import StoreOption, complain, say
from services.context import local_now
from services.maintenance import restore
from services.settings import read_settings
from services.wording import full_time


@app.command("restore")
def restore_command(
    backup: Annotated[Path, typer.Argument(help="备份文件，旁边要有同名的 .json", show_default=False, readable=False)],
    store: StoreOption = "",
    replace: Annotated[bool, typer.Option("--replace", help="目标里有数据时，把它移到一边再恢复")] = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """恢复备份：先逐项核对，全部无误才换上。要先停下程序，并把密钥放好。"""
    done = restore(backup, store or read_settings().store, local_now(), replaces=replace)
    say(
        "Restored the state of {at}: {tables} tables, {rows} rows, compared with what was backed up.",
        at=full_time(done.manifest.made_at),
        tables=len(done.manifest.tables),
        rows=done.manifest.rows,
    )
    if done.migrated.before != done.migrated.after:
        say(
            "The tables were brought from version {before} to {after}.",
            before=done.migrated.before,
            after=done.migrated.after,
        )
    if done.manifest.drifted:
        complain(
            "Values in {tables} were no longer right when the backup was made; an older backup has them right.",
            tables=", ".join(done.manifest.drifted),
        )
    if done.aside:
        say("What was there before is kept as {aside}; delete it when it is not needed any more.", aside=done.aside)
    if not done.is_trail_whole:
        complain("The audit trail is not whole, as it was when the backup was made; run “gridmuster audit verify”.")
