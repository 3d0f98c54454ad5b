"""``gridmuster person``: find, show, export, correct and erase one person's data."""

import json
from pathlib import Path
from typing import Annotated

import typer

from services import people
from services.cli.app import app
from services.cli.files import check_target, write_new
from services.cli.shell import Exit, StoreOption, complain, console, context_for, refuse, say
from services.i18n import text, translate
from services.people import Correction, Person
from services.rules.windows import DayPart

person_app = typer.Typer(no_args_is_help=True, help="一个人的数据：查找、查看、导出、更正、删除；每次都有记录。")
app.add_typer(person_app, name="person")

CodeArgument = Annotated[str, typer.Argument(help="人员编号")]


@person_app.command("find")
def find_command(
    query: Annotated[str, typer.Argument(help="编号、完整的电话号码，或姓名的一部分")],
    store: StoreOption = "",
    community: Annotated[str, typer.Option("--community", help="只找在这个社区（编号）报到的人")] = "",
) -> None:
    """查找，结果已隐去姓名和电话。"""
    found = people.find_people(context_for(store), query, community=community)
    for person in found.people:
        console.print(_line(person), markup=False, soft_wrap=True)
    say("{count} persons found", count=found.count)


@person_app.command("show")
def show_command(
    code: CodeArgument,
    store: StoreOption = "",
    reason: Annotated[str, typer.Option("--reason", help="为什么要看")] = "",
) -> None:
    """查看一个人的姓名、电话、住址。"""
    clear = people.unmask(context_for(store), code, reason=reason)
    told = (
        (text("Code"), clear.code),
        (text("Name"), clear.name),
        (text("Phone"), clear.phone),
        (text("Address"), clear.address),
    )
    for word, value in told:
        console.print(f"{translate(word)}  {value or '–'}", markup=False, soft_wrap=True)


@person_app.command("export")
def export_command(
    code: CodeArgument, out: Annotated[Path, typer.Option("--out", help="结果文件：.json")], store: StoreOption = ""
) -> None:
    """把存着的关于一个人的全部内容写成 JSON，仅本人可读。"""
    check_target(out, [".json"], store)
    told = people.export_person(context_for(store), code)
    if out.exists():
        complain("{file} is there already; give another name, personal data is never written over", file=str(out))
        raise typer.Exit(Exit.FAILED)
    content = json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"
    write_new(out, content.encode(), permissions=0o600)
    say("Everything stored about {code} was written to {file}", code=code, file=str(out))


@person_app.command("correct")
def correct_command(
    code: CodeArgument,
    store: StoreOption = "",
    name: Annotated[str | None, typer.Option("--name", help="姓名")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="电话；写成空的就是删去")] = None,
    address: Annotated[str | None, typer.Option("--address", help="住址；改了会重新归入网格")] = None,
    available: Annotated[
        list[str] | None, typer.Option("--available", help="何时有空，如 evening=0.5；可写几次")
    ] = None,
    keep_until: Annotated[str | None, typer.Option("--keep-until", help="保存到哪一天，如 2027-12-31")] = None,
) -> None:
    """更正一个人的数据。"""
    correction = Correction(name, phone, address, dict(map(_availability, available or [])), keep_until)
    changed = people.correct_person(context_for(store), code, correction)
    say("{code} was corrected: {columns}", code=code, columns=" ".join(changed))


def _line(person: Person) -> str:
    parts = (person.code, person.name, person.phone, person.address, person.community_code, person.grid_code)
    return "  ".join(part or "–" for part in parts)


def _availability(stated: str) -> tuple[DayPart, float]:
    part, _, share = stated.partition("=")
    try:
        return DayPart(part.strip()), float(share)
    except ValueError:
        refuse("Write when somebody has time as part=share, part being one of {parts}", parts=" ".join(DayPart))
