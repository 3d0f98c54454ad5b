"""``gridmuster user``: accounts from the command line, by whoever sits at the machine."""

from typing import Annotated

import typer

from services import accounts
from services.accounts import Account, AccountError
from services.catalog.actions import ROLE_NAMES, Role
from services.cli.app import app
from services.cli.shell import StoreOption, console, context_for, new_context_for, say
from services.clock import local_now, zone_note
from services.context import Context
from services.i18n import text, translate
from services.rules.areas import Area, parse_area
from services.wording import full_time

user_app = typer.Typer(no_args_is_help=True, help="帐号：新建、授予和收回角色、停用、重置密码。")
app.add_typer(user_app, name="user")

NameArgument = Annotated[str, typer.Argument(help="帐号名", show_default=False)]
RoleArgument = Annotated[Role, typer.Argument(help="角色", show_default=False)]
AreaOption = Annotated[
    str,
    typer.Option(
        "--area", help="管辖范围，必须写明：图层:编号，如 communities:440114001；管全部的写 all", show_default=False
    ),
]


@user_app.command("add")
def add(
    name: NameArgument,
    called: Annotated[str, typer.Option("--called", help="显示的名字")] = "",
    role: Annotated[Role | None, typer.Option("--role", help="同时授予的角色", show_default=False)] = None,
    area: AreaOption = "",
    store: StoreOption = "",
) -> None:
    """新建帐号，显示一次初始密码。"""
    context = new_context_for(store)
    place = _known_area(context, area) if role else None
    password = accounts.create_account(context, name, called)
    if role and place is not None:
        accounts.grant_role(context, name.strip().lower(), role, place)
    _say_password(password)


@user_app.command("list")
def list_(store: StoreOption = "") -> None:
    """列出全部帐号和角色。"""
    context = context_for(store)
    found = accounts.list_accounts(context)
    if not found:
        say("There is no account yet; “{command}” makes the first administrator.", command="gridmuster user setup")
    names = accounts.name_areas(context, {grant.area for account in found for grant in account.grants})
    for account in found:
        held = "、".join(
            f"{translate(ROLE_NAMES[grant.role])}（{names[grant.area]}，{grant.area}）" for grant in account.grants
        )
        console.print(
            "\t".join((account.name, account.display_name, held or "—", _state(account))), markup=False, soft_wrap=True
        )


@user_app.command("grant")
def grant(name: NameArgument, role: RoleArgument, area: AreaOption = "", store: StoreOption = "") -> None:
    """授予角色。"""
    context = context_for(store)
    wanted = _known_area(context, area)
    accounts.grant_role(context, name, role, wanted)
    say(
        "{name} is now {role} for {area}.",
        name=name,
        role=translate(ROLE_NAMES[role]),
        area=accounts.name_areas(context, [wanted])[wanted],
    )


@user_app.command("revoke")
def revoke(name: NameArgument, role: RoleArgument, area: AreaOption = "", store: StoreOption = "") -> None:
    """收回角色；正以这个角色工作的人立即退出。同一角色管几处的，要写明收回哪一处。"""
    context = context_for(store)
    held = [grant for grant in accounts.find_account(context, name).grants if grant.role is role]
    if not area and len(held) > 1:
        raise AccountError(
            text(
                "“{name}” holds this role for several areas: {areas}. Say which with --area.",
                name=name,
                areas="、".join(str(grant.area) for grant in held),
            )
        )
    place = parse_area(area) if area else None
    number = next((grant.id for grant in held if place is None or grant.area == place), 0)
    accounts.revoke_role(context, name, number)
    say("{name} no longer holds this role.", name=name)


@user_app.command("reset")
def reset(name: NameArgument, store: StoreOption = "") -> None:
    """给帐号一个新的初始密码，结束它的全部登录；动态码不变。"""
    _say_password(accounts.reset_password(context_for(store), name))


@user_app.command("sessions")
def sessions(name: NameArgument, store: StoreOption = "") -> None:
    """列出帐号现在的登录：编号、开始、最近使用、地址、浏览器。"""
    found = accounts.list_sessions(context_for(store), name)
    if not found:
        say("“{name}” is signed in nowhere.", name=name)
    for session in found:
        times = (full_time(at) for at in (session.began_at, session.seen_at))
        console.print(
            "\t".join((session.number, *times, session.address, session.browser or "—")), markup=False, soft_wrap=True
        )
    if found:
        say(zone_note(local_now()))


@user_app.command("link")
def link(
    name: NameArgument,
    subject: Annotated[str, typer.Argument(help="统一登录里的身份标识；不写则解除关联")] = "",
    store: StoreOption = "",
) -> None:
    """把单位统一登录的身份关联到帐号。"""
    accounts.link_subject(context_for(store), name, subject or None)
    if subject:
        say("{name} may now sign in with the office's account.", name=name)
    else:
        say("{name} is no longer linked to the office's sign-in.", name=name)


@user_app.command("setup")
def setup(store: StoreOption = "") -> None:
    """还没有帐号时，生成一个新的一次性地址，用来设置第一个管理员；旧地址随即失效。"""
    context = new_context_for(store)
    if accounts.is_set_up(context):
        raise AccountError(text("There are accounts already; use “{command}”.", command="gridmuster user add"))
    way = f"/set-up/{accounts.begin_setup(context)}"
    say("Open this once on the server to make the first administrator: {path}", path=way)


def _known_area(context: Context, given: str) -> Area:
    """Return the area that was given, which must be one of those that the data holds; there is none by default."""
    if not given.strip():
        raise AccountError(
            text(
                "A role is held for a place: say which, with --area layer:code (like communities:440114001); whoever "
                "is in charge of everything gets --area all."
            )
        )
    area = parse_area(given)
    if area.layer and area.code not in accounts.offer_areas(context).get(area.layer, {}):
        raise AccountError(text("The data holds no {area}; import the zones first or check the code.", area=given))
    return area


def _say_password(password: str) -> None:
    say(
        "The first password, shown this once; it works once, for {days} days, and has to be changed then: {password}",
        days=accounts.FIRST_PASSWORD_LIFE.days,
        password=password,
    )


def _state(account: Account) -> str:
    if account.is_disabled:
        return translate(text("disabled"))
    return translate(text("must change the password")) if account.must_change else translate(text("may sign in"))
