"""``gridmuster skills list|who|check``: what people can do, who they are, and what was seen of it."""

from datetime import date
from typing import Annotated, Final

import typer

from services.catalog.skills import SKILL_GROUP_NAMES, load_skills
from services.cli.app import app
from services.cli.plan_texts import make_table, print_table
from services.cli.shell import StoreOption, context_for, read_window, refuse, say
from services.i18n import text, translate
from services.skills import Proof, check_skill, find_skilled, read_skill_bank, skill_words
from services.wording import number, people_text

skills_app = typer.Typer(no_args_is_help=True, help="特长：各有多少人、是谁、看过什么证件。")
app.add_typer(skills_app, name="skills")
_HEADERS: Final = (text("Skill"), text("Group"), text("As stated"), text("Checked"))
_WHO: Final = (text("Code"), text("Name"), text("Unit"), text("Community"), text("Skill"))
WindowOption = Annotated[str, typer.Option("--window", help="还要看这个时段谁能来，如 tonight、weekend，或“起/止”")]


@skills_app.command("list")
def list_command(store: StoreOption = "", window: WindowOption = "") -> None:
    """列出特长目录：每种特长自述、核实各有多少人。"""
    context, catalog = context_for(store), load_skills()
    bank = read_skill_bank(context, read_window(context, window) if window else None)
    told = number if bank.is_exact else people_text
    table = make_table(*_HEADERS, *((text("Free then"),) if window else ()))
    for count in bank.counts:
        skill = catalog.skills.get(count.code)
        name = catalog.name(count.code) if skill else translate("Not in the catalogue")
        group = translate(SKILL_GROUP_NAMES[skill.group]) if skill else ""
        free = () if count.free_count is None else (told(count.free_count),)
        table.add_row(name, group, told(count.stated_count), told(count.checked_count), *free)
    print_table(table)


@skills_app.command("who")
def who_command(
    skill: Annotated[str, typer.Option("--skill", help="特长，如 医疗")],
    store: StoreOption = "",
    window: WindowOption = "",
    only_checked: Annotated[bool, typer.Option("--checked", help="只列核实过、没有过期的")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """列出有某种特长的人，姓名已隐去；给出时段时，能来的排在前面。"""
    context = context_for(store)
    people = find_skilled(
        context, skill, window=read_window(context, window) if window else None, only_checked=only_checked
    )
    table = make_table(*_WHO, *((text("Free then"),) if window else ()))
    for person in people:
        free = () if person.is_free is None else (translate("yes") if person.is_free else translate("no"),)
        words = skill_words(person.skill, context.clock().date())
        table.add_row(person.code, person.name, person.unit_code, person.community_code, words, *free)
    print_table(table)
    say("{count} persons found", count=len(people))


@skills_app.command("check")
def check_command(
    member: Annotated[str, typer.Argument(help="人员编号")],
    skill: Annotated[str, typer.Option("--skill", help="特长，如 医疗")],
    proof: Annotated[
        Proof,
        typer.Option(
            "--proof",
            help="看过什么：licence 执业证、资格证，certificate 培训证书，employer 单位证明，nothing 没有（按自述算）",
        ),
    ],
    store: StoreOption = "",
    until: Annotated[str, typer.Option("--until", help="有效到哪一天，如 2027-12-31；没有期限的不写")] = "",
) -> None:
    """记下看过一个人某种特长的证件；只记种类，不记号码。"""
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError:
        refuse(text("Give the day as 2027-12-31."))
    check_skill(context_for(store), member, skill, proof, day)
    say("Noted for {code}: {skill}", code=member, skill=load_skills().name(load_skills().find_code(skill)))
