"""``gridmuster backup``: a copy of the store that was read back, while work goes on."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.app import app
from services.cli.shell import StoreOption, complain, context_for, refuse, say
from services.maintenance import BackupResult, RetentionPolicy, back_up
from services.settings import read_settings

_DEFAULT = RetentionPolicy()


@app.command("backup")
def backup_command(
    store: StoreOption = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="放备份的文件夹；默认用 GRIDMUSTER_BACKUPS", show_default=False)
    ] = None,
    last: Annotated[int, typer.Option("--keep-last", min=1, help="保留最近几份")] = _DEFAULT.last,
    daily: Annotated[int, typer.Option("--keep-daily", min=0, help="保留最近几天，每天最后一份")] = _DEFAULT.daily,
    weekly: Annotated[int, typer.Option("--keep-weekly", min=0, help="保留几周，每周最后一份")] = _DEFAULT.weekly,
    monthly: Annotated[int, typer.Option("--keep-monthly", min=0, help="保留几月，每月最后一份")] = _DEFAULT.monthly,
) -> None:
    """备份数据库，不用停机；备份里没有密钥。"""
    folder = out or (Path(said) if (said := read_settings().backups) else None)
    if folder is None:
        refuse("Say where the backup goes: --out FOLDER, or set GRIDMUSTER_BACKUPS.")
    _report(back_up(context_for(store), folder, RetentionPolicy(last, daily, weekly, monthly)))


def _report(done: BackupResult) -> None:
    say(
        "{file}: {rows} rows, {size} MB, read back and found sound (SHA-256 {sha256}…)",
        file=str(done.file),
        rows=done.manifest.rows,
        size=round(done.manifest.bytes / 1e6, 1),
        sha256=done.manifest.sha256[:12],
    )
    if done.removed:
        say("{count} older backups were removed", count=len(done.removed))
    if done.manifest.audit_faults:
        complain("The audit trail is not whole and was backed up as it is; run “gridmuster audit verify”.")
    if done.manifest.drifted:
        complain(
            "Values in {tables} are not what was written; nothing older was removed. Run “gridmuster doctor”.",
            tables=", ".join(done.manifest.drifted),
        )
    say("The key is NOT in the backup. Keep a copy of it elsewhere: without it telephone numbers are lost.")
