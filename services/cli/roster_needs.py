"""``gridmuster roster needs``: what people the shifts of a post ask for."""

from collections import Counter
from typing import Annotated

import typer

from services import rostering
from services.catalog.compositions import load_compositions
from services.cli.roster import RosterNumber, roster_app
from services.cli.shell import StoreOption, context_for, refuse, say
from services.i18n import text


@roster_app.command("needs")
def needs_command(
    number: RosterNumber,
    post: Annotated[str, typer.Option("--post", help="岗位编号")],
    needs: Annotated[list[str] | None, typer.Option("--need", help="角色或特长=人数，如 医生=1；可写几次")] = None,
    group: Annotated[str, typer.Option("--group", help="编组：one_plus_n、seven、five")] = "",
    store: StoreOption = "",
) -> None:
    """一个岗位的每个班次要哪几种人；什么都不写就是不指定。"""
    heads = Counter[str]()
    composition = load_compositions().compositions.get(group)
    if group and composition is None:
        refuse(text("There is no such group: {names}", names="、".join(load_compositions().compositions)))
    heads.update(composition.members if composition else {})
    for need in needs or ():
        words, _, count = need.partition("=")
        if not count.isdecimal():
            refuse(text("Write a role or skill with the number of people, like 医生=1."))
        heads[words] += int(count)
    shifts = rostering.set_shift_needs(context_for(store), number, post, heads)
    say("{count} shifts ask for: {people}", count=shifts, people=rostering.missing_words(heads) or "–")
