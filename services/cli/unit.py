"""``gridmuster unit``: with which communities units are paired, since when, until when."""

from datetime import datetime
from typing import Annotated

import typer

from services import rostering
from services.cli.app import app
from services.cli.plan_texts import make_table, print_table
from services.cli.shell import StoreOption, context_for, say
from services.i18n import text, translate
from services.rostering import Pairing
from services.rostering.package_texts import pairing_words
from services.rules.roster.pairings import PAIRING_KIND_NAMES, PairingKind

unit_app = typer.Typer(no_args_is_help=True, help="单位：与哪些社区结对，从何时到何时。")
app.add_typer(unit_app, name="unit")

UnitCode = Annotated[str, typer.Argument(help="单位编号")]
CommunityCode = Annotated[str, typer.Argument(help="社区编号")]
KindOption = Annotated[PairingKind, typer.Option("--kind", help="paired 结对共建，reported 报到")]
_DAY = ["%Y-%m-%d"]


@unit_app.command("pair")
def pair_command(
    unit: UnitCode,
    community: CommunityCode,
    store: StoreOption = "",
    kind: KindOption = PairingKind.PAIRED,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=_DAY, help="从哪天起，如 2024-03-01；不写则为不详")
    ] = None,
    plaque: Annotated[bool, typer.Option("--plaque", help="挂了共建党组织牌")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """登记结对；已登记的按此更正，已结束的重新开始。"""
    pairing = Pairing(
        unit_code=unit, community_code=community, kind=kind, has_plaque=plaque, since=since.date() if since else None
    )
    rostering.pair_unit(context_for(store), pairing)
    say("{unit} and {community} are paired", unit=unit, community=community)


@unit_app.command("unpair")
def unpair_command(
    unit: UnitCode,
    community: CommunityCode,
    store: StoreOption = "",
    kind: KindOption = PairingKind.PAIRED,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=_DAY, help="哪天结束，从这天起不再算；不写则为今天")
    ] = None,
) -> None:
    """结束结对：记录保留，从这天起不再算。"""
    context = context_for(store)
    day = (until or context.clock()).date()
    rostering.end_pairing(context, unit, community, kind, day)
    say("The pairing of {unit} and {community} has ended", unit=unit, community=community)


@unit_app.command("pairings")
def pairings_command(
    store: StoreOption = "",
    every: Annotated[bool, typer.Option("--all", help="已结束的也列出")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """列出结对：社区、单位、形式、起止、挂牌。"""
    table = make_table(text("Community"), text("Unit"), text("Kind of pairing"), text("Since"), text("Plaque"))
    for view in rostering.list_pairings(context_for(store)):
        pairing = view.pairing
        if every or pairing.until is None:
            table.add_row(
                f"{view.community} {pairing.community_code}",
                f"{view.unit} {pairing.unit_code}",
                translate(PAIRING_KIND_NAMES[pairing.kind]),
                pairing_words(pairing),
                translate("yes") if pairing.has_plaque else "",
            )
    print_table(table)
