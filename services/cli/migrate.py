"""``gridmuster migrate``: a store gets the tables of this version of the program."""

from services.cli.app import app
from services.cli.shell import StoreOption, say
from services.context import bring_up_to_date


@app.command("migrate")
def migrate_command(store: StoreOption = "") -> None:
    """升级数据库的表结构；升级前请先备份，并停下其他进程。"""
    done = bring_up_to_date(store or None)
    if not done.before:
        say("The store is new; its tables are at version {version}.", version=done.after)
    elif done.before == done.after:
        say("The tables are at version {version} already; nothing was to be done.", version=done.after)
    else:
        say("The tables were brought from version {before} to {after}.", before=done.before, after=done.after)
