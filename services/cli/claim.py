"""``gridmuster claim add|list``: who takes care of which buildings; ``end`` is a plain command."""

from typing import Annotated, Final, TypeVar

import typer

from geo.schema import Layer
from services.claims import HOLDER_NAMES, Claim, ClaimDraft, ClaimPlace, HolderKind, add_claim, read_claims
from services.claims.texts import block_words, holder_words, share_words
from services.cli.app import app
from services.cli.plan_texts import make_table, print_table
from services.cli.shell import StoreOption, context_for, refuse, say
from services.i18n import Text, text, translate

claim_app = typer.Typer(no_args_is_help=True, help="责任区：谁认领哪几栋楼、负责多少户。")
app.add_typer(claim_app, name="claim")
K = TypeVar("K")
_HEADERS: Final = (
    text("Estate"),
    text("Claimed"),
    text("Number"),
    text("Which blocks"),
    text("Households"),
    text("Who takes care of them"),
    text("Since"),
)


@claim_app.command("add")
def add_command(
    blocks: Annotated[str, typer.Option("--blocks", help="楼栋，如 3-5栋；不写房号、姓名")],
    households: Annotated[int, typer.Option("--households", help="负责多少户")],
    store: StoreOption = "",
    estate: Annotated[str, typer.Option("--estate", help="小区编号")] = "",
    grid: Annotated[str, typer.Option("--grid", help="网格编号：楼栋不属于任何小区时")] = "",
    member: Annotated[str, typer.Option("--member", help="认领的人：编号或全名")] = "",
    team: Annotated[str, typer.Option("--team", help="认领的队伍：编号或全名")] = "",
    unit: Annotated[str, typer.Option("--unit", help="认领的单位：编号或全名")] = "",
    is_shared: Annotated[bool, typer.Option("--shared", help="共同负责：楼栋可以与别人重叠，户数只写自己的")] = False,  # noqa: FBT002 - a flag of the shell
    reason: Annotated[str, typer.Option("--reason", help="一个人负责的户数很多时，写明为什么")] = "",
) -> None:
    """认领：让一个人、一支队伍或一个单位负责几栋楼。"""
    layer, place = _only({Layer.ESTATES: estate, Layer.GRIDS: grid}, text("Give either --estate or --grid."))
    holders = {HolderKind.MEMBER: member, HolderKind.TEAM: team, HolderKind.UNIT: unit}
    kind, holder = _only(holders, text("Give one of --member, --team and --unit."))
    draft = ClaimDraft(layer, place, blocks, households, kind, holder, is_shared=is_shared, reason=reason)
    say("Claim {number} is made.", number=add_claim(context_for(store), draft))


@claim_app.command("list")
def list_command(
    store: StoreOption = "",
    community: Annotated[str, typer.Option("--community", help="只看这个社区（编号）")] = "",
    every: Annotated[bool, typer.Option("--all", help="没有人认领的小区也列出")] = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """列出责任区：按小区，谁负责哪几栋、多少户；姓名已隐去。"""
    overview = read_claims(context_for(store)).within(community)
    say("Claimed: {share}", share=share_words(overview.claimed_households, overview.households))
    table = make_table(*_HEADERS)
    for place in overview.places:
        for row in _rows(place) if place.claims or every else ():
            table.add_row(*row)
    print_table(table)


def _only(choices: dict[K, str], message: Text) -> tuple[K, str]:
    """Return the one choice that was made; none or several end the command."""
    chosen = [(key, words.strip()) for key, words in choices.items() if words.strip()]
    if len(chosen) != 1:
        refuse(message)
    return chosen[0]


def _rows(place: ClaimPlace) -> list[tuple[str, ...]]:
    """Return the lines of a place: its name and share stand in the first of them."""
    share = share_words(place.claimed_households, place.households)
    claims = [_cells(claim) for claim in place.claims] or [("",) * 5]
    heads = [(f"{place.name} {place.code}", share), *[("", "")] * (len(claims) - 1)]
    return [head + cells for head, cells in zip(heads, claims, strict=True)]


def _cells(claim: Claim) -> tuple[str, ...]:
    who = f"{translate(HOLDER_NAMES[claim.holder.kind])} {holder_words(claim.holder)}".strip()
    return str(claim.id), block_words(claim), str(claim.households), who, claim.since.isoformat()
