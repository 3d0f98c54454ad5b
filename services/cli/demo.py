"""``gridmuster demo``: a fictitious district into an empty store, or as files."""

from pathlib import Path
from typing import Annotated

import typer

from services import accounts
from services.cli.app import app
from services.cli.demo_end import tell_demo_end
from services.cli.shell import StoreOption, context_for, new_context_for, say
from services.demo import COUNTS, DemoSize, make_demo, make_district, write_files


@app.command("demo")
def demo_command(
    store: StoreOption = "",
    size: Annotated[DemoSize, typer.Option("--size", help="规模：街道、区县、全市")] = DemoSize.SUBDISTRICT,
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子，同一种子结果相同")] = 1,
    files: Annotated[Path | None, typer.Option("--files", help="只写成文件，放到这个文件夹，不动数据库")] = None,
    end: Annotated[bool, typer.Option("--end", help="结束演示：停用演示帐号，以后按真实数据对待")] = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """生成虚构的 H 区演示数据，写入空的数据库。"""
    if end:
        ended = accounts.end_demo(context_for(store))
        if ended is None:
            say("This store is no demo; nothing was changed.")
        else:
            tell_demo_end(ended)
        return
    if files is not None:
        written = write_files(make_district(size, seed), files)
        say("{count} files of the fictitious H district are in {folder}", count=len(written), folder=str(files))
        return
    context = new_context_for(store)
    summary = make_demo(context, size, seed)
    say(
        "The fictitious H district is in the store: {grids} grids, {members} members, {located} of them located",
        grids=COUNTS[size].grids,
        members=summary.members,
        located=summary.located,
    )
