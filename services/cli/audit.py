"""``gridmuster audit``: who did what, and whether somebody has been at the trail."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from services.catalog.actions import ACTIONS, Action
from services.cli.app import app
from services.cli.shell import Exit, StoreOption, complain, console, context_for, say
from services.clock import local_now, zone_note
from services.context import AuditQuery
from services.export.audit_words import detail_words, object_asked, object_words
from services.i18n import translate
from services.maintenance import fault_text, search_audit_log, verify_audit_log

audit_app = typer.Typer(no_args_is_help=True, help="审计：谁在何时做了什么；核对审计记录是否被动过。")
app.add_typer(audit_app, name="audit")


@audit_app.command("verify")
def verify_command(
    store: StoreOption = "",
    backups: Annotated[Path | None, typer.Option("--backups", help="备份文件夹，用来核对", show_default=False)] = None,
) -> None:
    """逐行核对审计链：改过、删掉、插入的行都会指出。"""
    found = verify_audit_log(context_for(store), backups)
    for fault in found.faults:
        complain(fault_text(fault))
    for name in found.disagreeing:
        complain("The backup {file} knows other or later rows than the store has.", file=name)
    if not found.is_whole:
        raise typer.Exit(Exit.FAILED)
    say("The audit trail is whole: {rows} rows", rows=found.rows)


@audit_app.command("list")
def list_command(
    store: StoreOption = "",
    since: Annotated[datetime | None, typer.Option("--since", help="从何时起", show_default=False)] = None,
    until: Annotated[datetime | None, typer.Option("--until", help="到何时为止", show_default=False)] = None,
    actor: Annotated[str, typer.Option("--actor", help="谁（帐号）")] = "",
    action: Annotated[Action | None, typer.Option("--action", help="做什么", show_default=False)] = None,
    target: Annotated[str, typer.Option("--object", help="对象编号，写一部分即可")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="最多列几行")] = 50,
) -> None:
    """列出审计记录，最新的在前；里面只有编号和数目。"""
    query = AuditQuery(
        since=_iso(since),
        until=_iso(until),
        actor=actor,
        action=action.value if action else "",
        object=object_asked(target),
    )
    page = search_audit_log(context_for(store), query, limit=limit)
    for number, row in page.rows.iterrows():
        said = translate(ACTIONS[Action(str(row["action"]))].title)
        told = (number, row["at"], row["actor"], said, object_words(row["object"]), detail_words(row["detail"]))
        console.print("  ".join(map(str, told)), markup=False, soft_wrap=True)
    say("{shown} of {total} rows", shown=len(page.rows), total=page.total)
    say(zone_note(local_now()))


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="seconds")
