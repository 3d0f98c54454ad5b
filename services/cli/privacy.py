"""``gridmuster cleanup`` and ``gridmuster key``: how long anybody is kept; with what telephone numbers are sealed."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.app import app
from services.cli.shell import StoreOption, context_for, say
from services.field_encryption import make_key_file
from services.people import Periods, clean_up
from services.settings import read_settings


@app.command("cleanup")
def cleanup_command(
    store: StoreOption = "",
    keep_days: Annotated[
        int | None, typer.Option("--keep-days", min=1, help="多少天没有出现在导入里的人要删除；不写则按设置")
    ] = None,
    undo_days: Annotated[
        int | None, typer.Option("--undo-days", min=1, help="多少天以前的导入不再能撤回；不写则按设置")
    ] = None,
    roster_days: Annotated[
        int | None, typer.Option("--roster-days", min=1, help="值守表结束多少天后不再留姓名；不写则按设置")
    ] = None,
) -> None:
    """删除到期的人员、旧值守表里的姓名、过期的空闲与请假、撤回数据和登录记录；每晚运行一次。"""
    settings = read_settings()
    periods = Periods(
        keep_days or settings.keep_days, undo_days or settings.undo_days, roster_days or settings.roster_days
    )
    done = clean_up(context_for(store), periods)
    say(
        "Removed: {members} persons, names of {duties} duties, {free_times} free times and absences, {chains} chains, "
        "{claims} claims, {matters} matters, {rows} replaced rows, {attempts} attempts to sign in, {sessions} sessions",
        members=done.members,
        duties=done.duties,
        free_times=done.free_times,
        rows=done.replaced_rows,
        chains=done.chains,
        claims=done.claims,
        matters=done.matters,
        attempts=done.attempts,
        sessions=done.sessions,
    )


@app.command("key")
def key_command(out: Annotated[Path, typer.Option("--out", help="密钥文件，不会覆盖已有的")]) -> None:
    """生成一把密钥，仅本人可读。"""
    make_key_file(out)
    say("A new key is in {file}; keep a copy of it apart from the backups.", file=str(out))
