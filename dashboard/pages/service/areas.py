"""Responsibility areas on the page 服务: figures, and estates with who takes care of what."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.widgets import Tile, TileNote, show_figures
from dashboard.pages.service import actions
from services.claims import HOLDER_NAMES, Claim, ClaimOverview, ClaimPlace, HolderKind
from services.claims.texts import block_words, holder_words, share_words
from services.i18n import Text, _, text
from services.wording import number, percent

ALL, HELD, FREE = "all", "held", "free"
STATES: Final[dict[str, tuple[Text, Callable[[ClaimPlace], bool]]]] = {
    ALL: (text("All estates"), lambda _place: True),
    HELD: (text("With claims"), lambda place: bool(place.claims)),
    FREE: (text("Without claims"), lambda place: not place.claims),
}
"""Which estates are listed."""


def show_claim_figures(overview: ClaimOverview) -> None:
    """Show how much is taken care of."""
    places = len(overview.places)
    held = sum(bool(place.claims) for place in overview.places)
    share = overview.claimed_households / overview.households if overview.households else None
    kinds = Counter(claim.holder.kind for claim in overview.claims)
    by_kind = [f"{_(HOLDER_NAMES[kind])} {number(kinds[kind])}" for kind in HolderKind]
    show_figures(
        [
            Tile(
                _("Households claimed"),
                number(overview.claimed_households),
                _("households"),
                (TileNote(_("of {total}", total=number(overview.households))), TileNote(percent(share))),
            ),
            Tile(
                _("Estates with claims"),
                number(held),
                _("estates"),
                (TileNote(_("without: {n}", n=number(places - held)), "bad" if places > held else "even"),),
            ),
            Tile(_("Claims"), number(len(overview.claims)), _("claims"), tuple(map(TileNote, by_kind))),
        ]
    )


def show_places(overview: ClaimOverview, places: Sequence[ClaimPlace], *, may_end: bool) -> None:
    """Show some estates, each with its claims; ``may_end``: with the button that ends one."""
    several = len({place.community_code for place in overview.places}) > 1
    parts = [_place(place, overview.communities if several else {}, may_end=may_end) for place in places]
    show_panel("service-places", [part("div", "gm-places", *parts)], actions.press)


def _place(place: ClaimPlace, communities: Mapping[str, str], *, may_end: bool) -> Part:
    name = communities.get(place.community_code, "")
    share = share_words(place.claimed_households, place.households)
    is_chosen = actions.is_inside(place, actions.chosen_place())
    label = _("{name}: show on the map", name=place.name)
    button = choice(
        "gm-choose", actions.place_word(place), place.name, label=label, pressed="true" if is_chosen else "false"
    )
    head = part("div", "gm-place-head", button, part("span", "", name), part("em", "", share))
    lines = [_line(claim, may_end=may_end) for claim in place.claims]
    style = "gm-place gm-chosen" if is_chosen else "gm-place"
    return part("div", style, head, *(lines or [part("p", "gm-note", _("Nobody has claimed blocks here."))]))


def _line(claim: Claim, *, may_end: bool) -> Part:
    kind, who = _(HOLDER_NAMES[claim.holder.kind]), holder_words(claim.holder)
    words = block_words(claim)
    cells = [
        part("b", "", words),
        part("span", "gm-count", _("{count} households", count=number(claim.households))),
        part("span", "gm-who", f"{kind} {who}".strip()),
        part("span", "gm-since", _("since {day}", day=f"{claim.since:%Y-%m-%d}")),
    ]
    if claim.reason:
        cells.append(part("span", "gm-why", claim.reason))
    if may_end:
        label = _("End the claim of {blocks}", blocks=words)
        cells.append(choice("gm-end", str(claim.id), _("End"), label=label))
    return part("div", "gm-claim", *cells)
